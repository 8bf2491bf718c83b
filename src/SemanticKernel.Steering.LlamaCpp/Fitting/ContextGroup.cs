using System.Runtime.ExceptionServices;

namespace SemanticKernel.Steering.LlamaCpp.Fitting;

/// <summary>
/// Contexts on the same weights that share work out among themselves, each on few threads, so that no processor waits for
/// others within a node of the graph or while rows are looked at.
/// </summary>
internal sealed class ContextGroup<T> : IDisposable
    where T : class, IDisposable
{
    private readonly List<T> _contexts = [];

    /// <summary>Opens contexts.</summary>
    /// <param name="count">How many.</param>
    /// <param name="open">Opens one.</param>
    internal ContextGroup(int count, Func<T> open)
    {
        try
        {
            while (_contexts.Count < count)
            {
                _contexts.Add(open());
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Does numbered pieces of work, each on one of the contexts, in about the order of their numbers.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    internal void ForEach(int count, Action<T, int, CancellationToken> work, CancellationToken cancellationToken)
    {
        var next = -1;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tasks = _contexts.Select(context => Task.Factory.StartNew(
            () => Run(context), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        try
        {
            Task.WaitAll(tasks, CancellationToken.None);
        }
        catch (AggregateException error)
        {
            // The first failure cancels the others, and is what counts.
            cancellationToken.ThrowIfCancellationRequested();
            ExceptionDispatchInfo.Throw(error.InnerExceptions.FirstOrDefault(inner => inner is not OperationCanceledException) ?? error.InnerExceptions[0]);
        }

        void Run(T context)
        {
            try
            {
                for (int piece; (piece = Interlocked.Increment(ref next)) < count;)
                {
                    work(context, piece, stop.Token);
                }
            }
            catch
            {
                stop.Cancel();
                throw;
            }
        }
    }

    public void Dispose() => _contexts.ForEach(context => context.Dispose());
}
