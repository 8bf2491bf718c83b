using System.Diagnostics;

namespace SemanticKernel.Steering.Samples.Tests;

/// <summary>A chat that is going on.</summary>
internal sealed class LiveChat(Process process) : IDisposable
{
    private readonly List<string> _errors = [];

    /// <summary>Types a line.</summary>
    internal async Task TypeAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks a question and waits for the answer.</summary>
    internal async Task<string> AskAsync(string question)
    {
        await TypeAsync(question);
        return await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(SampleProcess.Limit) ?? string.Empty;
    }

    /// <summary>Waits for a line on standard error that holds a text, and returns it.</summary>
    internal async Task<string> HearAsync(string text)
    {
        while (true)
        {
            var line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(SampleProcess.Limit);
            Assert.True(line is not null, $"Never heard '{text}', but: {string.Join(Environment.NewLine, _errors)}");
            _errors.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }
}
