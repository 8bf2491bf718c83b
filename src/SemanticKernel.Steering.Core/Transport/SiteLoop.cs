using System.Runtime.ExceptionServices;

namespace SemanticKernel.Steering;

/// <summary>Does the same for many sites, on all cores.</summary>
internal static class SiteLoop
{
    /// <summary>Makes one result per site. Results do not depend on how the work was spread.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static Dictionary<Site, TResult> Run<T, TResult>(
        IReadOnlyDictionary<Site, T> sites, Func<Site, T, TResult> work, Action<int>? reportDone = null, CancellationToken cancellationToken = default)
    {
        var ordered = sites.OrderBy(pair => pair.Key).ToArray();
        var results = new TResult[ordered.Length];
        var done = 0;
        var reporting = new object();
        try
        {
            Parallel.For(0, ordered.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
            {
                results[i] = work(ordered[i].Key, ordered[i].Value);
                lock (reporting)
                {
                    reportDone?.Invoke(++done);
                }
            });
        }
        catch (AggregateException error)
        {
            // Several sites may fail at once; one error that names its site says enough.
            ExceptionDispatchInfo.Throw(error.Flatten().InnerExceptions[0]);
        }

        return ordered.Select((pair, i) => KeyValuePair.Create(pair.Key, results[i])).ToDictionary();
    }
}
