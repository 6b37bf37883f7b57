using System.Text;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Projections.Queries;
using Ledger.Tests.Projections;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.Queries;

/// <summary>An event of a company as the store has it.</summary>
public sealed record BookEvent(long Position, long Sequence, Instant Recorded, string Stream, object Event);

/// <summary>A line as an accountant sees it, taken from the event and from nothing else.</summary>
/// <param name="Number">In its entry, from 1.</param>
public sealed record BookLine(
    BookEvent Event,
    JournalEntryPosted Entry,
    int Number,
    LocalDate BookedOn,
    EntryKind Kind,
    string Account,
    string Unit,
    IReadOnlyDictionary<string, string> Dimensions,
    decimal Debit,
    decimal Credit,
    decimal BaseDebit,
    decimal BaseCredit)
{
    public long Position => Event.Position;

    public decimal BaseBalance => BaseDebit - BaseCredit;
}

/// <summary>
/// A database with a loop that fills small blocks, so that few entries already make several levels of them.
/// </summary>
public sealed class QueryBooks : IAsyncLifetime
{
    private BooksDatabase database = null!;
    private ProjectionLoop loop = null!;
    private int blockSize = 3;

    public LedgerReader Reader { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        database = await BooksDatabase.CreateAsync(blockSize);
        loop = database.StartLoop();
        Reader = new(LedgerSource.Create(database.ConnectionString));
    }

    public async Task DisposeAsync()
    {
        await Reader.DisposeAsync();
        await loop.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>Appends the events, a few a request, and waits until the tables have them.</summary>
    public async Task<IReadOnlyList<BookEvent>> AppendAsync(
        string company, IEnumerable<(string Stream, object Event)> events, int atOnce = 3)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        var last = 0L;
        foreach (var chunk in events.Chunk(atOnce))
        {
            var writes = chunk.GroupBy(each => each.Stream, StringComparer.Ordinal).Select(stream => new Write(
                stream.Key,
                versions.GetValueOrDefault(stream.Key),
                [.. stream.Select(each => EventCatalog.Ledger.ToStore(each.Event))])).ToArray();
            var request = new AppendRequest(company, writes, [], new("key:test", null, null, null));
            var appended = Assert.IsType<AppendResult.Appended>(await database.Store.AppendAsync(request));
            last = appended.LastSequence;
            foreach (var write in writes)
            {
                versions[write.Stream] = write.ExpectedVersion + write.Events.Count;
            }
        }

        Assert.True(await loop.WaitForAsync(last, TimeSpan.FromSeconds(30)), loop.Status.ToString());
        return await EventsAsync(company);
    }

    /// <summary>
    /// Records the events at instants of the past, which only a test may do: beside the store, but as it would have.
    /// </summary>
    public async Task<IReadOnlyList<BookEvent>> RecordAsync(
        string company, IEnumerable<(Instant Recorded, string Stream, object Event)> events)
    {
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        var sequence = await database.ScalarAsync<long>("select coalesce(max(seq_id), 0) from public.mt_events");
        await using var connection = await database.Superuser.OpenConnectionAsync();
        foreach (var (recorded, stream, @event) in events)
        {
            var stored = EventCatalog.Ledger.ToStore(@event);
            await using var insert = new NpgsqlCommand("""
                insert into public.mt_events
                    (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, user_name, is_archived)
                values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, 'key:test', false)
                """, connection)
            {
                Parameters =
                {
                    new() { Value = ++sequence },
                    new() { Value = stored.Id },
                    new() { Value = stream },
                    new() { Value = versions[stream] = versions.GetValueOrDefault(stream) + 1 },
                    new() { Value = Encoding.UTF8.GetString(stored.Data.Span) },
                    new() { Value = stored.Type },
                    new() { Value = recorded.ToDateTimeUtc() },
                    new() { Value = company },
                },
            };
            await insert.ExecuteNonQueryAsync();
        }

        Assert.True(await loop.WaitForAsync(sequence, TimeSpan.FromSeconds(30)), loop.Status.ToString());
        return await EventsAsync(company);
    }

    /// <summary>The answer to a question, which must have one.</summary>
    public async Task<T> AskAsync<T>(string company, KnownAt knownAt, Func<Snapshot, Task<Answer<T>>> query)
    {
        var answer = await Reader.AskAsync(new(company, knownAt), query);
        Assert.True(answer.Refusal is null, answer.Refusal?.Message);
        return answer.Value!;
    }

    public Task ExecuteAsync(string sql) => database.ExecuteAsync(sql);

    /// <summary>A database of its own, for books whose recording is told in the past, or that are many.</summary>
    public static async Task<QueryBooks> NewAsync(int blockSize = 3)
    {
        var books = new QueryBooks { blockSize = blockSize };
        await books.InitializeAsync();
        return books;
    }

    /// <summary>The lines that were known at a position.</summary>
    public static IEnumerable<BookLine> Lines(IEnumerable<BookEvent> events, long position) =>
        from each in events
        where each.Position <= position
        let entry = each.Event as JournalEntryPosted
        where entry is not null
        from numbered in entry.Lines.Select((line, i) => (Line: line, Number: i + 1))
        let line = numbered.Line
        let unit = line.Resolved?.Unit.Value ?? entry.Currency.Value
        let inBase = line.Resolved?.BaseAmount ?? line.Amount
        let debit = line.Side == Side.Debit
        select new BookLine(
            each,
            entry,
            numbered.Number,
            entry.BookedOn,
            entry.Kind ?? EntryKind.Normal,
            line.Account.Value,
            unit,
            line.Dimensions ?? (IReadOnlyDictionary<string, string>)new Dictionary<string, string>(),
            debit ? line.Amount : 0,
            debit ? 0 : line.Amount,
            debit ? inBase : 0,
            debit ? 0 : inBase);

    private async Task<IReadOnlyList<BookEvent>> EventsAsync(string company)
    {
        await using var command = database.Source.CreateCommand("""
            select seq_id, timestamp, stream_id, type, data::text from public.mt_events
            where tenant_id = $1 order by seq_id
            """);
        command.Parameters.Add(new() { Value = company });
        await using var rows = await command.ExecuteReaderAsync();
        var events = new List<BookEvent>();
        while (await rows.ReadAsync())
        {
            events.Add(new(
                events.Count + 1,
                rows.GetInt64(0),
                Instant.FromDateTimeUtc(rows.GetDateTime(1)),
                rows.GetString(2),
                EventCatalog.Ledger.Read(rows.GetString(3), Encoding.UTF8.GetBytes(rows.GetString(4)))));
        }

        return events;
    }
}
