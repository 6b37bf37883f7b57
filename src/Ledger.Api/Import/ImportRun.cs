using Ledger.Api.Journals;
using Ledger.Domain.Journals;
using Ledger.EventStore;

namespace Ledger.Api.Import;

/// <summary>One run of the command from beginning to end: trial if wanted, import, and what is missing.</summary>
internal sealed class ImportRun(LedgerHost host, ImportOptions options, IImportDisplay display)
{
    private const int MissingAtOnce = 500;

    private readonly RequestMetadata who = new(
        host.OwnerActor, null, null, options.Source is null ? null : $"{{\"source\":\"{options.Source}\"}}");

    /// <returns>True when all of the file is in the books.</returns>
    public async Task<bool> RunAsync(ImportFile file, CancellationToken cancellation)
    {
        if (!options.Atomic)
        {
            return IsDone(await RecordAsync(file, cancellation));
        }

        display.Say($"Spooling {file.Name} …");
        using var spool = await file.SpoolAsync(cancellation);
        var tried = await TryAsync(spool, cancellation);
        if (!tried.IsClean)
        {
            var bad = ImportReport.Number(tried.Refused + tried.Unreadable);
            display.Say($"{bad} cannot go in, so nothing was recorded.");
            return false;
        }

        spool.Rewind();
        var recorded = await RecordAsync(spool, cancellation);
        if (!recorded.IsClean)
        {
            display.Say("The books were changed while this was recorded (a month was closed, an account archived …), "
                + "so that all but what is named above is in. Undo that change and run the same command again: it "
                + "records the rest. Or reverse what is in.");
        }

        return IsDone(recorded);
    }

    private static bool IsDone(ImportReport report) => report.IsClean && report.Missing == report.MissingReversed;

    /// <summary>Decides everything and records nothing.</summary>
    private async Task<ImportReport> TryAsync(ImportFile spool, CancellationToken cancellation)
    {
        var memory = await MemoryAsync(cancellation);
        var target = await TrialTarget.OpenAsync(host, options.Company, who);
        var trial = new Importer(options, target, memory, display.Complain);
        await display.FollowAsync("Deciding", spool, trial.Report, () => trial.RunAsync(spool, cancellation));
        if (memory is not null && options.ReverseMissing)
        {
            await FindMissingAsync(trial, memory, target, cancellation);
        }

        return trial.Report;
    }

    private async Task<ImportReport> RecordAsync(ImportFile file, CancellationToken cancellation)
    {
        var memory = await MemoryAsync(cancellation);
        var target = await BooksTarget.OpenAsync(host, options.Company, who);
        var importer = new Importer(options, target, memory, display.Complain)
        {
            First = async ids =>
            {
                if (await OtherSources.WarningAsync(
                    host.Database, options.Company, options.Source, ids, cancellation) is { } warning)
                {
                    display.Complain(warning);
                }
            },
        };
        await display.FollowAsync("Importing", file, importer.Report, () => importer.RunAsync(file, cancellation));
        if (memory is not null)
        {
            await FindMissingAsync(importer, memory, target, cancellation);
        }

        foreach (var sentence in importer.Report.Sentences(options.Company, target.Company.Currency))
        {
            display.Say(sentence);
        }

        if (!host.Settings.Configuration.GetValue("Projections:Paused", false))
        {
            // Whoever asks for a balance after this command gets all of it.
            await BooksFollowing.CatchUpAsync(host, display.Complain, cancellation);
        }

        return importer.Report;
    }

    private async Task<SourceMemory?> MemoryAsync(CancellationToken cancellation) => options.Source is { } source
        ? await SourceMemory.LoadAsync(host.Database, options.Company, source, cancellation)
        : null;

    /// <summary>
    /// Names what the source brought before and the file does not hold any more, and reverses it if asked.
    /// </summary>
    private async Task FindMissingAsync(
        Importer importer, SourceMemory memory, IImportTarget target, CancellationToken cancellation)
    {
        var missing = new List<string>();
        await foreach (var id in memory.StandingAsync(cancellation))
        {
            if (!importer.Held(id))
            {
                missing.Add(id);
            }

            if (missing.Count == MissingAtOnce)
            {
                await TakeMissingAsync(missing, importer.Report, target, cancellation);
                missing.Clear();
            }
        }

        await TakeMissingAsync(missing, importer.Report, target, cancellation);
        if (importer.Report.Missing > importer.Report.MissingReversed && options.ReverseMissing
            && importer.Report.Unreadable > 0)
        {
            display.Complain("Nothing was reversed: what could not be read may be what is missing.");
        }
    }

    private async Task TakeMissingAsync(
        List<string> ids, ImportReport report, IImportTarget target, CancellationToken cancellation)
    {
        var streams = await host.Store.ReadStreamsAsync(
            options.Company, ids.ConvertAll(id => new StreamPosition(Streams.Entry(id), 0)), cancellation);
        var reversals = new List<FileItem>();
        for (var i = 0; i < ids.Count; i++)
        {
            if (streams[i] is not [var first, ..]
                || EventCatalog.Ledger.Read(first) is not JournalEntryPosted { Reverses: null } posted)
            {
                continue;
            }

            report.Missing++;
            if (target is BooksTarget)
            {
                display.Complain($"missing: {Entries.Describe(posted)} ({ids[i]})");
            }

            reversals.Add(new FileReversal(0, new ReverseJournalEntry(
                ids[i], options.ReverseOn ?? posted.BookedOn, SourceMemory.ReasonOf(options.Source!))));
        }

        if (!options.ReverseMissing || report.Unreadable > 0 || reversals.Count == 0)
        {
            return;
        }

        var outcomes = await target.WriteAsync(reversals);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Refusal is { } refusal)
            {
                report.Refused++;
                display.Complain($"{((FileReversal)reversals[i]).Reversal.Id} was not reversed: {refusal.Message} "
                    + $"({refusal.Code}){(options.ReverseOn is null ? " Name an open day with --reverse-on." : "")}");
            }
            else
            {
                report.MissingReversed++;
            }
        }
    }
}
