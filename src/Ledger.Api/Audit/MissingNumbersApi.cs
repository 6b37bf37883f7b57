using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Audit;

/// <summary>Numbers that are missing, over HTTP.</summary>
public static class MissingNumbersApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/audit/journal-tests/missing-numbers", FindAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "findMissingNumbers", "Audit", "Finds numbers that a series leaves out",
                "Of `entries`: the numbers of a fiscal year, which this program gives without gaps. Of `documents`: "
                + "the last digits of document numbers, by the document's type and the text before them; a series "
                + "ends with its last number, and only for one's own documents does a gap mean anything. One row a "
                + "gap.")
            .QueryOneOf("of", "Which numbers.", "entries", "documents")
            .Query("series", ParameterKind.Text, "Documents whose number begins so.", "INV-2026-")
            .Query("documentType", ParameterKind.Text, "Documents of this type.", "invoice")
            .Query(
                "least", ParameterKind.Integer,
                "Documents: only series of at least so many numbers; 10 by default.", "50")
            .Query("from", ParameterKind.Date, "Documents of entries booked from this day on.", "2026-01-01")
            .Query("to", ParameterKind.Date, "… and up to this day.", "2026-12-31")
            .Pages()
            .Knows()
            .AnswersTable<NumberGapList, NumberGap>(Example);
    }

    private static async ValueTask FindAsync(Call call)
    {
        var cursor = Cursor.Of(call, places: 3);
        var after = cursor is null ? null : new GapPlace(cursor.Place[0], cursor.Place[1], cursor.Number(2));
        var ofDocuments = call.Choice("of", NumbersOf.Entries, NumbersOf.Documents) == NumbersOf.Documents;
        if (!ofDocuments && Array.Find(OfDocuments, name => call.Query(name) is not null) is { } alone)
        {
            throw Call.Malformed(alone, call.Query(alone)!, "it only with of=documents, or leave it out");
        }

        var (days, limit, least) = (call.Days(), call.Limit(), (int)(call.Whole("least", 2, 1_000_000) ?? 10));
        var (series, type) = (call.Query("series") ?? "", call.Query("documentType"));
        var answer = await call.AskAsync<NumberGapList>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var scope = new JournalScope(days.From, days.To, null, null, null, null, limit);
            var found = ofDocuments
                ? await MissingNumbers.OfDocumentsAsync(snapshot, scope, series, type, least, after)
                : await MissingNumbers.OfEntriesAsync(snapshot, after, limit);
            var known = snapshot.Knowledge;
            return new NumberGapList(
                snapshot.Company.Code, known.Instant, known.Sequence, call.Asked(), found.Rows,
                found.Last is { } last
                    ? Cursor.Write(call, known.Sequence, last.DocumentType, last.Series, last.First.Text())
                    : null);
        });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private static readonly string[] OfDocuments = ["series", "documentType", "least", "from", "to"];

    private enum NumbersOf
    {
        Entries,
        Documents,
    }

    private const string Example = """
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "parameters":
        {"of": "documents", "series": "INV-2026-"}, "rows": [{"documentType": "invoice", "series": "INV-2026-",
        "first": 13, "last": 14, "missing": 2, "before": "order-5512", "after": "order-5520"}], "next": null}
        """;
}

/// <summary>A page of gaps; <c>Parameters</c> repeats what was asked.</summary>
public sealed record NumberGapList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<NumberGap> Rows,
    string? Next) : IKnown;
