using System.Text;
using Ledger.Api.People;
using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;

namespace Ledger.Api.Journals;

/// <summary>The whole journal over HTTP, for auditors: every entry, line and audit field, and control totals.</summary>
public static class JournalExport
{
    private const int RunEntries = 500;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/journal-entries:export", ExportAsync)
            .Needs(Permission.ReadEntries)
            .Is(
                "exportJournal", "Audit", "Exports the journal with control totals and every audit field",
                "In the order of recording, as CSV (a row a line, the entry's fields in each) or NDJSON (an entry a "
                    + "line). "
                + "The last line holds the control totals; where it is missing, the export was cut off. In NDJSON it "
                + "is "
                + "`{\"controlTotals\": …}`; in CSV its column `row` is `total`, `number` counts the entries, `line` "
                + "counts "
                + "the lines, and `baseDebit` and `baseCredit` are the sums. They name as well what a single person "
                + "did of what two must see, on whichever day: in CSV each is a row `approvedBySinglePerson` with the "
                + "event as its `id`, and `reference` of the total counts them. All parts know the same: what is "
                + "recorded meanwhile stays out.")
            .Query("from", ParameterKind.Date, "The first booked day; all by default.", "2026-01-01")
            .Query("to", ParameterKind.Date, "The last booked day; all by default.", "2026-12-31")
            .Knows()
            .Answers<string>(StatusCodes.Status200OK, "The lines, with a header.", Header(), Http.Csv)
            .Answers<ExportedEntry>(
                StatusCodes.Status200OK, "An entry a line, then the control totals.", LineExample, Http.NdJson);
    }

    private static async ValueTask ExportAsync(Call call)
    {
        var type = Accepted.Of(call.Context.Request, Http.Csv, Http.NdJson);
        var (days, knownAt) = (call.Days(), call.KnownAt());
        var filter = new JournalExportFilter(0, days.From, days.To);
        var totals = new ControlTotals(0, 0, new(0, 0), new(0, 0), "", 0, 0, [], "");
        using var stream = new Streaming(call, type == Http.Csv ? Answers.CsvType : type);
        call.Context.Response.Headers.Vary = "Accept";
        if (type == Http.Csv)
        {
            stream.AddCsv(WriteHeader);
        }

        while (true)
        {
            var answer = await call.AskAsync(
                knownAt, snapshot => JournalExportQueries.RunAsync(snapshot, filter, RunEntries));
            if (answer.Refusal is { } refusal)
            {
                await stream.RefuseAsync(refusal);
                return;
            }

            var run = answer.Value!;
            if (!call.Context.Response.HasStarted)
            {
                call.TellKnowledge(run.Known.Instant, run.Known.Sequence);
                knownAt = new KnownAt.OfSequence(run.Known.Sequence);
            }

            var rows = await call.WithNamesAsync([.. run.Entries.Select(each => each.Entry)]);
            foreach (var entry in run.Entries.Zip(rows, (each, row) => each with { Entry = row }))
            {
                Add(stream, type, entry);
                totals = totals.With(entry);
            }

            await stream.SendAsync();
            if (run.Entries.Count < RunEntries)
            {
                End(stream, type, totals.Of(run, stream.Sha256));
                await stream.SendAsync();
                return;
            }

            filter = filter with { After = run.Entries[^1].Entry.Position };
        }
    }

    private static void Add(Streaming stream, string type, JournalEntryThen entry)
    {
        if (type != Http.Csv)
        {
            stream.AddJson(new ExportedEntry(entry.Entry, entry.Lines));
            return;
        }

        stream.AddCsv(csv =>
        {
            foreach (var line in entry.Lines)
            {
                csv.Append("line,");
                CsvColumns<JournalRow>.Of([]).WriteCells(csv, entry.Entry);
                csv.Append(',');
                CsvColumns<JournalLineRow>.Of([]).WriteRow(csv, line);
            }
        });
    }

    private static void End(Streaming stream, string type, ControlTotals totals)
    {
        if (type != Http.Csv)
        {
            stream.AddJson(new { ControlTotals = totals });
            return;
        }

        stream.AddCsv(csv =>
        {
            foreach (var approval in totals.ApprovedBySinglePersonEvents)
            {
                csv.Append("approvedBySinglePerson,");
                CsvColumns<JournalRow>.Of([]).WriteOnly(csv, ("id", approval));
                csv.Append(',');
                CsvColumns<JournalLineRow>.Of([]).WriteOnly(csv);
                csv.Append("\r\n");
            }

            csv.Append("total,");
            CsvColumns<JournalRow>.Of([]).WriteOnly(
                csv, ("number", totals.Entries), ("reference", totals.ApprovedBySinglePerson),
                ("currency", totals.Currency));
            csv.Append(',');
            CsvColumns<JournalLineRow>.Of([]).WriteOnly(
                csv, ("line", totals.Lines), ("baseDebit", totals.BaseDebit), ("baseCredit", totals.BaseCredit));
            csv.Append("\r\n");
        });
    }

    private static void WriteHeader(StringBuilder csv)
    {
        csv.Append("row,");
        CsvColumns<JournalRow>.Of([]).WriteNames(csv);
        csv.Append(',');
        CsvColumns<JournalLineRow>.Of([]).WriteHeader(csv);
    }

    private static string Header()
    {
        var csv = new StringBuilder();
        WriteHeader(csv);
        return csv.ToString();
    }

    private static string LineExample { get; } =
        $$"""{"entry": {{JournalQueriesApi.RowExample}}, "lines": [{{JournalQueriesApi.LineExample}}]}"""
            .ReplaceLineEndings(" ");
}

/// <summary>An entry whole, as one line.</summary>
public sealed record ExportedEntry(JournalRow Entry, IReadOnlyList<JournalLineRow> Lines);

/// <summary>What an export must come to.</summary>
/// <param name="BaseDebit">In the functional currency.</param>
/// <param name="ApprovedBySinglePerson">How often a single person did what two must see, in the whole company.</param>
/// <param name="ApprovedBySinglePersonEvents">The ids of the events that say so: the first thousand.</param>
/// <param name="Sha256">Of all bytes before this line.</param>
public sealed record ControlTotals(
    long Entries,
    long Lines,
    Amount BaseDebit,
    Amount BaseCredit,
    string Currency,
    long KnownAtSequence,
    long ApprovedBySinglePerson,
    IReadOnlyList<Guid> ApprovedBySinglePersonEvents,
    string Sha256)
{
    public ControlTotals With(JournalEntryThen entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var (debit, credit) = (BaseDebit.Value, BaseCredit.Value);
        foreach (var line in entry.Lines)
        {
            debit = Amount.Sum(debit, line.BaseDebit.Value);
            credit = Amount.Sum(credit, line.BaseCredit.Value);
        }

        return this with
        {
            Entries = Entries + 1,
            Lines = Lines + entry.Lines.Count,
            BaseDebit = new(debit, 0),
            BaseCredit = new(credit, 0),
        };
    }

    public ControlTotals Of(JournalRun run, string sha256)
    {
        ArgumentNullException.ThrowIfNull(run);
        return this with
        {
            BaseDebit = BaseDebit with { Digits = run.Digits },
            BaseCredit = BaseCredit with { Digits = run.Digits },
            Currency = run.Currency,
            KnownAtSequence = run.Known.Sequence,
            ApprovedBySinglePerson = run.SinglePerson?.Count ?? 0,
            ApprovedBySinglePersonEvents = run.SinglePerson?.Events ?? [],
            Sha256 = sha256,
        };
    }
}
