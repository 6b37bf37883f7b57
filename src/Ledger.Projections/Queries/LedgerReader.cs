using System.Data;
using Ledger.Domain.Companies;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Queries;

/// <summary>A question about a company.</summary>
/// <param name="AtLeast">The answer must rest on tables that have reached this sequence: read-your-writes.</param>
public sealed record Question(string Company, KnownAt KnownAt, long AtLeast = 0);

/// <summary>
/// Answers questions, each from one snapshot of the database. It waits until the tables have reached what the question
/// rests on, settles which knowledge is meant, and turns what cannot be answered into a refusal. It owns its source.
/// </summary>
/// <param name="loop">The loop of this process, which hurries when somebody waits; null where it has none.</param>
public sealed class LedgerReader(NpgsqlDataSource source, ProjectionLoop? loop = null) : IAsyncDisposable
{
    /// <summary>How long a question waits for the tables.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    internal NpgsqlDataSource Source => source;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>The answer, or why there is none; the function may send to the snapshot as often as it likes.</summary>
    public async Task<Answer<T>> AskAsync<T>(
        Question question, Func<Snapshot, Task<Answer<T>>> answer, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(answer);
        var started = TimeProvider.System.GetTimestamp();
        long? headAtFirst = null;
        var appendsPassed = false;
        for (var swaps = 0; ;)
        {
            Attempt<T> attempt;
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                await using var transaction =
                    await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
                var tables = await Tables.FindAsync(connection, cancellation);
                headAtFirst ??= tables.Head;
                var finality = new Finality(tables, headAtFirst.Value, appendsPassed);
                attempt = await TryAsync(question, finality, transaction, answer, cancellation);
                if (attempt.Wanted <= tables.Reached)
                {
                    return attempt.Answer;
                }

                if (TimeProvider.System.GetElapsedTime(started) >= WaitMax)
                {
                    return QueryRefusals.ProjectionBehind(
                        attempt.Wanted, tables.Reached, loop?.Status.Stopped);
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

            var atMost = WaitMax - TimeProvider.System.GetElapsedTime(started);
            if (!attempt.AppendsFirst)
            {
                await WaitAsync(attempt.Wanted, atMost, cancellation);
            }
            else if (await AppendLock.PassAsync(source, atMost, cancellation))
            {
                (appendsPassed, headAtFirst) = (true, null);
            }
        }
    }

    public ValueTask DisposeAsync() => source.DisposeAsync();

    private async Task WaitAsync(long wanted, TimeSpan atMost, CancellationToken cancellation)
    {
        if (loop is null || atMost <= TimeSpan.Zero || !await loop.WaitForAsync(wanted, atMost, cancellation))
        {
            await Task.Delay(Pause, cancellation);
        }
    }

    private static bool IsSwap(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure;

    private static async Task<Attempt<T>> TryAsync<T>(
        Question question,
        Finality finality,
        NpgsqlTransaction transaction,
        Func<Snapshot, Task<Answer<T>>> answer,
        CancellationToken cancellation)
    {
        var tables = finality.Tables;
        var wanted = question.AtLeast;
        if (question.KnownAt is KnownAt.OfSequence of)
        {
            if (of.Sequence > tables.Head)
            {
                return new(0, QueryRefusals.KnowledgeAhead(of.Sequence, tables.Head));
            }

            wanted = Math.Max(wanted, of.Sequence);
        }

        if (wanted > tables.Reached || tables.Version == 0)
        {
            return new(Math.Max(wanted, 1), default);
        }

        var connection = transaction.Connection!;
        var look = await Look.AtAsync(connection, tables, question.Company, KnownAt.Now, cancellation);
        if (look is null)
        {
            return new(0, CompanyRefusals.Unknown());
        }

        var today = look.Company!;
        var knowledge = look.Known;
        try
        {
            if (question.KnownAt is not KnownAt.Latest)
            {
                var instant = KnownAts.InstantOf(question.KnownAt, look.Zone);
                finality.Check(instant);
                var knownAt = instant is { } at ? new KnownAt.OfInstant(at) : question.KnownAt;
                look = (await Look.AtAsync(connection, tables, question.Company, knownAt, cancellation))!;
                knowledge = look.Known with { Instant = instant ?? look.Known.Instant };
            }

            // Before the company was registered its books were empty; what that looks like, its present settings say.
            var company = look.Company ?? today;
            return new(0, await answer(new(transaction, finality, look, company, knowledge, cancellation)));
        }
        catch (NotFinalException early)
        {
            return new(early.Wanted, default, early.AppendsFirst);
        }
    }

    /// <param name="Wanted">The sequence that the tables must have reached.</param>
    /// <param name="Answer">The answer, if they have.</param>
    /// <param name="AppendsFirst">An append may be recording right now what the question knows.</param>
    private readonly record struct Attempt<T>(long Wanted, Answer<T> Answer, bool AppendsFirst = false);
}
