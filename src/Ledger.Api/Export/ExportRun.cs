using System.Text;
using Ledger.Api.Audit;
using Ledger.Domain.Journals;

namespace Ledger.Api.Export;

public enum ExportFormat
{
    Hledger,
    Csv,
    Ndjson,
}

/// <summary>Writes the whole books of a company to a stream, as they are at one moment.</summary>
internal static class ExportRun
{
    private const int BufferSize = 256 * 1024;
    private static readonly string EntryPrefix = Streams.Entry("");

    /// <param name="host">The ledger.</param>
    /// <param name="company">Whose books.</param>
    /// <param name="format">How they are written.</param>
    /// <param name="output">Stays open.</param>
    /// <param name="progress">Is told, now and then, how many entries were written.</param>
    /// <param name="cancellation">Stops it where it is.</param>
    /// <returns>How many entries were written.</returns>
    /// <exception cref="SetUpException">There is no such company.</exception>
    public static async Task<long> RunAsync(
        LedgerHost host, string company, ExportFormat format, Stream output, Action<long> progress,
        CancellationToken cancellation)
    {
        var exported = await ExportedCompany.LoadAsync(host.Store, company, cancellation)
            ?? throw new SetUpException($"There is no company {company}.");
        var buffered = new BufferedStream(output, BufferSize);
        await using var text = new StreamWriter(buffered, new UTF8Encoding(false), 4096, leaveOpen: true);
        text.NewLine = "\n";
        using var ndjson = new NdjsonWriter(buffered);
        IBooksWriter writer = format switch
        {
            ExportFormat.Hledger => new HledgerWriter(text),
            ExportFormat.Csv => new CsvWriter(text),
            _ => ndjson,
        };
        writer.Begin(exported);
        var (entries, isNoted) = (0L, false);
        await foreach (var (stream, logged) in new CompanyLog(host.Database, host.Vault, company)
            .ReadAsync(exported.Sequence, cancellation))
        {
            if (logged is JournalEntryPosted posted)
            {
                if (!isNoted && posted.CounterpartyPerson is { IsOpen: true })
                {
                    await CommandAccess.NoteReadAsync(host, company, "export", cancellation);
                    isNoted = true;
                }

                writer.Write(stream[EntryPrefix.Length..], posted);
                entries++;
                if (entries % 10_000 == 0)
                {
                    progress(entries);
                }
            }
            else if (logged is JournalEntryReversed reversed)
            {
                writer.Write(stream[EntryPrefix.Length..], reversed);
            }
        }

        writer.End(exported);
        await text.FlushAsync(cancellation);
        await buffered.FlushAsync(cancellation);
        return entries;
    }
}
