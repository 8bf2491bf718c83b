using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SemanticKernel.Steering.LlamaCpp.Fitting.Capture;

/// <summary>
/// The pooled rows of texts at many sites: in memory, or in a temporary file that vanishes with the store. Rows come text by
/// text, from any thread, and are read site by site.
/// </summary>
internal sealed class SampleStore : IDisposable
{
    private readonly int _texts;
    private readonly int _width;
    private readonly float[]?[] _sites;
    private readonly SafeFileHandle? _file;

    private SampleStore(int sites, int texts, int width, SafeFileHandle? file)
    {
        _texts = texts;
        _width = width;
        _file = file;
        _sites = new float[]?[sites];
        for (var site = 0; file is null && site < sites; site++)
        {
            _sites[site] = GC.AllocateUninitializedArray<float>(checked(texts * width));
        }
    }

    private long SiteBytes => (long)_texts * _width * sizeof(float);

    internal static SampleStore InMemory(int sites, int texts, int width) => new(sites, texts, width, null);

    /// <exception cref="IOException">The folder for temporary files cannot be written to.</exception>
    internal static SampleStore OnDisk(int sites, int texts, int width)
    {
        var path = Path.Combine(Path.GetTempPath(), $"steering-{Guid.NewGuid():N}.tmp");
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            // An open file needs no name here, and without one not even a crash leaves it behind.
            File.Delete(path);
        }

        return new SampleStore(sites, texts, width, file);
    }

    /// <exception cref="IOException">The disk is full.</exception>
    internal void Write(int site, int text, ReadOnlySpan<float> row)
    {
        if (_file is not null)
        {
            RandomAccess.Write(_file, MemoryMarshal.AsBytes(row), (site * SiteBytes) + ((long)text * _width * sizeof(float)));
            return;
        }

        row.CopyTo(_sites[site].AsSpan(text * _width));
    }

    /// <summary>Gives the rows of a site and forgets them.</summary>
    /// <param name="site">The site.</param>
    /// <param name="buffer">Where to put rows that come from disk: an earlier result that is no longer needed, or null for a new one.</param>
    internal float[] Take(int site, float[]? buffer = null)
    {
        if (_file is null)
        {
            var kept = _sites[site]!;
            _sites[site] = null;
            return kept;
        }

        var rows = buffer ?? GC.AllocateUninitializedArray<float>(checked(_texts * _width));
        var bytes = MemoryMarshal.AsBytes(rows.AsSpan());
        for (var offset = site * SiteBytes; bytes.Length > 0;)
        {
            var read = RandomAccess.Read(_file, bytes, offset);
            if (read == 0)
            {
                throw new EndOfStreamException("The temporary file of the samples is shorter than what was written to it.");
            }

            bytes = bytes[read..];
            offset += read;
        }

        return rows;
    }

    public void Dispose() => _file?.Dispose();
}
