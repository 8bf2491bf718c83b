using System.Text.Json.Serialization;
using SemanticKernel.Steering.LlamaCpp.Chat;

namespace SemanticKernel.Steering;

/// <summary>
/// A slider for one answer. Put a new one into <c>ChatOptions.AdditionalProperties</c> under <see cref="SteeringKeys.Handle"/>,
/// or into the kernel's data, and move it while the answer streams. Thread-safe.
/// </summary>
/// <remarks>A response cache never replays a call with a handle, nor plays its answer to others: the options have another key every time.</remarks>
[JsonConverter(typeof(SteeringHandleConverter))]
public sealed class SteeringHandle : ISteeringHandle
{
    private readonly object _gate = new();
    private SteeringRequest _request = SteeringRequest.Empty;
    private Func<SteeringRequest, SteeringReport>? _apply;
    private Func<bool>? _hasEnded;
    private bool _isUsed;

    /// <inheritdoc/>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return _apply is not null && !_hasEnded!();
            }
        }
    }

    /// <inheritdoc/>
    public SteeringReport Change(SteeringRequest change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate)
        {
            var apply = _apply ?? throw new InvalidOperationException(_isUsed ? "The answer has ended." : "The answer has not begun.");
            if (_hasEnded!())
            {
                throw new InvalidOperationException("The answer has ended: its last token is made, though not all may have been read.");
            }

            var wanted = SteeringRequestMerge.Merge(_request, change)!;
            var report = apply(wanted);
            _request = wanted;
            return report;
        }
    }

    /// <summary>Ties the handle to an answer. Dispose the result when it ends.</summary>
    /// <exception cref="InvalidOperationException">The handle belongs to another answer.</exception>
    internal Use Begin(SteeringRequest request, Func<bool> hasEnded, Func<SteeringRequest, SteeringReport> apply)
    {
        lock (_gate)
        {
            if (_isUsed)
            {
                throw new InvalidOperationException("A steering handle belongs to one answer; make a new one for every call.");
            }

            (_isUsed, _request, _hasEnded, _apply) = (true, request, hasEnded, apply);
        }

        return new Use(this);
    }

    /// <summary>An answer's hold on its handle.</summary>
    internal sealed class Use(SteeringHandle handle) : IDisposable
    {
        /// <summary>Lets the handle be used again, because there was no answer.</summary>
        internal void GiveBack()
        {
            lock (handle._gate)
            {
                handle._isUsed = false;
            }
        }

        public void Dispose()
        {
            lock (handle._gate)
            {
                (handle._apply, handle._hasEnded) = (null, null);
            }
        }
    }
}
