using Ledger.Api.Limits;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Ledger.Api.Journals;

/// <summary>
/// Many entries in one request. The body is read as fast as its entries are recorded and no faster, so that a batch may
/// have any size; the results go out while it still comes in.
/// </summary>
public static class JournalBatchApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Post("/companies/{company}/journal-entries:batch", PostAsync)
            .Needs(Permission.PostEntries)
            .Is(
                "postJournalEntries", "Journals", "Posts many entries",
                "A JSON list, or an entry a line, of any size. Each entry stands alone, and is decided after those "
                    + "before "
                + "it; there is one result for each, in order, in the type of the request. With `atomic` all are "
                + "recorded "
                + "in one append, or none: up to 1,000 entries and 8 MiB. The same batch may be sent again.")
            .Query("atomic", ParameterKind.Flag, "Records all entries or none.", "false")
            .Reads<BatchEntry[]>(ListExample)
            .Reads<BatchEntry>(LinesExample.ReplaceLineEndings(" "), Http.NdJson)
            .Answers<BatchResult[]>(StatusCodes.Status200OK, Each, ResultListExample)
            .Answers<BatchResult>(StatusCodes.Status200OK, Each, ResultLinesExample, Http.NdJson)
            .Answers<BatchResult[]>(StatusCodes.Status201Created, All, ResultListExample)
            .Answers<BatchResult>(StatusCodes.Status201Created, All, ResultLinesExample, Http.NdJson)
            .Refuses(RequestProblems.BatchTooLarge, RequestProblems.BatchRefused, RequestProblems.AnswerNotRead)
            .RefusesEntries();
    }

    private const string Each = "What became of each entry; with `atomic`, that all were recorded before.";
    private const string All = "With `atomic`: all are recorded.";

    private const string LinesExample = "{\"id\": \"order-1001\", " + JournalsApi.EntryFields + "}";
    private const string ListExample = "[" + LinesExample + "]";
    private const string ResultListExample = "[" + ResultExample + "]";
    private const string ResultLinesExample = ResultExample + "\n";
    private const string ResultExample = """
        {"id": "order-1001", "status": 201, "version": 1, "sequence": 1742, "recorded": "2026-01-31T16:20:00.123456Z"}
        """;

    private static async ValueTask PostAsync(Call call)
    {
        var isAtomic = call.Query("atomic") switch
        {
            null or "false" => false,
            "true" => true,
            var other => throw Call.Malformed("atomic", other, "true or false"),
        };
        var company = call.Company;
        var request = call.Context.Request;
        var type = ContentTypes.Require(request, Http.Json, Http.NdJson);
        var bytesMax = isAtomic ? Call.BodyBytesMax : long.MaxValue;
        BatchItems items = type == Http.Json
            ? new JsonListItems(request.BodyReader, bytesMax)
            : new NdJsonItems(request.BodyReader, bytesMax);
        await using var results = new BatchResults(items);
        if (isAtomic)
        {
            await AtomicBatch.AnswerAsync(call, company, items, results);
            return;
        }

        LetItTakeItsTime(call.Context);
        await StreamAsync(call, company, items, results);
    }

    private static async Task StreamAsync(Call call, string company, BatchItems items, BatchResults results)
    {
        call.Context.Response.StatusCode = StatusCodes.Status200OK;
        call.Context.Response.ContentType = items.ContentType;
        var limits = call.Context.RequestServices.GetRequiredService<EdgeLimits>();
        var patience = TimeSpan.FromSeconds(limits.UnreadSeconds);
        await using var spool = new ResponseSpool(call.Context.Response.BodyWriter, limits.UnreadBytes);
        var next = items.ReadAsync(Transact.PortionMax);
        while (await next is { Count: > 0 } portion)
        {
            // The next entries are read while these are recorded. They are decided after these, as the order says.
            var reading = items.ReadAsync(Transact.PortionMax).Preserve();
            try
            {
                await RecordAsync(call, company, portion, results);
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

    private static async Task RecordAsync(Call call, string company, List<BatchItem> portion, BatchResults results)
    {
        var entries = new List<PostJournalEntry>(portion.Count);
        foreach (var item in portion)
        {
            if (item.Entry is { } entry)
            {
                entries.Add(entry);
            }
        }

        var doer = call.Doer;
        var outcomes = await call.TransactManyAsync(
            entries, (entry, reading) => JournalWrites.PostAsync(entry, reading, doer));
        var at = 0;
        foreach (var item in portion)
        {
            var outcome = item.Entry is null ? null : outcomes[at++];
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

    private static async Task IgnoreAsync(ValueTask<List<BatchItem>> reading)
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
