using System.Runtime.InteropServices;
using System.Text.Json;

namespace SemanticKernel.Steering.Benchmarks;

/// <summary>Prints rows as they come, says what machine they come from, and writes them to a file at the end.</summary>
internal sealed class BenchmarkReport : IDisposable
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<BenchmarkRow> _rows = [];
    private readonly string _machine;
    private readonly string? _json;

    internal BenchmarkReport(int threads, string meaning, string? json)
    {
        _json = json;
        _machine = $"{Environment.ProcessorCount} processors, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.OSDescription}, {threads} threads, load {Load()}";
        Console.WriteLine(_machine);
        Console.WriteLine($"{meaning} Medians of pairs; they mean little while others use the machine.");
        Console.WriteLine(BenchmarkRow.Header);
    }

    internal void Add(BenchmarkRow row)
    {
        _rows.Add(row);
        Console.WriteLine(row);
    }

    /// <summary>Writes the file.</summary>
    public void Dispose()
    {
        Console.WriteLine($"load {Load()}");
        if (_json is not null)
        {
            File.WriteAllText(_json, JsonSerializer.Serialize(new { machine = _machine, rows = _rows }, Indented));
        }
    }

    private static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";
}
