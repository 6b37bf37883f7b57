using System.Globalization;
using Ledger.EventStore;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Benchmarks.Faults;

/// <summary>
/// What holds after every fault: nothing acknowledged is lost, nothing is there twice or although it was said not to
/// be, numbers have no gaps, instants never fall, no month is booked in after its closing, entries balance, and
/// <see cref="Verification"/> finds nothing.
/// </summary>
/// <param name="database">With all that was recorded.</param>
/// <param name="told">To whoever called last.</param>
/// <param name="before">To those who called before: a fault may lose what was acknowledged long ago.</param>
/// <param name="catalog">What the service knows, where that is more than the product's.</param>
public sealed class Invariants(
    NpgsqlDataSource database, Told told, IReadOnlyList<Told>? before = null, EventCatalog? catalog = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly Dictionary<(string Company, string Stream), long> versions = [];
    private readonly Dictionary<string, string> closedThrough = [];
    private readonly Dictionary<long, (string Company, string Stream)> bySequence = [];
    private readonly Dictionary<(string Company, string Stream), string> contents = [];
    private readonly Dictionary<string, List<(long Sequence, decimal Sum)>> cash = [];
    private readonly List<string> broken = [];

    /// <summary>How many events were looked at.</summary>
    public int Events => bySequence.Count;

    /// <summary>Where each of them is broken; empty when all is well.</summary>
    public async Task<IReadOnlyList<string>> BrokenAsync()
    {
        await ReadAsync();
        foreach (var each in (before ?? []).Append(told))
        {
            broken.AddRange(each.Findings);
            Compare(each);
            CompareBalances(each);
        }

        await VerifyAsync();
        return broken;
    }

    private async Task ReadAsync()
    {
        await using var command = database.CreateCommand("""
            select seq_id, tenant_id, stream_id, version, type, timestamp, data ->> 'bookedOn', data ->> 'period',
                case when type = 'journal_entry_posted' then (
                    select sum(case l ->> 'side' when 'debit' then (l ->> 'amount')::numeric
                        else -(l ->> 'amount')::numeric end)
                    from jsonb_array_elements(data -> 'lines') l) end,
                case when type = 'journal_entry_posted' then (
                    select coalesce(sum(case l ->> 'side' when 'debit' then (l ->> 'amount')::numeric
                        else -(l ->> 'amount')::numeric end), 0)
                    from jsonb_array_elements(data -> 'lines') l where l ->> 'account' = $1) end,
                case when type = 'journal_entry_posted' then (
                    select data ->> 'bookedOn' || string_agg(format('|%s %s %s', l ->> 'account', l ->> 'side',
                        round((l ->> 'amount')::numeric, 2)), '' order by number)
                    from jsonb_array_elements(data -> 'lines') with ordinality lines (l, number)) end
            from public.mt_events order by seq_id
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = Document.Cash });
        await using var rows = await command.ExecuteReaderAsync();
        var (last, instant) = (0L, DateTime.MinValue);
        while (await rows.ReadAsync())
        {
            var (sequence, company, stream) = (rows.GetInt64(0), rows.GetString(1), rows.GetString(2));
            var (version, type, recorded) = (rows.GetInt64(3), rows.GetString(4), rows.GetDateTime(5));
            Must(sequence == last + 1, sequence, $"comes after {Text(last)}");
            Must(recorded >= instant, sequence, "has an instant before that of its predecessor");
            (last, instant) = (sequence, recorded);
            bySequence[sequence] = (company, stream);
            var expected = versions.GetValueOrDefault((company, stream)) + 1;
            versions[(company, stream)] = expected;
            Must(version == expected, sequence, $"is version {Text(version)} of {stream}, not {Text(expected)}");
            if (type == "journal_entry_posted")
            {
                Must(version == 1, sequence, $"posts {stream} a second time");
                Must(rows.GetDecimal(8) == 0, sequence, "does not balance");
                contents.TryAdd((company, stream), rows.GetString(10));
                Add(company, sequence, rows.GetDecimal(9));
                Must(
                    string.CompareOrdinal(rows.GetString(6)[..7], closedThrough.GetValueOrDefault(company, "")) > 0,
                    sequence, "is booked in a month that was closed before");
            }
            else if (type == "period_closed")
            {
                closedThrough[company] = rows.GetString(7);
            }
        }
    }

    private void Add(string company, long sequence, decimal amount)
    {
        if (!cash.TryGetValue(company, out var sums))
        {
            cash.Add(company, sums = []);
        }

        sums.Add((sequence, (sums.Count > 0 ? sums[^1].Sum : 0) + amount));
    }

    /// <summary>What services said that the account comes to is what the events up to there do.</summary>
    private void CompareBalances(Told told)
    {
        foreach (var said in told.Balances)
        {
            var sum = cash.GetValueOrDefault(said.Company, [])
                .LastOrDefault(each => each.Sequence <= said.Sequence).Sum;
            if (said.Amount != sum)
            {
                broken.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{said.Path} says that {Document.Cash} comes to {said.Amount} at event {said.Sequence}, and it is "
                        + $"{sum}"));
            }
        }
    }

    private void Compare(Told told)
    {
        foreach (var (document, isAcknowledged, sequence, isDenied) in told.Standings)
        {
            var isRecorded = versions.ContainsKey((document.Company, document.Stream));
            if (isAcknowledged && !isRecorded)
            {
                broken.Add($"{document.Path} was acknowledged and is not recorded");
            }

            // The events of a reversal stand in two streams, one called after the other.
            if (isAcknowledged && document.Id is not null
                && (!bySequence.TryGetValue(sequence, out var at) || at.Company != document.Company
                    || (document.Stream != at.Stream && document.Stream != $"{at.Stream}~reversal")))
            {
                broken.Add($"{document.Path} was acknowledged as event {Text(sequence)}, which is {at}");
            }

            if (isAcknowledged && document.Content() is { } content
                && contents.GetValueOrDefault((document.Company, document.Stream)) is var held && held != content)
            {
                broken.Add($"{document.Path} was acknowledged as {content}, and is recorded as {held}");
            }

            if (isDenied && isRecorded && document.Id is not null)
            {
                broken.Add($"{document.Path} is recorded although every answer said that it is not");
            }
        }

        broken.AddRange(told.Unsettled.Select(document => $"{document.Path} never came to an answer"));
    }

    private async Task VerifyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                var report = await new Verification(database, catalog ?? EventCatalog.Ledger).RunAsync();
                broken.AddRange(report.Findings.Select(finding => finding.ToString()));
                return;
            }
            catch (ProjectionException) when (!patience.IsCancellationRequested)
            {
                // The server has not yet noticed that the one before has ended.
                await Task.Delay(50);
            }
        }
    }

    private void Must(bool holds, long sequence, string what)
    {
        if (!holds)
        {
            broken.Add($"Event {Text(sequence)} {what}.");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
