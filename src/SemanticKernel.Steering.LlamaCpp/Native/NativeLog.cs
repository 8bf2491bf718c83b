using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using SemanticKernel.Steering.LlamaCpp.Interop;

namespace SemanticKernel.Steering.LlamaCpp.Native;

/// <summary>
/// The one sink for llama.cpp's log of this process. Whose a line is cannot be told, so it goes to the engine or fitter that was
/// opened last, of those that are open and log lines of its level. Errors are also kept per thread, because llama.cpp reports
/// why a call failed nowhere else.
/// </summary>
internal static unsafe partial class NativeLog
{
    private const int LevelWarning = 3;
    private const int LevelError = 4;
    private const int LevelContinued = 5;
    private const int MaxErrorLength = 2000;

    private static readonly object Gate = new();

    // Replaced as a whole, so that lines are passed on without a lock.
    private static volatile ILogger[] s_loggers = [];

    [ThreadStatic]
    private static StringBuilder? t_errors;

    [ThreadStatic]
    private static int t_lastLevel;

    [ThreadStatic]
    private static bool t_opensContext;

    internal static void Install() => LlamaNative.llama_log_set(&OnLine, null);

    /// <summary>Offers lines to a logger from now on. Every call needs one of <see cref="RemoveLogger"/>.</summary>
    internal static void AddLogger(ILogger logger)
    {
        lock (Gate)
        {
            s_loggers = [.. s_loggers, logger];
        }
    }

    internal static void RemoveLogger(ILogger logger)
    {
        lock (Gate)
        {
            var index = Array.FindLastIndex(s_loggers, other => ReferenceEquals(other, logger));
            s_loggers = [.. s_loggers[..index], .. s_loggers[(index + 1)..]];
        }
    }

    /// <summary>Starts collecting the errors llama.cpp logs on this thread.</summary>
    /// <param name="opensContext">
    /// Whether a context is opened until <see cref="EndErrors"/>. llama.cpp then compares the cache with the context the model
    /// was trained for, and warns of a difference. The cache is that of all requests together, so it is no reason to worry.
    /// </param>
    internal static void BeginErrors(bool opensContext = false)
    {
        t_opensContext = opensContext;
        (t_errors ??= new StringBuilder()).Clear();
    }

    /// <summary>The errors logged on this thread since <see cref="BeginErrors"/>, as one line, or an empty string.</summary>
    internal static string EndErrors()
    {
        var errors = t_errors?.ToString().Trim().ReplaceLineEndings(" ") ?? string.Empty;
        (t_errors, t_opensContext) = (null, false);
        return errors;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLine(int level, byte* text, void* userData)
    {
        try
        {
            var effective = level == LevelContinued ? t_lastLevel : level;
            t_lastLevel = effective;
            if (effective == LevelError && t_errors is { Length: < MaxErrorLength } errors)
            {
                errors.Append(Utf8.Read(text));
            }

            PassOn(effective switch { LevelError => LogLevel.Error, LevelWarning when !ComparesContexts(text) => LogLevel.Warning, _ => LogLevel.Trace }, text);
        }
#pragma warning disable CA1031 // Nothing may be thrown into llama.cpp, and a log line is not worth a crash.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private static bool ComparesContexts(byte* text) =>
        t_opensContext && Utf8.Read(text) is var line && line.Contains("n_ctx_seq (", StringComparison.Ordinal) && line.Contains(" n_ctx_train (", StringComparison.Ordinal);

    private static void PassOn(LogLevel level, byte* text)
    {
        var loggers = s_loggers;
        for (var i = loggers.Length - 1; i >= 0; i--)
        {
            if (loggers[i].IsEnabled(level))
            {
                if (Utf8.Read(text).TrimEnd() is { Length: > 0 } line)
                {
                    Line(loggers[i], level, line);
                }

                return;
            }
        }
    }

    [LoggerMessage(EventId = 1, Message = "llama.cpp: {Line}")]
    private static partial void Line(ILogger logger, LogLevel level, string line);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "Loaded llama.cpp: {Library}")]
    internal static partial void LibraryLoaded(ILogger logger, NativeLibraryInfo library);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "Passed over in the search for llama.cpp, because it could not be used: {Libraries}")]
    internal static partial void LibrariesPassedOver(ILogger logger, string libraries);
}
