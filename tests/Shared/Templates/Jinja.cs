namespace SemanticKernel.Steering.TestModels;

/// <summary>Puts the parts that differ between chat templates into the text that all share.</summary>
internal static class Jinja
{
    /// <summary>A loop over the messages, then the start of the answer.</summary>
    /// <param name="message">The Jinja text for one message.</param>
    /// <param name="answer">The content of a Jinja string literal that starts the answer.</param>
    /// <returns>The template.</returns>
    public static string Loop(string message, string answer) =>
        $"{Loop(message)}{{% if add_generation_prompt %}}{{{{ '{answer}' }}}}{{% endif %}}";

    /// <summary>A loop over the messages.</summary>
    /// <param name="message">The Jinja text for one message.</param>
    /// <returns>The template.</returns>
    public static string Loop(string message) => $"{{% for message in messages %}}{message}{{% endfor %}}";

    /// <summary>One branch per role.</summary>
    /// <param name="system">The Jinja expression for a system message.</param>
    /// <param name="user">The Jinja expression for a user message.</param>
    /// <param name="assistant">The Jinja expression for an answer.</param>
    /// <returns>The Jinja text for one message.</returns>
    public static string ByRole(string system, string user, string assistant) =>
        $"{{% if message['role'] == 'system' %}}{{{{ {system} }}}}"
        + $"{{% elif message['role'] == 'user' %}}{{{{ {user} }}}}"
        + $"{{% else %}}{{{{ {assistant} }}}}{{% endif %}}";
}
