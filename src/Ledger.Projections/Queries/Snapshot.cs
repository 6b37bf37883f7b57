using System.Globalization;
using Ledger.Projections.Companies;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Queries;

/// <summary>
/// The books of one company as they stand in one snapshot of the database, up to what the question knows. Questions are
/// asked with <see cref="Ask{T}"/>, sent together by <see cref="SendAsync"/> in one round trip, and then hold their
/// rows.
/// </summary>
public sealed class Snapshot
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly Finality finality;
    private readonly Tables tables;
    private readonly Look look;
    private readonly string version;
    private readonly CancellationToken cancellation;
    private readonly List<Pending> waiting = [];

    internal Snapshot(
        NpgsqlTransaction transaction,
        Finality finality,
        Look look,
        CompanyThen company,
        Knowledge knowledge,
        CancellationToken cancellation)
    {
        this.transaction = transaction;
        connection = transaction.Connection!;
        this.finality = finality;
        tables = finality.Tables;
        this.look = look;
        version = "_" + tables.Version.ToString(CultureInfo.InvariantCulture);
        Company = company;
        Knowledge = knowledge;
        this.cancellation = cancellation;
    }

    /// <summary>The company with the settings that were known then.</summary>
    public CompanyThen Company { get; }

    public Knowledge Knowledge { get; }

    /// <summary>Positions up to here are in movement cells.</summary>
    internal long Covered => look.Covered;

    /// <summary>The last position in the tables, whatever the question knows.</summary>
    internal long Position => look.Position;

    internal int BlockSize => tables.BlockSize;

    /// <summary>The day of an instant in the company's present time zone.</summary>
    public LocalDate DayOf(Instant instant) => instant.InZone(look.Zone).Date;

    /// <summary>Another knowledge of the same books, for a comparison.</summary>
    /// <exception cref="NotFinalException">It is not final yet: the question is then asked again by itself.</exception>
    internal async Task<Knowledge> SettleAsync(KnownAt knownAt)
    {
        var instant = InstantOf(knownAt);
        var at = await Look.AtAsync(
            connection, tables, Company.Code, instant is { } end ? new KnownAt.OfInstant(end) : knownAt, cancellation);
        return at!.Known with { Instant = instant ?? at.Known.Instant };
    }

    /// <summary>The instant that is meant; null for what names none.</summary>
    /// <exception cref="NotFinalException">It is not final yet: the question is then asked again by itself.</exception>
    public Instant? InstantOf(KnownAt knownAt)
    {
        var instant = KnownAts.InstantOf(knownAt, look.Zone);
        finality.Check(instant);
        return instant;
    }

    /// <param name="sql">Tables are named <c>ledger_read.journal_line_{v}</c>; parameters are $1, $2 ….</param>
    /// <param name="row">Reads one row.</param>
    /// <param name="parameters">In order. A null needs an <see cref="NpgsqlParameter"/> with its type.</param>
    internal Rows<T> Ask<T>(string sql, Func<NpgsqlDataReader, T> row, params object[] parameters)
    {
        var rows = new Rows<T>();
        waiting.Add(new(sql, parameters, reader => rows.Add(row(reader))));
        return rows;
    }

    /// <summary>
    /// For a question that looks at all of the books: settings of the database for it and those behind it, where plans
    /// by index alone (<see cref="LedgerSource"/>) would read each row by itself, or in too little memory.
    /// </summary>
    internal void Set(params IReadOnlyList<(string Name, string Value)> settings) => Ask(
        "select set_config(s.name, s.value, true) from unnest($1::text[], $2::text[]) s (name, value)",
        row => row.GetString(0),
        settings.Select(each => each.Name).Append("plan_cache_mode").ToArray(),
        settings.Select(each => each.Value).Append("force_custom_plan").ToArray());

    /// <summary>Sends all questions that were asked since the last time.</summary>
    /// <exception cref="SumTooLargeException">A sum does not fit.</exception>
    internal async Task SendAsync()
    {
        if (waiting.Count == 0)
        {
            return;
        }

        await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = 0 };
        foreach (var pending in waiting)
        {
            var command = new NpgsqlBatchCommand(pending.Sql.Replace("_{v}", version, StringComparison.Ordinal));
            foreach (var parameter in pending.Parameters)
            {
                command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
            }

            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var pending in waiting)
        {
            while (await reader.ReadAsync(cancellation))
            {
                pending.Read(reader);
            }

            await reader.NextResultAsync(cancellation);
        }

        waiting.Clear();
    }

    private sealed record Pending(string Sql, object[] Parameters, Action<NpgsqlDataReader> Read);
}

/// <summary>The rows of a question; empty until the snapshot has sent it.</summary>
internal sealed class Rows<T> : List<T>;
