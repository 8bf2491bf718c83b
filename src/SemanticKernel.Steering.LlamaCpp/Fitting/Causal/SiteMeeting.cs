using System.Runtime.ExceptionServices;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// Where contexts wait for each other at every site: once all are there, one thread fits while the others stand still, then
/// all go on. Thread-safe.
/// </summary>
internal sealed class SiteMeeting(int members) : IDisposable
{
    private readonly object _gate = new();
    private readonly ManualResetEventSlim _allAreThere = NewSignal();
    private ManualResetEventSlim _goOn = NewSignal();
    private Exception? _failure;
    private int _waiting;
    private int _left;
    private int _hook;

    /// <summary>Waits at a site until <see cref="GoOn"/>.</summary>
    /// <exception cref="SteeringException">The members' graphs differ, or another member has failed.</exception>
    internal void Arrive(int hook)
    {
        ManualResetEventSlim goOn;
        lock (_gate)
        {
            if (_waiting++ > 0 && hook != _hook)
            {
                FailLocked(new SteeringException("Contexts on the same model computed its sites in different orders."));
            }

            _hook = hook;
            goOn = _goOn;
            SignalIfAllAreThere();
        }

        goOn.Wait();
        if (Volatile.Read(ref _failure) is { } failure)
        {
            throw new SteeringException("Another context has failed.", failure);
        }
    }

    /// <summary>Says that a member comes to no further site.</summary>
    /// <param name="failure">Why, unless it has seen them all. The first failure counts.</param>
    internal void Leave(Exception? failure)
    {
        lock (_gate)
        {
            _left++;
            if (failure is not null)
            {
                FailLocked(failure);
            }

            SignalIfAllAreThere();
        }
    }

    /// <summary>Sends everybody home.</summary>
    internal void Fail(Exception failure)
    {
        lock (_gate)
        {
            FailLocked(failure);
        }
    }

    /// <summary>Waits until all members are at a site, or have left.</summary>
    /// <returns>The site; null once all have left.</returns>
    internal int? AwaitAll()
    {
        _allAreThere.Wait();
        lock (_gate)
        {
            if (_failure is not null)
            {
                // Keeps the stack of the member where it went wrong.
                ExceptionDispatchInfo.Throw(_failure);
            }

            if (_waiting > 0 && _left > 0)
            {
                throw new SteeringException("A context has left before the last site.");
            }

            return _waiting > 0 ? _hook : null;
        }
    }

    /// <summary>Lets all members go on. Only after <see cref="AwaitAll"/>.</summary>
    internal void GoOn()
    {
        ManualResetEventSlim goOn;
        lock (_gate)
        {
            _waiting = 0;
            _allAreThere.Reset();
            goOn = _goOn;
            _goOn = NewSignal();
            if (_failure is not null)
            {
                _allAreThere.Set();
                _goOn.Set();
            }
        }

        goOn.Set();
    }

    /// <summary>Frees the signals. Once all members have left.</summary>
    public void Dispose()
    {
        _allAreThere.Dispose();
        _goOn.Dispose();
    }

    // Members wait for long: spinning would take the processors from those that compute.
    private static ManualResetEventSlim NewSignal() => new(initialState: false, spinCount: 0);

    private void SignalIfAllAreThere()
    {
        if (_waiting + _left == members)
        {
            _allAreThere.Set();
        }
    }

    private void FailLocked(Exception failure)
    {
        _failure ??= failure;
        _allAreThere.Set();
        _goOn.Set();
    }
}
