namespace SemanticKernel.Steering.LlamaCpp.Tests.Telemetry;

/// <summary>One value an instrument recorded.</summary>
internal sealed record Measurement(string Instrument, string? Unit, double Value, IReadOnlyDictionary<string, object?> Tags);
