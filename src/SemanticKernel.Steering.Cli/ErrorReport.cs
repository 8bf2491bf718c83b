namespace SemanticKernel.Steering.Cli;

/// <summary>Turns expected errors into one line on stderr and an exit code.</summary>
internal static class ErrorReport
{
    internal static async Task<int> Run(Func<Task> action)
    {
        try
        {
            await action();
            return 0;
        }
        catch (Exception error) when (error is SteeringException or IOException or ArgumentException or UnauthorizedAccessException or NotSupportedException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Cancelled.");
            return 130;
        }
    }
}
