using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Ledger.Benchmarks;

/// <summary>The table as text: what <c>./run bench</c> prints and what stands in <c>docs/performance.md</c>.</summary>
internal static class BenchmarkReport
{
    private const string Start = "<!-- figures -->";
    private const StringComparison Ordinal = StringComparison.Ordinal;
    private const string End = "<!-- end of figures -->";

    public static string Line(BenchmarkRow row) =>
        $"{row.Work}: {Figure(row.Value)} {row.Unit}"
        + (row.PeerValue is { } peer ? $" | {row.Peer}: {Figure(peer)} | {Ratio(row)}" : "")
        + (row.Met is { } met ? $" | {row.Floor}: {(met ? "met" : "MISSED")}" : "")
        + (row.Note.Length > 0 ? $" | {row.Note}" : "");

    public static string Markdown(IReadOnlyList<BenchmarkRow> rows, bool quick)
    {
        var text = new StringBuilder();
        text.AppendLine(Machine());
        if (quick)
        {
            text.AppendLine().AppendLine("**Quick run: sizes are cut down, these figures do not count.**");
        }

        text.AppendLine()
            .AppendLine("| work | measured | peer of the same run | ratio | floor | remarks |")
            .AppendLine("|---|---:|---:|---:|---|---|");
        foreach (var row in rows)
        {
            var peer = row.PeerValue is { } value ? $"{row.Peer}: {Figure(value)}" : row.Peer;
            var floor = row.Met is { } met ? $"{row.Floor}: {(met ? "met" : "**missed**")}" : row.Floor;
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {row.Work} | {Figure(row.Value)} {row.Unit} | {peer} | {Ratio(row)} | {floor} | {row.Note} |");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Puts the table between the two marks of the file, or throws when they are missing.</summary>
    public static async Task ReplaceTableAsync(string file, string table)
    {
        var text = await File.ReadAllTextAsync(file);
        var (from, to) = (text.IndexOf(Start, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidOperationException($"{file} needs the lines '{Start}' and '{End}' around its table.");
        }

        await File.WriteAllTextAsync(file, $"{text[..(from + Start.Length)]}\n{table}\n{text[to..]}");
    }

    private static string Ratio(BenchmarkRow row) =>
        row.Ratio is { } ratio ? ratio.ToString("0.00", CultureInfo.InvariantCulture) + "×" : "";

    private static string Figure(double value) =>
        value.ToString(value >= 100 ? "#,0" : "0.0#", CultureInfo.InvariantCulture);

    private static string Machine()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1_000_000_000;
        var processor = RuntimeInformation.ProcessArchitecture.ToString();
        if (File.Exists("/proc/cpuinfo"))
        {
            var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", Ordinal));
            processor = model?.Split(':')[1].Trim() ?? processor;
        }

        return $"{Environment.ProcessorCount} cores ({processor}), "
            + $"{memory} GB of memory, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}; "
            + "PostgreSQL on the same machine, durable commits.";
    }
}
