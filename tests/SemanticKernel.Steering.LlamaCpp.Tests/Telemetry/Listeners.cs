using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SemanticKernel.Steering.LlamaCpp.Tests.Telemetry;

/// <summary>Hears what one model's engine reports. Other tests run at the same time, so models are told apart by their name.</summary>
internal sealed class Listeners : IDisposable
{
    private const string Name = "SemanticKernel.Steering";

    private readonly ConcurrentQueue<Measurement> _measurements = [];
    private readonly ConcurrentQueue<Activity> _activities = [];
    private readonly MeterListener _meters = new();
    private readonly ActivityListener _spans;
    private readonly string _modelId;

    internal Listeners(string modelId)
    {
        _modelId = modelId;
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _meters.Start();
        _spans = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _activities.Enqueue,
        };
        ActivitySource.AddActivityListener(_spans);
    }

    internal IReadOnlyList<Measurement> Measurements => [.. _measurements.Where(measurement => _modelId.Equals(measurement.Tags["gen_ai.request.model"]))];

    internal IReadOnlyList<Activity> Activities => [.. _activities.Where(activity => _modelId.Equals(activity.GetTagItem("gen_ai.request.model")))];

    internal IReadOnlyList<Measurement> Of(string instrument) => [.. Measurements.Where(measurement => measurement.Instrument == instrument)];

    public void Dispose()
    {
        _meters.Dispose();
        _spans.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measurements.Enqueue(new Measurement(instrument.Name, instrument.Unit, value, tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
}
