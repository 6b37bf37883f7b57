using Ledger.Api.Limits;
using Ledger.EventStore;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Ledger.Api.Batches;

/// <summary>
/// Answers a batch of any size: the body is read as fast as its items are recorded and no faster, each alone and after
/// those before it; the results go out while it still comes in.
/// </summary>
public static class BatchStream
{
    /// <param name="decide">What becomes of one, on fresh states if need be.</param>
    public static async Task AnswerAsync<TCommand>(
        Call call,
        BatchItems<TCommand> items,
        BatchResults<TCommand> results,
        Func<TCommand, Reading, ValueTask<Verdict<Written>>> decide)
        where TCommand : class
    {
        ArgumentNullException.ThrowIfNull(call);
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(results);
        LetItTakeItsTime(call.Context);
        call.Context.Response.StatusCode = StatusCodes.Status200OK;
        call.Context.Response.ContentType = items.ContentType;
        var limits = call.Context.RequestServices.GetRequiredService<EdgeLimits>();
        var patience = TimeSpan.FromSeconds(limits.UnreadSeconds);
        await using var spool = new ResponseSpool(call.Context.Response.BodyWriter, limits.UnreadBytes);
        var next = items.ReadAsync(Transact.PortionMax);
        while (await next is { Count: > 0 } portion)
        {
            // The next items are read while these are recorded. They are decided after these, as the order says.
            var reading = items.ReadAsync(Transact.PortionMax).Preserve();
            try
            {
                await RecordAsync(call, portion, results, decide);
                spool.Write(results.Bytes);
                results.Clear();
                if (!await spool.RoomAsync(patience))
                {
                    Limit(call.Context, limits);
                    await IgnoreAsync(reading);
                    results.Write(new(portion[^1].Position + 1, null, NotRead(limits)), null);
                    break;
                }
            }
            catch
            {
                await IgnoreAsync(reading);
                throw;
            }

            next = reading;
        }

        results.End();
        spool.Write(results.Bytes);
        ExpectTheAnswerToBeRead(call.Context);
        if (!await spool.CompleteAsync(patience))
        {
            call.Context.Abort();
        }
    }

    /// <summary>The last result for a caller who may still read; one who does not is dropped.</summary>
    private static Problem NotRead(EdgeLimits limits) => RequestProblems.Of(
        RequestProblems.AnswerNotRead,
        $"{limits.UnreadBytes >> 20} MiB of results wait and nothing of them was read for {limits.UnreadSeconds} "
            + "seconds. Nothing from here on was recorded: read while you send, and send the rest again.");

    private static async Task RecordAsync<TCommand>(
        Call call,
        List<BatchItem<TCommand>> portion,
        BatchResults<TCommand> results,
        Func<TCommand, Reading, ValueTask<Verdict<Written>>> decide)
        where TCommand : class
    {
        var commands = new List<TCommand>(portion.Count);
        foreach (var item in portion)
        {
            if (item.Command is { } command)
            {
                commands.Add(command);
            }
        }

        var outcomes = await call.TransactManyAsync(commands, decide);
        var at = 0;
        foreach (var item in portion)
        {
            var outcome = item.Command is null ? null : outcomes[at++];
            if (outcome is Transacted<Written>.Done done)
            {
                call.Answers(done.Sequence);
            }

            results.Write(item, outcome);
        }
    }

    /// <summary>However large the body is and however slowly it comes or the answer is read: the caller is
    /// known.</summary>
    private static void LetItTakeItsTime(HttpContext context)
    {
        context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate = null;
        context.Features.GetRequiredFeature<IHttpMinResponseDataRateFeature>().MinDataRate = null;
    }

    /// <summary>What was begun to be read comes at least as fast as any other body, or ends.</summary>
    private static void Limit(HttpContext context, EdgeLimits limits) =>
        context.Features.GetRequiredFeature<IHttpMinRequestBodyDataRateFeature>().MinDataRate =
            new(limits.RequestBytesPerSecond, TimeSpan.FromSeconds(limits.GraceSeconds));

    /// <summary>Everything was sent, so the caller has nothing to do but to read.</summary>
    private static void ExpectTheAnswerToBeRead(HttpContext context) =>
        context.Features.GetRequiredFeature<IHttpMinResponseDataRateFeature>().MinDataRate =
            new(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(30));

    private static async Task IgnoreAsync<T>(ValueTask<T> reading)
    {
        try
        {
            await reading;
        }
        catch (Exception)
        {
            // The fault that ended the batch is the one to tell; this one follows from it.
        }
    }
}
