using SemanticKernel.Steering;
using Spectre.Console;

namespace SteeredChat;

/// <summary>Shows how far fitting has come: bars on a terminal, one line elsewhere.</summary>
internal static class FitDisplay
{
    public static async Task<MapSet> ShowAsync(Screen screen, string title, Func<IProgress<FitProgress>?, Task<MapSet>> fit)
    {
        if (!screen.IsColourful)
        {
            screen.Note($"{title} …");
            return await fit(null);
        }

        screen.Note(title);
        return await screen.Messages.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => fit(new Bars(context)));
    }

    /// <summary>One bar per stage.</summary>
    private sealed class Bars(ProgressContext context) : IProgress<FitProgress>
    {
        private string? _stage;
        private ProgressTask? _bar;

        public void Report(FitProgress value)
        {
            if (_bar is null || _stage != value.Stage)
            {
                _stage = value.Stage;
                _bar = context.AddTask(Markup.Escape(value.Stage), maxValue: value.Total);
            }

            _bar.Value = value.Done;
        }
    }
}
