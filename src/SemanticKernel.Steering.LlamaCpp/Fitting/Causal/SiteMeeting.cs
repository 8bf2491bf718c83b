using System.Runtime.ExceptionServices;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Causal;

/// <summary>
/// Where contexts wait for each other at every site: once all are there, one thread fits while the others stand still, then
/// all go on. Thread-safe.
/// </summary>
internal sealed class SiteMeeting(int members)
{
    private readonly object _gate = new();
    private Exception? _failure;
    private int _waiting;
    private int _left;
    private int _hook;
    private int _round;

    /// <summary>Waits at a site until <see cref="GoOn"/>.</summary>
    /// <exception cref="SteeringException">The members' graphs differ, or another member has failed.</exception>
    internal void Arrive(int hook)
    {
        lock (_gate)
        {
            if (_waiting++ > 0 && hook != _hook)
            {
                _failure ??= new SteeringException("Contexts on the same model computed its sites in different orders.");
            }

            _hook = hook;
            var round = _round;
            Monitor.PulseAll(_gate);
            while (_failure is null && _round == round)
            {
                Monitor.Wait(_gate);
            }

            if (_failure is not null)
            {
                throw new SteeringException("Another context has failed.", _failure);
            }
        }
    }

    /// <summary>Says that a member comes to no further site.</summary>
    /// <param name="failure">Why, unless it has seen them all. The first failure counts.</param>
    internal void Leave(Exception? failure)
    {
        lock (_gate)
        {
            _left++;
            _failure ??= failure;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Sends everybody home.</summary>
    internal void Fail(Exception failure)
    {
        lock (_gate)
        {
            _failure ??= failure;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until all members are at a site, or have left.</summary>
    /// <returns>The site; null once all have left.</returns>
    internal int? AwaitAll()
    {
        lock (_gate)
        {
            while (_failure is null && _waiting + _left < members)
            {
                Monitor.Wait(_gate);
            }

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

    /// <summary>Lets all members go on.</summary>
    internal void GoOn()
    {
        lock (_gate)
        {
            _waiting = 0;
            _round++;
            Monitor.PulseAll(_gate);
        }
    }
}
