using System.Data;
using Ledger.Domain.Companies;
using Npgsql;
using NodaTime;

namespace Ledger.Projections.Queries;

/// <summary>A question about a company.</summary>
/// <param name="AtLeast">The answer must rest on tables that have reached this sequence: read-your-writes.</param>
public sealed record Question(string Company, KnownAt KnownAt, long AtLeast = 0);

/// <summary>
/// Answers questions, each from one snapshot of the database. It waits until the tables have reached what the question
/// rests on, settles which knowledge is meant, and turns what cannot be answered into a refusal. It owns its source.
/// </summary>
public sealed class LedgerReader(NpgsqlDataSource source) : IAsyncDisposable
{
    /// <summary>How often the tables are looked at while waiting: for two seconds, in growing steps.</summary>
    private static readonly int[] PausesMilliseconds =
        [1, 2, 4, 8, 15, 20, .. Enumerable.Repeat(30, 65)];

    /// <summary>The answer, or why there is none; the function may send to the snapshot as often as it likes.</summary>
    public async Task<Answer<T>> AskAsync<T>(
        Question question, Func<Snapshot, Task<Answer<T>>> answer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        long? headAtFirst = null;
        for (var (pauses, swaps) = (0, 0); ;)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                await using var transaction =
                    await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
                var tables = await Tables.FindAsync(connection, cancellation);
                headAtFirst ??= tables.Head;
                var (wanted, result) = await TryAsync(
                    question, headAtFirst.Value, tables, transaction, answer, cancellation);
                if (wanted <= tables.Reached)
                {
                    return result;
                }

                if (pauses == PausesMilliseconds.Length)
                {
                    return QueryRefusals.ProjectionBehind(wanted, tables.Reached);
                }
            }
            catch (SumTooLargeException)
            {
                return QueryRefusals.SumTooLarge;
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
            {
                cancellation.ThrowIfCancellationRequested();
                return QueryRefusals.TooLong;
            }
            catch (PostgresException e) when (IsSwap(e) && swaps < 3)
            {
                // A rebuild put other tables in place while this was asked; it is asked again of those.
                swaps++;
                continue;
            }

            await Task.Delay(PausesMilliseconds[pauses++], cancellation);
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private static bool IsSwap(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure;

    /// <summary>The sequence that the tables must have reached, and the answer if they have.</summary>
    private static async Task<(long Wanted, Answer<T> Answer)> TryAsync<T>(
        Question question,
        long headAtFirst,
        Tables tables,
        NpgsqlTransaction transaction,
        Func<Snapshot, Task<Answer<T>>> answer,
        CancellationToken cancellation)
    {
        var wanted = question.AtLeast;
        if (question.KnownAt is KnownAt.OfSequence of)
        {
            if (of.Sequence > tables.Head)
            {
                return (0, QueryRefusals.KnowledgeAhead(of.Sequence, tables.Head));
            }

            wanted = Math.Max(wanted, of.Sequence);
        }

        if (wanted > tables.Reached || tables.Version == 0)
        {
            return (Math.Max(wanted, 1), default);
        }

        var connection = transaction.Connection!;
        var look = await Look.AtAsync(connection, tables, question.Company, KnownAt.Now, cancellation);
        if (look is null)
        {
            return (0, CompanyRefusals.Unknown());
        }

        var knowledge = look.Known;
        if (question.KnownAt is not KnownAt.Latest)
        {
            var instant = InstantOf(question.KnownAt, look.Zone);

            // What was recorded up to an instant of the past is all there: then the answer stays the same for ever.
            if (instant <= tables.HeadAt && instant >= tables.ReachedAt && tables.Reached < headAtFirst)
            {
                return (headAtFirst, default);
            }

            var knownAt = instant is { } at ? new KnownAt.OfInstant(at) : question.KnownAt;
            look = (await Look.AtAsync(connection, tables, question.Company, knownAt, cancellation))!;
            knowledge = look.Known with { Instant = instant ?? look.Known.Instant };
        }

        return look.Company is null
            ? (0, QueryRefusals.CompanyNotKnownThen(question.Company, knowledge))
            : (0, await answer(new(transaction, tables, look, look.Company, knowledge, cancellation)));
    }

    /// <summary>The end of a day is a microsecond, what recordings are told in, before the next one begins there.</summary>
    private static Instant? InstantOf(KnownAt knownAt, DateTimeZone zone) => knownAt switch
    {
        KnownAt.OfInstant of => of.Instant,
        KnownAt.EndOf end when end.Day == LocalDate.MaxIsoValue => Instant.FromUtc(9999, 12, 31, 0, 0),
        KnownAt.EndOf end => end.Day.PlusDays(1).AtStartOfDayInZone(zone).ToInstant() - Duration.FromTicks(10),
        _ => null,
    };
}
