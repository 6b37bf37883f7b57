using System.Threading.Channels;
using Ledger.Domain;
using Ledger.Domain.Companies;

namespace Ledger.Api.Import;

/// <summary>
/// Takes a file into a target: one thread reads and maps, another prepares what entries need (accounts, digits) and
/// writes them, a thousand at a time. What is in memory is a few such portions, whatever the size of the file.
/// </summary>
internal sealed class Importer
{
    private const int PortionItemsMax = 1_000;
    private const int PortionLinesMax = 20_000;
    private const int PortionsWaiting = 2;
    private const int PortionsWriting = 2;

    private readonly ImportOptions options;
    private readonly IImportTarget target;
    private readonly Action<string> complain;
    private readonly EntryNaming naming;
    private readonly Needs needs;
    private readonly Queue<(List<FileItem> Items, Task<IReadOnlyList<Outcome>> Writing)> writing = [];
    private EntryMapper? mapper;

    /// <param name="options">What the import is asked for.</param>
    /// <param name="target">The books, or a trial of them.</param>
    /// <param name="memory">Of the source, when there is one.</param>
    /// <param name="complain">Is told what is wrong with one line.</param>
    public Importer(ImportOptions options, IImportTarget target, SourceMemory? memory, Action<string> complain)
    {
        (this.options, this.target, this.complain) = (options, target, complain);
        naming = new(options.Source, memory);
        needs = new(options, target, Report, complain);
    }

    public ImportReport Report { get; } = new();

    /// <summary>Whether the file held the entry of the source with this id.</summary>
    public bool Held(string id) => naming.Held(id);

    /// <exception cref="InvalidDataException">The file is of no kind that can be imported.</exception>
    /// <exception cref="SetUpException">There is no such company.</exception>
    /// <exception cref="ImportStoppedException">The database does not take it now.</exception>
    public async Task RunAsync(ImportFile file, CancellationToken cancellation)
    {
        await RegisterAsync(options.NewCompany);
        var (format, content) = file.Detect(options.Format);
        if (format != ImportFormat.Ndjson)
        {
            RequireCompany();
            var currency = target.Company.Currency;
            var digits = Iso4217.TryGetDigits(currency, out var iso) ? iso : target.Company.CurrencyDigits;
            mapper = new(currency, digits, options.Commodities, options.Prices, options.RealOnly);
        }

        var portions = Channel.CreateBounded<List<FileItem>>(PortionsWaiting);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var items = ItemsOf(format, content);
        var reading = Task.Run(() => ReadAsync(items, portions.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var portion in portions.Reader.ReadAllAsync(cancellation))
            {
                await TakeAsync(portion);
            }

            await FinishWritingAsync(0);
        }
        finally
        {
            await stop.CancelAsync();
            await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await reading;
        Report.CountLeftOut(mapper);
    }

    private static string Text(Refusal refusal) => $"{refusal.Message} ({refusal.Code})";

    private IEnumerable<FileItem> ItemsOf(ImportFormat format, Stream content) => format switch
    {
        ImportFormat.Ndjson => new NdjsonFile(content).Read(),
        ImportFormat.Journal => new JournalText(TextOf(content)).Read(),
        _ => new HledgerCsv(new DelimitedReader(TextOf(content))).Read(),
    };

    private StreamReader TextOf(Stream content) =>
        new(content, options.Encoding, detectEncodingFromByteOrderMarks: true, 64 * 1024);

    private async Task ReadAsync(
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
                if (portion.Count == PortionItemsMax || lines > PortionLinesMax)
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

    private async Task TakeAsync(List<FileItem> portion)
    {
        var entries = new List<FileItem>(portion.Count);
        foreach (var item in portion)
        {
            switch (item)
            {
                case FileFault fault:
                    Report.Unreadable++;
                    complain($"line {fault.Line}: {fault.Reason}");
                    break;
                case FileReversal:
                    entries.Add(item);
                    break;
                case FileEntry entry:
                    RequireCompany();
                    if (needs.Note(entry, out var ready) is { } reason)
                    {
                        Refuse(item.Line, reason);
                    }
                    else
                    {
                        entries.Add(ready);
                    }

                    break;
                default:
                    await TakeRegisterAsync(item);
                    break;
            }
        }

        if (needs.Any)
        {
            await FinishWritingAsync(0);
            await needs.MeetAsync();
            needs.Clear();
        }

        // What names another entry waits until that one is recorded.
        var namesOthers = entries.Exists(item => item is FileReversal or FileEntry { Entry.Corrects: not null });
        await FinishWritingAsync(namesOthers ? 0 : PortionsWriting - 1);
        Report.Read += entries.Count;
        writing.Enqueue((entries, target.WriteAsync(entries)));
    }

    private async Task TakeRegisterAsync(FileItem item)
    {
        await FinishWritingAsync(0);
        if (item is FileCompany company)
        {
            await TakeCompanyAsync(company);
            return;
        }

        RequireCompany();
        var refusal = item is FileAccount account
            ? await needs.OpenAsync([account.Account])
            : await target.AddDimensionValueAsync(((FileDimensionValue)item).Value);
        if (refusal is not null)
        {
            Refuse(item.Line, Text(refusal));
        }
    }

    private async Task TakeCompanyAsync(FileCompany company)
    {
        await RegisterAsync(company.Settings);
        if (target.Company.Currency != company.Settings.Currency)
        {
            throw new SetUpException(
                $"The file holds books in {company.Settings.Currency}, but {options.Company} is kept in "
                + $"{target.Company.Currency}: import it into a company of its own.");
        }

        foreach (var (unit, count) in company.Settings.Digits ?? ValueMap<int>.Empty)
        {
            needs.NoteDigits(new UnitCode(unit), count);
        }

        await needs.MeetAsync();
        needs.Clear();
    }

    private async Task RegisterAsync(CompanySettings? settings)
    {
        if (settings is null || target.Company.Exists)
        {
            return;
        }

        if (await target.RegisterAsync(settings) is { } refusal)
        {
            throw new SetUpException($"The company {options.Company} cannot be registered: {Text(refusal)}");
        }

        Report.CompanyRegistered = true;
    }

    private void RequireCompany()
    {
        if (!target.Company.Exists)
        {
            throw new SetUpException(
                $"There is no company {options.Company}. Say what it is, and it is registered: --currency EUR "
                + "--country BG (and, if wanted, --name, --time-zone, --fiscal-year-start).");
        }
    }

    private async Task FinishWritingAsync(int left)
    {
        while (writing.Count > left)
        {
            var (items, task) = writing.Dequeue();
            var outcomes = await task;
            for (var i = 0; i < items.Count; i++)
            {
                if (outcomes[i].Refusal is { } refusal)
                {
                    Refuse(items[i].Line, Text(refusal));
                }
                else if (outcomes[i].IsNew)
                {
                    Report.Recorded++;
                }
                else
                {
                    Report.AlreadyThere++;
                }
            }
        }
    }

    private void Refuse(long line, string reason)
    {
        Report.Refused++;
        complain($"line {line}: {reason}");
    }
}
