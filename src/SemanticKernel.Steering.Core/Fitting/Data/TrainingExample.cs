namespace SemanticKernel.Steering;

/// <summary>One text to fit on: raw text, or a dialogue that is rendered with the model's chat template. Immutable.</summary>
public sealed class TrainingExample
{
    private TrainingExample(string? text, IReadOnlyList<DialogueMessage> messages) => (Text, Messages) = (text, messages);

    /// <summary>The raw text; null for a dialogue.</summary>
    public string? Text { get; }

    /// <summary>The messages of the dialogue; empty for raw text.</summary>
    public IReadOnlyList<DialogueMessage> Messages { get; }

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
}
