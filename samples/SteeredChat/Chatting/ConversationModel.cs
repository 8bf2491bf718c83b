using SemanticKernel.Steering.LlamaCpp;

namespace SteeredChat;

/// <summary>Asks the model within a conversation, and makes room for question and answer.</summary>
internal sealed class ConversationModel(SteeredModel model, Interrupts interrupts)
{
    /// <summary>Asks a question; Ctrl+C cancels it. The conversation may lose old turns, but does not gain the new one.</summary>
    /// <param name="conversation">What was said before.</param>
    /// <param name="question">The question.</param>
    /// <param name="strengths">Strengths by concept.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="onStart">Called before the first text, with the number of turns that the conversation lost.</param>
    /// <param name="onText">Hears the answer while it comes.</param>
    public async Task<Reply> AskAsync(
        Conversation conversation, string question, IReadOnlyDictionary<string, double> strengths, Sampling sampling, Action<int> onStart, Action<string> onText)
    {
        var skipped = conversation.TooMany(question);
        var isStarted = false;
        while (true)
        {
            try
            {
                return await interrupts.RunAsync(token => model.AskAsync(conversation.AskedWith(question, skipped), strengths, sampling, OnText, token));
            }
            catch (ContextSizeException) when (skipped < conversation.Turns)
            {
                // Room is made on a guess; this is the truth.
                skipped++;
            }
        }

        void OnText(string part)
        {
            if (!isStarted)
            {
                // Only now is it certain that leaving turns out was worth it.
                isStarted = true;
                conversation.Drop(skipped);
                onStart(skipped);
            }

            onText(part);
        }
    }
}
