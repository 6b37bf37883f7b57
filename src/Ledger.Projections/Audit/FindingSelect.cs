using System.Globalization;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>Puts together the statement of a page of findings.</summary>
internal sealed class FindingSelect
{
    /// <summary>What stands for a finding that is about the entry as a whole.</summary>
    public const string OfEntry =
        "null::text as account, null::text as contra, null::numeric as amount, null::text as unit, "
        + "null::text as related";

    /// <summary>Of a sort or a hash over all rows.</summary>
    public const string WorkMemory = "64MB";

    private readonly Snapshot snapshot;
    private readonly JournalScope scope;
    private readonly List<object> parameters;

    private FindingSelect(Snapshot snapshot, JournalScope scope, long before, long after, long through)
    {
        (this.snapshot, this.scope, Before, After, Through) = (snapshot, scope, before, after, through);
        parameters = [snapshot.Company.Code, after, through];
        var from = scope.From is { } first ? Add(first.ToDateOnly()) : null;
        var to = scope.To is { } last ? Add(last.ToDateOnly()) : null;
        var actor = scope.Actor is { } by ? $" and e.actor = {Add(by)}" : "";
        (Where, WhereLines) = (Within("e") + actor, Within("l"));

        string Within(string row) => $"{row}.company = $1 and {row}.position > $2 and {row}.position <= $3"
            + (from is null ? "" : $" and {row}.booked_on >= {from}")
            + (to is null ? "" : $" and {row}.booked_on <= {to}");
    }

    /// <summary>The entries <c>e</c> of the scope behind the page before; <c>$1</c> is the company, <c>$2</c> and
    /// <c>$3</c> are the positions between which they are.</summary>
    public string Where { get; }

    /// <summary>Their lines <c>l</c>; whose entries they are, lines do not know.</summary>
    public string WhereLines { get; }

    /// <summary>Positions from here on are not looked at.</summary>
    public long Through { get; }

    /// <summary>Positions up to here are not looked at: those up to <see cref="Before"/>, and those of pages before.
    /// </summary>
    public long After { get; }

    /// <summary>Positions up to here are none of the scope, on any page.</summary>
    public long Before { get; }

    /// <summary>The scope's positions are found first, so that each statement has them as numbers.</summary>
    /// <param name="paged">Findings come in the order of positions, so that a page begins behind the one before.
    /// </param>
    public static async Task<FindingSelect> OfAsync(Snapshot snapshot, JournalScope scope, bool paged = true)
    {
        var (before, through) = await PositionsAsync(snapshot, scope.Since, scope.Until);
        var after = paged ? Math.Max(before, scope.After?.Position ?? 0) : before;
        return new(snapshot, scope, before, after, through);
    }

    /// <summary>The last position before a span of recording, and the last one in it, as known then.</summary>
    public static async Task<(long After, long Through)> PositionsAsync(
        Snapshot snapshot, Instant? since, Instant? until)
    {
        var known = snapshot.Knowledge.Position;
        var found = await PositionsAtAsync(
            snapshot, [since is { } first ? JustBefore(first) : Instant.MinValue, until ?? Instant.MaxValue]);
        return (since is null ? 0 : found[0], until is null ? known : Math.Min(found[1], known));
    }

    /// <summary>The last position at or before each instant.</summary>
    public static async Task<IReadOnlyList<long>> PositionsAtAsync(Snapshot snapshot, IEnumerable<Instant> instants)
    {
        var found = snapshot.Ask(
            """
            select ledger_read.position_at($1, i.at) from unnest($2::timestamptz[]) with ordinality i (at, place)
            order by i.place
            """,
            row => row.GetInt64(0),
            snapshot.Company.Code,
            instants.Select(each => Bounded(each).ToDateTimeUtc()).ToArray());
        await snapshot.SendAsync();
        return found;
    }

    /// <summary>A microsecond, what recordings are told in, before it.</summary>
    public static Instant JustBefore(Instant instant) =>
        instant == Instant.MinValue ? instant : instant - Duration.FromTicks(10);

    /// <summary>Adds a parameter, and tells how the statement names it.</summary>
    public string Add(object value)
    {
        parameters.Add(value);
        return string.Create(CultureInfo.InvariantCulture, $"${parameters.Count}");
    }

    /// <summary>
    /// The page of entries for which <paramref name="finding"/> selects a row: account, contra, amount, unit, related
    /// and mark. They come in the order of recording.
    /// </summary>
    public Task<FindingsThen> PageAsync(
        string finding, Func<JournalFinding, long, string> because, params IReadOnlyList<string> remarks) =>
        SendAsync(
            $$"""
            select {{JournalFinding.Columns}}, 0::bigint
            from ledger_read.journal_entry_{v} e
            cross join lateral ({{finding}} offset 0) f
            where {{Where}}
            order by e.position
            limit {{Add(scope.Limit + 1)}}
            """,
            because,
            remarks);

    /// <summary>
    /// What is sent from here on sorts all rows instead of hashing them: there may be as many groups as rows, and they
    /// would not fit into memory.
    /// </summary>
    public void SortAll() => snapshot.Set(
        ("enable_seqscan", "on"), ("enable_sort", "on"), ("enable_hashagg", "off"), ("work_mem", WorkMemory));

    /// <summary>Sends a whole statement, whose rows end with their group, and cuts them to a page.</summary>
    public async Task<FindingsThen> SendAsync(
        string sql, Func<JournalFinding, long, string> because, IReadOnlyList<string> remarks)
    {
        var found = snapshot.Ask(
            sql,
            row => (Finding: JournalFinding.Read(row, snapshot.Company, because), Group: row.GetInt64(17)),
            [.. parameters]);
        await snapshot.SendAsync();
        if (found.Count <= scope.Limit)
        {
            return new([.. found.Select(each => each.Finding)], null, remarks);
        }

        var (last, group) = found[scope.Limit - 1];
        return new([.. found.Take(scope.Limit).Select(each => each.Finding)], new(group, last.Position), remarks);
    }

    /// <summary>Rows of another shape, by the same parameters.</summary>
    public async Task<Rows<T>> SumsAsync<T>(string sql, Func<NpgsqlDataReader, T> row)
    {
        var found = snapshot.Ask(sql, row, [.. parameters]);
        await snapshot.SendAsync();
        return found;
    }

    /// <summary>Databases know fewer years than the clock here.</summary>
    private static Instant Bounded(Instant instant) => Instant.Max(
        Instant.FromUtc(1, 1, 2, 0, 0), Instant.Min(instant, Instant.FromUtc(9999, 12, 30, 0, 0)));
}
