namespace SemanticKernel.Steering;

/// <summary>One text to fit on: raw text, or a dialogue that is rendered with the model's chat template. Immutable.</summary>
public sealed class TrainingExample
{
    private TrainingExample(string? text, IReadOnlyList<DialogueMessage> messages, double weight = 1) =>
        (Text, Messages, Weight) = (text, messages, weight);

    /// <summary>The raw text; null for a dialogue.</summary>
    public string? Text { get; }

    /// <summary>The messages of the dialogue; empty for raw text.</summary>
    public IReadOnlyList<DialogueMessage> Messages { get; }

    /// <summary>How much the example counts against the others of its set; only the ratios matter.</summary>
    /// <value>The default is 1.</value>
    public double Weight { get; }

    /// <summary>Makes an example of raw text.</summary>
    /// <param name="text">The text, not empty.</param>
    /// <returns>The example.</returns>
    /// <exception cref="ArgumentException">The text is null or empty.</exception>
    public static TrainingExample FromText(string text)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        return new TrainingExample(text, []);
    }

    /// <summary>Makes an example of a dialogue.</summary>
    /// <param name="messages">At least one message, in order; each with a role and a content that is not null.</param>
    /// <returns>The example.</returns>
    /// <exception cref="ArgumentException">There is no message, or one lacks its role or content.</exception>
    public static TrainingExample FromDialogue(IReadOnlyList<DialogueMessage> messages)
    {
        ArgumentNullException.ThrowIfNull(messages);
        var copy = messages.ToArray();
        if (copy.Length == 0)
        {
            throw new ArgumentException("A dialogue needs at least one message.", nameof(messages));
        }

        if (copy.Any(message => string.IsNullOrWhiteSpace(message?.Role) || message.Content is null))
        {
            throw new ArgumentException("Every message needs a role and a content.", nameof(messages));
        }

        return new TrainingExample(null, Array.AsReadOnly(copy));
    }

    /// <summary>Makes the same example count for more or less.</summary>
    /// <param name="weight">How much it counts, positive and finite.</param>
    /// <returns>The example with that weight.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not positive and finite.</exception>
    public TrainingExample WithWeight(double weight) => weight > 0 && double.IsFinite(weight)
        ? new TrainingExample(Text, Messages, weight)
        : throw new ArgumentOutOfRangeException(nameof(weight), weight, "A weight must be positive and finite.");
}
