using System.Globalization;
using Ledger.Api.People;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Projections.Journals;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Journals;

/// <summary>Journal entries over HTTP, what finds and reads them.</summary>
public static class JournalQueriesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/journal-entries", EntriesAsync)
            .Needs(Permission.ReadEntries, own: Permission.ReadOwnEntries)
            .Is(
                "listJournalEntries", "Journals", "Finds journal entries",
                "Entries that fit everything that is given, a page at a time. `parameters` repeats what was asked; "
                + "`next` is the cursor of the next page, and null at the end.")
            .Query("from", ParameterKind.Date, "The first booked day.", "2026-01-01")
            .Query("to", ParameterKind.Date, "The last booked day.", "2026-03-31")
            .Query("account", ParameterKind.Text, "Some line is on this account.", "501")
            .Query("fiscalYear", ParameterKind.Integer, "By the calendar year in which it begins.", "2026")
            .Query("number", ParameterKind.Integer, "The entry's number in its fiscal year.", "17")
            .QueryOneOf("kind", "What the entry is for.", "normal", "opening", "adjustment", "closing")
            .Query("reference", ParameterKind.Text, "Exactly this reference.", "order-5512")
            .Query("document", ParameterKind.Text, "Exactly this document number.", "INV-2026-0012")
            .Query("counterparty", ParameterKind.Text,
                "Exactly this organisation, or a natural person of this name, whatever its case.", "customer-77")
            .Query("person", ParameterKind.Text, "The counterparty is the natural person with this id.", "p-17")
            .Query("dimension", ParameterKind.Text, "Some line carries all of these values.",
                "department:sales,project:x")
            .Query("amountFrom", ParameterKind.Amount,
                "Some line's amount, in its unit or in the functional currency, is "
                + "at least this.", "100.00")
            .Query("amountTo", ParameterKind.Amount, "… and at most this.", "250.00")
            .Query("actor", ParameterKind.Text, "Recorded by this actor.", "key:k3yprefx")
            .Query("recordedFrom", ParameterKind.Knowledge, "Recorded at or after this instant, or day.", "2026-04-01")
            .Query("recordedTo", ParameterKind.Knowledge, "Recorded at or before this instant, or on this day.",
                "2026-04-05")
            .Query("text", ParameterKind.Text,
                "Stands in description, reference, counterparty, document number or a memo; names of natural persons "
                    + "are not found by it.",
                "refund")
            .QueryOneOf("sort", "By booked day, or in order of recording; with - the last first.",
                "bookedOn", "-bookedOn", "recorded", "-recorded")
            .Pages()
            .Knows()
            .AnswersTable<JournalEntryList, JournalRow>(ListExample);
        surface.Get("/companies/{company}/journal-entries/{id}", EntryAsync)
            .Needs(Permission.ReadEntries, own: Permission.ReadOwnEntries)
            .Is(
                "getJournalEntry", "Journals", "Reads a journal entry with its lines",
                "With its number, what it reverses and what reverses it, and who recorded it when, as known then.")
            .Knows()
            .Refuses("journal-entry-unknown")
            .Shows<JournalEntryAnswer>(EntryExample, "The entry, with the version that its writes answered.");
    }

    private static async ValueTask EntriesAsync(Call call)
    {
        var cursor = Cursor.Of(call, places: 2);
        var (order, descending) = OrderOf(call);
        var page = new JournalPage(order, descending, cursor is null ? null : PlaceIn(cursor), call.Limit());
        var filter = FilterOf(call) with
        {
            CounterpartyPersons = await call.PersonsCalledAsync(call.Query("counterparty")),
        };
        var answer = await call.AskAsync(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var found = await JournalQueries.EntriesAsync(snapshot, filter, page);
            return found.Refusal is { } refusal ? refusal : Listed(call, snapshot, found.Value!);
        });
        answer = await call.WithNamesAsync(
            answer, async list => list with { Rows = await call.WithNamesAsync(list.Rows) });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private static Answer<JournalEntryList> Listed(Call call, Snapshot snapshot, JournalEntriesThen found)
    {
        var known = snapshot.Knowledge;
        var next = found.Last is { } last
            ? Cursor.Write(
                call,
                known.Sequence,
                LocalDatePattern.Iso.Format(last.BookedOn),
                last.Position.ToString(CultureInfo.InvariantCulture))
            : null;
        return new JournalEntryList(
            snapshot.Company.Code, known.Instant, known.Sequence, call.Asked(), found.Rows, next);
    }

    private static async ValueTask EntryAsync(Call call)
    {
        var id = call.Route("id");
        if (!EntryIds.IsValid(id))
        {
            throw new RequestException(Http.ProblemOf(TextRefusals.IdInvalid("id", id)));
        }

        var answer = await call.AskAsync<JournalEntryAnswer>(call.KnownAt(), async snapshot =>
        {
            var found = await JournalQueries.EntryAsync(snapshot, id);
            return found.Refusal is { } refusal ? refusal
                : !OwnEntries.MayRead(call, found.Value!.Entry.Actor) ? OwnEntries.Denied(call, id)
                : new JournalEntryAnswer(
                    snapshot.Company.Code,
                    snapshot.Knowledge.Instant,
                    snapshot.Knowledge.Sequence,
                    found.Value!.Entry,
                    found.Value.Lines);
        });
        if (answer.Value is { } read)
        {
            // Its stream holds its posting and, once it is taken back, that it was.
            call.Context.Response.Headers.ETag = Http.ETag(read.Entry.ReversedBy is null ? 1 : 2);
        }

        await call.WriteAsync(await call.WithNamesAsync(
            answer, async entry => entry with { Entry = await call.WithNameAsync(entry.Entry) }));
    }

    private static JournalFilter FilterOf(Call call)
    {
        var dimension = call.Dimension();
        if (dimension.By is not null)
        {
            throw Call.Malformed("dimension", call.Query("dimension")!, "values such as department:sales,project:x");
        }

        var days = call.Days();
        var (amountFrom, amountTo) = (call.Amount("amountFrom"), call.Amount("amountTo"));
        if (amountFrom > amountTo)
        {
            throw Call.Malformed(
                "amountFrom", call.Query("amountFrom")!, $"no more than amountTo, which is {call.Query("amountTo")}");
        }

        return new(
            days.From,
            days.To,
            call.Query("account"),
            (int?)call.Whole("fiscalYear", 1900, 2199),
            call.Whole("number", 1, long.MaxValue),
            call.Choice("kind", EntryKind.Normal, EntryKind.Opening, EntryKind.Adjustment, EntryKind.Closing),
            call.Query("reference"),
            call.Query("document"),
            call.Query("counterparty"),
            dimension.Only,
            amountFrom,
            amountTo,
            ActorOf(call),
            call.KnownAt("recordedFrom"),
            call.KnownAt("recordedTo"),
            call.Query("text"),
            call.Query("person"));
    }

    private static string? ActorOf(Call call)
    {
        var asked = call.Query("actor");
        return OwnEntries.ActorFor(call) is not { } own ? asked
            : asked is null || asked == own ? own
            : throw Call.Malformed("actor", asked, $"{own}, whose entries are all that your key reads");
    }

    private static (JournalOrder Order, bool Descending) OrderOf(Call call) => call.Query("sort") switch
    {
        null or "bookedOn" => (JournalOrder.BookedOn, false),
        "-bookedOn" => (JournalOrder.BookedOn, true),
        "recorded" => (JournalOrder.Recorded, false),
        "-recorded" => (JournalOrder.Recorded, true),
        { } other => throw Call.Malformed("sort", other, "bookedOn, -bookedOn, recorded or -recorded"),
    };

    private static JournalPlace PlaceIn(Cursor cursor) => new(cursor.Day(0), cursor.Number(1));

    /// <summary>An entry as answers hold it.</summary>
    internal const string RowExample = """
        {"id": "order-5512", "fiscalYear": 2026, "number": 17, "bookedOn": "2026-03-31",
        "description": "Order 5512", "kind": "normal", "reference": null, "documentType": "invoice",
        "documentNumber": "INV-2026-0012", "documentDate": "2026-03-31", "documentSha256": null,
        "counterparty": "customer-77", "reverseOn": null, "corrects": null, "reverses": null, "reversedBy": null,
        "reason": null, "method": null, "currency": "EUR", "total": "119.00", "lineCount": 3, "position": 1200,
        "sequence": 1741, "recorded": "2026-04-02T08:15:00.123456Z", "actor": "key:k3yprefx", "correlation": null,
        "causation": null, "counterpartyPerson": null}
        """;

    /// <summary>A line as answers hold it.</summary>
    internal const string LineExample = """
        {"line": 1, "account": "501", "accountName": "Bank", "unit": "EUR", "debit": "119.00", "credit": "0.00",
        "baseDebit": "119.00", "baseCredit": "0.00", "memo": null, "dimensions": {"department": "sales"}}
        """;

    private const string ListExample = $$"""
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "parameters":
        {"account": "501"}, "rows": [{{RowExample}}], "next": null}
        """;

    private const string EntryExample = $$"""
        {"company": "acme", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742, "entry": {{RowExample}},
        "lines": [{{LineExample}}]}
        """;
}

/// <summary>A page of entries; <c>Parameters</c> repeats what was asked.</summary>
public sealed record JournalEntryList(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<JournalRow> Rows,
    string? Next) : IKnown;

/// <summary>An entry whole.</summary>
public sealed record JournalEntryAnswer(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    JournalRow Entry,
    IReadOnlyList<JournalLineRow> Lines) : IKnown;
