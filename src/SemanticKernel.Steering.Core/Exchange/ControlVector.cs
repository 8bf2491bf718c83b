namespace SemanticKernel.Steering;

/// <summary>Imports and exports llama.cpp control vectors: GGUF files with one direction per block, which is added to the block's output.</summary>
/// <remarks>
/// Source: <c>common_control_vector_load</c> and <c>llama_set_adapter_cvec</c> of llama.cpp. Files are untrusted: each is read once into memory and checked
/// completely. Thread-safe.
/// </remarks>
public static class ControlVector
{
    /// <summary>Imports a control vector.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">How to understand it.</param>
    /// <returns>The maps, what the file was taken for, and warnings.</returns>
    /// <exception cref="GgufFormatException">The file is no GGUF file, or is damaged or cut short.</exception>
    /// <exception cref="ExchangeException">The file is no control vector for this model, or one that cannot be understood; the message says why.</exception>
    /// <exception cref="ArgumentException">Concept or model of the options break a rule of map sets.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ControlVectorImport Import(string path, ControlVectorImportOptions options) => Import([path], options);

    /// <summary>Imports the sum of several control vectors, as llama.cpp sums them: for example a <c>_debias</c> file and what is relative to it.</summary>
    /// <param name="paths">The files, at least one.</param>
    /// <param name="options">How to understand them; a convention applies to all of them, by default each has that of its writer.</param>
    /// <returns>The maps, what the files were taken for, and warnings.</returns>
    /// <exception cref="GgufFormatException">A file is no GGUF file, or is damaged or cut short.</exception>
    /// <exception cref="ExchangeException">A file is no control vector for this model, cannot be understood, or does not add and so cannot be summed.</exception>
    /// <exception cref="ArgumentException">There is no path, or concept or model of the options break a rule of map sets.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ControlVectorImport Import(IEnumerable<string> paths, ControlVectorImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var importer = new ControlVectorImporter(options);
        foreach (var path in paths)
        {
            ArgumentException.ThrowIfNullOrEmpty(path);
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            importer.Add(file, path);
        }

        return importer.Finish();
    }

    /// <summary>Imports a control vector from the rest of a stream, which is left open.</summary>
    /// <param name="stream">The stream; need not be seekable.</param>
    /// <param name="options">How to understand it.</param>
    /// <returns>The maps, what the bytes were taken for, and warnings.</returns>
    /// <exception cref="GgufFormatException">The bytes are no GGUF file, or a damaged one.</exception>
    /// <exception cref="ExchangeException">The bytes are no control vector for this model, or one that cannot be understood; the message says why.</exception>
    /// <exception cref="ArgumentException">Concept or model of the options break a rule of map sets.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static ControlVectorImport Import(Stream stream, ControlVectorImportOptions options)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var importer = new ControlVectorImporter(options);
        importer.Add(stream, "The control vector");
        return importer.Finish();
    }

    /// <summary>Exports maps that only add to block outputs as a control vector that stock llama.cpp loads. The file is written whole or not at all.</summary>
    /// <param name="maps">The maps. Control vectors have no slopes, supports or scopes, and no slot for block 0.</param>
    /// <param name="path">The path of the file; an existing one is replaced.</param>
    /// <param name="strength">The strength to build in, finite and not 0; llama.cpp can scale the file further.</param>
    /// <exception cref="ExchangeException">A map cannot be expressed as a control vector; the message names the site and says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The strength is 0, NaN or infinite.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Export(MapSet maps, string path, double strength = 1)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, ControlVectorExporter.Write(maps, strength));
    }

    /// <summary>Exports as <see cref="Export(MapSet, string, double)"/> does, to a stream, which is left open.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="strength">The strength to build in, finite and not 0.</param>
    /// <exception cref="ExchangeException">A map cannot be expressed as a control vector; the message names the site and says why.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The strength is 0, NaN or infinite.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Export(MapSet maps, Stream stream, double strength = 1)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(ControlVectorExporter.Write(maps, strength));
    }
}
