using System.Globalization;
using System.Security.Cryptography;

namespace Ledger.Benchmarks.Faults;

/// <summary>
/// <c>./run soak --minutes N [--seed S]</c>: causes faults at random, and then looks whether anything was lost. Exit
/// code 1 when an invariant is broken, 2 for options that cannot be read.
/// </summary>
public static class SoakCommand
{
    private const int MinutesMax = 60 * 24;

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var (minutes, seed) = (0m, RandomNumberGenerator.GetInt32(1_000_000));
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : "";
            switch (args[i])
            {
                case "--minutes" when decimal.TryParse(value, CultureInfo.InvariantCulture, out minutes)
                    && minutes is > 0 and <= MinutesMax:
                case "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out seed):
                    break;
                default:
                    return await RefuseAsync($"'{args[i]}' with '{value}' cannot be read.");
            }
        }

        if (minutes == 0)
        {
            return await RefuseAsync("How long it runs is missing.");
        }

        Console.WriteLine(Invariant($"Seed {seed}."));
        var report = await new Soak(
            TimeSpan.FromMinutes((double)minutes), seed, Console.Error.WriteLine).RunAsync();
        Console.WriteLine(Text(report));
        return report.Broken.Count == 0 ? 0 : 1;
    }

    /// <summary>The figures, and what is broken.</summary>
    public static string Text(SoakReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var (told, lines) = (report.Told, new List<string>());
        lines.Add(Invariant(
            $"{told.Requests:#,0} documents sent in {report.Elapsed.TotalSeconds:0} s, {told.Acknowledged:#,0} times ")
            + Invariant($"acknowledged, {told.Unknown:#,0} times unknown, {told.Unavailable:#,0} times refused by a ")
            + Invariant($"503 that nothing was recorded, {told.Refused:#,0} times by a closed month; "));
        lines.Add(Invariant(
            $"{told.Reads:#,0} questions, {told.ReadsUnavailable:#,0} without an answer; {report.Cuts:#,0} ")
            + Invariant($"connections cut; {report.Events:#,0} events."));
        lines.Add("");
        lines.Add("| fault | times that it hit something | slowest recovery where it came alone |");
        lines.Add("|---|---|---|");
        lines.AddRange(report.Faults.Select(each => Invariant(
            $"| {each.Name} | {each.Count} | {each.SlowestRecovery?.TotalSeconds:0.0} s |")));
        lines.Add("");
        lines.AddRange(report.Broken);
        lines.Add(report.Broken.Count == 0
            ? "Nothing acknowledged is lost, nothing is there twice, everything balances, and verify finds nothing."
            : Invariant($"{report.Broken.Count} findings: send the seed {report.Seed} with them."));
        return string.Join('\n', lines);
    }

    private static async Task<int> RefuseAsync(string why)
    {
        await Console.Error.WriteLineAsync(
            $"{why} Say ./run soak --minutes N, up to {MinutesMax}, and --seed S to draw the same faults again.");
        return 2;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
