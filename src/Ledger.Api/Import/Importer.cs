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
    private const int PortionsWaiting = 2;
    private const int PortionsWriting = 2;

    private readonly ImportOptions options;
    private readonly IImportTarget target;
    private readonly Action<string> complain;
    private readonly EntryNaming naming;
    private readonly Needs needs;

    /// <summary>Those that the file itself gave to entries of the present run.</summary>
    private readonly HashSet<string> ids = new(StringComparer.Ordinal);

    private readonly FileRegisters registers;
    private readonly Queue<(List<FileItem> Items, Task<IReadOnlyList<Outcome>> Writing)> writing = [];

    /// <param name="options">What the import is asked for.</param>
    /// <param name="target">The books, or a trial of them.</param>
    /// <param name="memory">Of the source, when there is one.</param>
    /// <param name="complain">Is told what is wrong with one line.</param>
    public Importer(ImportOptions options, IImportTarget target, SourceMemory? memory, Action<string> complain)
    {
        (this.options, this.target, this.complain) = (options, target, complain);
        naming = new(options.Source, memory);
        needs = new(options, target, Report, complain);
        registers = new(target, Report, (item, refusal) => Refuse(item.Line, Text(refusal)));
    }

    public ImportReport Report { get; } = new();

    /// <summary>Is given the ids of the first entries, without the source, before any is written.</summary>
    public Func<string[], Task> First { get; init; } = _ => Task.CompletedTask;

    /// <summary>Whether the file held the entry of the source with this id.</summary>
    public bool Held(string id) => naming.Held(id);

    /// <exception cref="InvalidDataException">The file is of no kind that can be imported.</exception>
    /// <exception cref="SetUpException">There is no such company.</exception>
    /// <exception cref="ImportStoppedException">The database does not take it now.</exception>
    public async Task RunAsync(ImportFile file, CancellationToken cancellation)
    {
        await RegisterAsync(options.NewCompany);
        var (format, content) = file.Detect(options.Format);
        var mapper = format == ImportFormat.Ndjson ? null : Mapper();
        var portions = Channel.CreateBounded<List<FileItem>>(PortionsWaiting);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reader = new ImportReader(options, naming, mapper);
        var items = reader.ItemsOf(format, content);
        var reading = Task.Run(() => reader.ReadAsync(items, portions.Writer, stop.Token), CancellationToken.None);
        try
        {
            var hasFirst = false;
            await foreach (var portion in portions.Reader.ReadAllAsync(cancellation))
            {
                if (!hasFirst && portion.OfType<FileEntry>().Select(naming.Bare).ToArray() is { Length: > 0 } first)
                {
                    hasFirst = true;
                    await First(first);
                }

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

    private EntryMapper Mapper()
    {
        RequireCompany();
        var currency = target.Company.Currency;
        var digits = Iso4217.TryGetDigits(currency, out var iso) ? iso : target.Company.CurrencyDigits;
        return new(currency, digits, options.Commodities, options.Prices, options.RealOnly);
    }

    // The domain names fields of requests; here they are options.
    private static string Text(Refusal refusal) => (refusal.Code == "time-zone-needed"
            ? refusal.Message.Replace("send timeZone", "send --time-zone", StringComparison.Ordinal)
            : refusal.Message)
        + $" ({refusal.Code})"
        + (refusal.Code == "unpriced-unit-not-balanced"
            ? " Or say what the units are worth: --prices FILE, as 'hledger prices' lists them."
            : "");

    /// <summary>
    /// Takes runs of entries, and runs of what describes accounts and dimensions, in the order of the file.
    /// </summary>
    private async Task TakeAsync(List<FileItem> portion)
    {
        var run = new List<FileItem>(portion.Count);
        var described = new List<FileItem>();
        foreach (var item in portion)
        {
            if (item is FileEntry or FileReversal)
            {
                await DescribeAsync(described);
                if (IsAboutEntryOf(run, item))
                {
                    // Decided together it would be refused at first, and recorded behind what follows it.
                    run = await WriteAsync(run);
                    await FinishWritingAsync(0);
                }

                Add(item, run);
            }
            else if (item is FileFault fault)
            {
                Report.Unreadable++;
                complain($"line {fault.Line}: {fault.Reason}");
            }
            else
            {
                run = await WriteAsync(run);
                await DescribeAsync(described, item);
            }
        }

        await DescribeAsync(described);
        await WriteAsync(run);
    }

    /// <summary>Whether it names an entry of the run, or has the id that the file gave to one.</summary>
    private bool IsAboutEntryOf(List<FileItem> run, FileItem item) =>
        (NamedBy(item) is { } other && run.Exists(each => IdOf(each) == other))
        || (item is FileEntry { Id: not null } entry && ids.Contains(entry.Entry.Id));

    private static string? IdOf(FileItem item) => (item as FileEntry)?.Entry.Id;

    /// <summary>The entry that this one is about; null for most.</summary>
    private static string? NamedBy(FileItem item) => item switch
    {
        FileReversal reversal => reversal.Reversal.Id,
        FileEntry entry => entry.Entry.Corrects,
        _ => null,
    };

    private void Add(FileItem item, List<FileItem> entries)
    {
        RequireCompany();
        if (item is not FileEntry entry)
        {
            entries.Add(item);
        }
        else if (needs.Note(entry, out var ready) is { } reason)
        {
            Refuse(item.Line, reason);
        }
        else
        {
            entries.Add(ready);
            if (ready.Id is not null)
            {
                ids.Add(ready.Entry.Id);
            }
        }
    }

    /// <summary>Keeps what describes an account or a dimension until something else comes.</summary>
    private async Task DescribeAsync(List<FileItem> described, FileItem? item = null)
    {
        if (item is FileAccount or FileDimensionValue)
        {
            RequireCompany();
            described.Add(item);
            return;
        }

        if (described.Count > 0)
        {
            await FinishWritingAsync(0);
            await registers.TakeAsync(described);
            described.Clear();
        }

        if (item is FileCompany company)
        {
            await FinishWritingAsync(0);
            await TakeCompanyAsync(company);
        }
    }

    /// <summary>Hands the run over, after the books have got what it needs; answers the next one, empty.</summary>
    private async Task<List<FileItem>> WriteAsync(List<FileItem> run)
    {
        Report.Read += run.Count;
        ids.Clear();
        if (needs.Any)
        {
            await FinishWritingAsync(0);
            foreach (var (entry, refusal) in await needs.MeetAsync())
            {
                Refuse(entry.Line, Text(refusal));
                run.RemoveAll(item => ReferenceEquals(item, entry));
            }
        }

        if (run.Count > 0)
        {
            // What names another entry waits until that one is recorded.
            var namesOthers = run.Exists(item => NamedBy(item) is not null);
            await FinishWritingAsync(namesOthers ? 0 : PortionsWriting - 1);
            writing.Enqueue((run, target.WriteAsync(run)));
        }

        return [];
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
