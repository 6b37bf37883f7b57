using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Api;

/// <summary>
/// What decisions need to know of the whole journal, which none of their streams says. Where a rule rests on the answer
/// "none", the reading gets a condition that nothing was posted since.
/// </summary>
public sealed class PostingFacts(NpgsqlDataSource database, EventCatalog catalog)
{
    private const string Head = "(select seq_id from public.mt_events order by seq_id desc limit 1)";

    private readonly string[] posted = [catalog.NameOf(typeof(JournalEntryPosted))];

    /// <summary>Whether the company has any entry.</summary>
    public Task<bool> HasEntriesAsync(Reading reading) => AskAsync(
        reading,
        $"""
        select {Head}, exists (
            select from public.mt_streams where tenant_id = $1 and starts_with(id, $2))
        """,
        Streams.Entry(""));

    /// <summary>Whether anything was ever posted to the account.</summary>
    public Task<bool> HasPostingsAsync(Reading reading, AccountCode account) => AskAsync(
        reading,
        $"""
        select {Head}, exists (select from views.journal_line where company = $1 and account = $2)
            or exists (
                select from public.mt_events
                where seq_id > (select last_seq_id from public.mt_event_progression where name = 'books:All')
                    and tenant_id = $1 and type = '{posted[0]}'
                    and data -> 'lines' @> jsonb_build_array(jsonb_build_object('account', $2)))
        """,
        account.Value);

    /// <summary>The first month from <paramref name="from"/> on that has entries, those included that the books have
    /// not read yet.</summary>
    public async Task<YearMonth?> EarliestMonthWithEntriesAsync(string company, YearMonth? from)
    {
        await using var command = database.CreateCommand($"""
            select least(
                (select min(booked_on) from views.journal_entry where company = $1 and booked_on >= $2),
                (select min((data ->> 'bookedOn')::date) from public.mt_events
                 where seq_id > (select last_seq_id from public.mt_event_progression where name = 'books:All')
                    and tenant_id = $1 and type = '{posted[0]}' and (data ->> 'bookedOn')::date >= $2))
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new()
        {
            Value = from?.OnDayOfMonth(1).ToDateOnly() ?? DateOnly.MinValue, NpgsqlDbType = NpgsqlDbType.Date,
        });
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync() && !await rows.IsDBNullAsync(0)
            ? LocalDate.FromDateOnly(rows.GetFieldValue<DateOnly>(0)).ToYearMonth()
            : null;
    }

    /// <summary>Where the event of that version was recorded; nowhere at a first attempt, which is never
    /// answered.</summary>
    public async ValueTask<Recording> PlaceAsync(Reading reading, string stream, long version)
    {
        ArgumentNullException.ThrowIfNull(reading);
        if (!reading.IsFresh)
        {
            return default;
        }

        await using var command = database.CreateCommand(
            "select seq_id, timestamp from public.mt_events where tenant_id = $1 and stream_id = $2 and version = $3");
        command.Parameters.Add(new() { Value = reading.Company });
        command.Parameters.Add(new() { Value = stream });
        command.Parameters.Add(new() { Value = version });
        await using var rows = await command.ExecuteReaderAsync();
        return await rows.ReadAsync()
            ? new(rows.GetInt64(0), Instant.FromDateTimeUtc(rows.GetDateTime(1)))
            : throw new InvalidOperationException(
                $"Version {version} of '{stream}' in '{reading.Company}' is missing.");
    }

    /// <summary>Who recorded the event of that version.</summary>
    public async Task<string?> ActorAsync(string company, string stream, long version)
    {
        await using var command = database.CreateCommand(
            "select user_name from public.mt_events where tenant_id = $1 and stream_id = $2 and version = $3");
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = stream });
        command.Parameters.Add(new() { Value = version });
        return await command.ExecuteScalarAsync() as string;
    }

    private async Task<bool> AskAsync(Reading reading, string sql, string about)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = reading.Company });
        command.Parameters.Add(new() { Value = about });
        await using var rows = await command.ExecuteReaderAsync();
        await rows.ReadAsync();
        var isThere = rows.GetBoolean(1);
        if (!isThere)
        {
            reading.Tail(posted, rows.GetInt64(0));
        }

        return isThere;
    }
}
