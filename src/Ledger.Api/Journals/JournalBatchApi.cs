using Ledger.Api.Batches;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;

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

    /// <summary>A batch of entries.</summary>
    public static BatchKind<PostJournalEntry> Kind { get; } = new(
        "entry", "entries", "It has at most 1,000 lines: send more as several entries.",
        JournalJson.ReadEntryWithId,
        static (json, entry) => json.WriteString("id"u8, entry.Id),
        static (json, entry) =>
        {
            if (entry.ReverseOn is not null)
            {
                json.WriteString("reversal"u8, EntryIds.ReversalOf(entry.Id));
            }
        });

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
        var request = call.Context.Request;
        var type = ContentTypes.Require(request, Http.Json, Http.NdJson);
        var bytesMax = isAtomic ? Call.BodyBytesMax : long.MaxValue;
        BatchItems<PostJournalEntry> items = type == Http.Json
            ? new JsonListItems<PostJournalEntry>(Kind, request.BodyReader, bytesMax)
            : new NdJsonItems<PostJournalEntry>(Kind, request.BodyReader, bytesMax);
        await using var results = new BatchResults<PostJournalEntry>(items);
        if (isAtomic)
        {
            await AtomicBatch.AnswerAsync(call, items, results);
            return;
        }

        var doer = call.Doer;
        await BatchStream.AnswerAsync(
            call, items, results, (entry, reading) => JournalWrites.PostAsync(entry, reading, doer));
    }
}
