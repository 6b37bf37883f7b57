using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Dimensions;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Dimensions;

/// <summary>Dimensions over HTTP, what lists them.</summary>
public static class DimensionQueriesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/dimensions", ListAsync)
            .Needs(Permission.ReadChart)
            .Is(
                "listDimensionValues", "Dimensions", "Lists all values of all dimensions",
                "In the order of their ids, as known then. `version` is the value's ETag: send it as If-Match to "
                + "change the value.")
            .Pages()
            .Knows()
            .AnswersTable<DimensionValueList, DimensionValueThen>(Example);
    }

    private static async ValueTask ListAsync(Call call)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 2), call.Limit());
        var answer = await call.AskAsync<DimensionValueList>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var rows = (await DimensionValues.AllAsync(snapshot))
                .Where(each => cursor is null || IsBehind(each, cursor)).Take(limit + 1).ToArray();
            var known = snapshot.Knowledge;
            return new DimensionValueList(
                snapshot.Company.Code,
                known.Instant,
                known.Sequence,
                call.Asked(),
                rows.Length > limit ? rows[..limit] : rows,
                rows.Length > limit
                    ? Cursor.Write(call, known.Sequence, rows[limit - 1].Dimension, rows[limit - 1].Value)
                    : null);
        });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private static bool IsBehind(DimensionValueThen value, Cursor cursor) =>
        string.CompareOrdinal(value.Dimension, cursor.Place[0]) is var order
        && (order > 0 || (order == 0 && string.CompareOrdinal(value.Value, cursor.Place[1]) > 0));

    private const string Example = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "parameters": {},
        "rows": [{"dimension": "department", "value": "sales", "name": "Sales", "names": null, "archived": false,
        "version": 1}], "next": null}
        """;
}

/// <summary>A page of values of dimensions; <c>Parameters</c> repeats what was asked.</summary>
public sealed record DimensionValueList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<DimensionValueThen> Rows,
    string? Next) : IKnown;
