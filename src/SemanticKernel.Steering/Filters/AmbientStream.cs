using System.Reflection;

namespace SemanticKernel.Steering;

/// <summary>Keeps what a filter chose in force while a streamed result is read: the function runs only then, long after the filter has returned.</summary>
internal static class AmbientStream
{
    private static readonly MethodInfo WrapMethod = typeof(AmbientStream).GetMethod(nameof(Wrap), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>Wraps the value of a streaming function's result.</summary>
    internal static object Keep(object stream, SteeringRequest request)
    {
        var kind = stream.GetType().GetInterfaces().Append(stream.GetType())
            .FirstOrDefault(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>));
        return kind is null ? stream : WrapMethod.MakeGenericMethod(kind.GetGenericArguments()).Invoke(null, [stream, request])!;
    }

    private static Stream<T> Wrap<T>(IAsyncEnumerable<T> source, SteeringRequest request) => new(source, request);

    private sealed class Stream<T>(IAsyncEnumerable<T> source, SteeringRequest request) : IAsyncEnumerable<T>
    {
        public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
        {
            using (AmbientSteering.Begin(request))
            {
                return new Enumerator<T>(source.GetAsyncEnumerator(cancellationToken), request);
            }
        }
    }

    /// <summary>Not an async iterator: between two items the reader's own flow must not carry the choice.</summary>
    private sealed class Enumerator<T>(IAsyncEnumerator<T> source, SteeringRequest request) : IAsyncEnumerator<T>
    {
        public T Current => source.Current;

        public async ValueTask<bool> MoveNextAsync()
        {
            using (AmbientSteering.Begin(request))
            {
                return await source.MoveNextAsync().ConfigureAwait(false);
            }
        }

        public async ValueTask DisposeAsync()
        {
            using (AmbientSteering.Begin(request))
            {
                await source.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
