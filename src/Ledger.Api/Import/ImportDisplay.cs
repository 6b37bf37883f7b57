using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace Ledger.Api.Import;

/// <summary>What people see of an import.</summary>
internal interface IImportDisplay
{
    /// <summary>A sentence about the whole.</summary>
    void Say(string sentence);

    /// <summary>What is wrong with one thing.</summary>
    void Complain(string what);

    /// <summary>Shows how far it is while it works.</summary>
    Task FollowAsync(string doing, ImportFile file, ImportReport report, Func<Task> work);
}

/// <summary>Plain lines: what is wrong at once, and every few seconds how far it is.</summary>
internal sealed class PlainDisplay(TextWriter output, TextWriter error) : IImportDisplay
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    public void Say(string sentence) => output.WriteLine(sentence);

    public void Complain(string what) => error.WriteLine(what);

    public async Task FollowAsync(string doing, ImportFile file, ImportReport report, Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        var working = work();
        while (await Task.WhenAny(working, Task.Delay(Every)) != working)
        {
            await error.WriteLineAsync($"{doing}: {Far(file, report, watch.Elapsed)}");
        }

        await working;
    }

    internal static string Far(ImportFile file, ImportReport report, TimeSpan elapsed)
    {
        var share = file.Length is > 0 and var length
            ? string.Create(CultureInfo.InvariantCulture, $"{100 * file.BytesRead / length} %, ")
            : "";
        var rate = report.Read / Math.Max(1, (long)elapsed.TotalSeconds);
        return $"{share}{ImportReport.Number(report.Read)} entries, {ImportReport.Number(rate)} a second";
    }
}

/// <summary>A bar on a terminal; what is wrong is written above it.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console, TextWriter output) : IImportDisplay
{
    public void Say(string sentence) => output.WriteLine(sentence);

    public void Complain(string what) => console.MarkupLineInterpolated($"[yellow]{what}[/]");

    public Task FollowAsync(string doing, ImportFile file, ImportReport report, Func<Task> work) => console.Progress()
        .AutoClear(true)
        .Columns(
            new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .StartAsync(async context =>
        {
            var watch = Stopwatch.StartNew();
            var bar = context.AddTask(doing, maxValue: file.Length ?? 1);
            bar.IsIndeterminate = file.Length is null;
            var working = work();
            while (await Task.WhenAny(working, Task.Delay(TimeSpan.FromMilliseconds(100))) != working)
            {
                bar.Value = file.Length is null ? 0 : file.BytesRead;
                bar.Description = $"{doing} {PlainDisplay.Far(file, report, watch.Elapsed)}";
            }

            await working;
        });
}
