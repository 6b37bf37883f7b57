using System.Threading.Channels;

namespace Ledger.Api.Import;

/// <summary>
/// Reads a file in portions: mapped to entries, with their ids. One thread does so while another writes.
/// </summary>
/// <param name="options">What the import is asked for.</param>
/// <param name="naming">Gives entries their ids, in the order of the file.</param>
/// <param name="mapper">Makes entries of hledger's transactions; null where the file holds entries.</param>
internal sealed class ImportReader(ImportOptions options, EntryNaming naming, EntryMapper? mapper)
{
    private const int ItemsMax = 1_000;
    private const int LinesMax = 20_000;

    public IEnumerable<FileItem> ItemsOf(ImportFormat format, Stream content) => format switch
    {
        ImportFormat.Ndjson => new NdjsonFile(content).Read(),
        ImportFormat.Journal => new JournalText(TextOf(content)).Read(),
        _ => new HledgerCsv(new DelimitedReader(TextOf(content))).Read(),
    };

    public async Task ReadAsync(
        IEnumerable<FileItem> items, ChannelWriter<List<FileItem>> portions, CancellationToken cancellation)
    {
        try
        {
            var (portion, lines) = (new List<FileItem>(), 0);
            foreach (var item in items)
            {
                cancellation.ThrowIfCancellationRequested();
                if (Prepared(item) is not { } prepared)
                {
                    continue;
                }

                portion.Add(prepared);
                lines += prepared is FileEntry entry ? entry.Entry.Lines.Count : 1;
                if (portion.Count == ItemsMax || lines > LinesMax)
                {
                    await portions.WriteAsync(portion, cancellation);
                    (portion, lines) = ([], 0);
                }
            }

            await portions.WriteAsync(portion, cancellation);
            portions.Complete();
        }
        catch (Exception broken)
        {
            portions.Complete(broken);
            throw;
        }
    }

    private StreamReader TextOf(Stream content) =>
        new(content, options.Encoding, detectEncodingFromByteOrderMarks: true, 64 * 1024);

    private FileItem? Prepared(FileItem item) => item switch
    {
        FileTransaction transaction => mapper!.Map(transaction) is { } mapped ? Prepared(mapped) : null,
        FileEntry { Entry.Corrects: { } corrects } entry => naming.Name(
            entry with { Entry = entry.Entry with { Corrects = naming.Name(corrects) } }),
        FileEntry entry => naming.Name(entry),
        FileReversal reversal => reversal with
        {
            Reversal = reversal.Reversal with { Id = naming.Name(reversal.Reversal.Id) },
        },
        _ => item,
    };
}
