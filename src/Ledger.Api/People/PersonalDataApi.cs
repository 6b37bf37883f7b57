using System.Text.Json;
using Ledger.Api.Approvals;
using Ledger.Api.Queries;
using Ledger.Domain.Approvals;
using Ledger.Domain.Keys;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.Projections.People;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.People;

/// <summary>What is kept on a natural person over HTTP: given to them, and erased.</summary>
public static class PersonalDataApi
{
    /// <summary>Events that are read and written at once.</summary>
    private const int PieceEvents = 500;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Delete("/companies/{company}/people/{person}/personal-data", EraseAsync)
            .Needs(Permission.ErasePersonalData)
            .Is(
                "erasePersonalData", "People", "Erases what is kept on a person",
                "What was given by consent is gone at once. What a law keeps is refused with the first day on which it "
                + "may go (`retainedUntil`), and goes by itself on that day; nothing has to be sent again. That of pay "
                + "is counted from the last pay or the end of employment, and comes later with later pay. Where no day "
                + "is known, since the person is employed or the company does not say how long it keeps data, the "
                + "request is refused; but beside data given by consent it is taken, and `waitsFor` says what has to "
                + "come. Erased data can be read by nobody: its keys are destroyed. Entries, amounts and balances stay "
                + "as they are. It needs a second person, where there is one.")
            .Writes<ErasureWritten>(ErasedExample)
            .MayWait()
            .Refuses(RequestProblems.BodyNotExpected, RequestProblems.ProjectionBehind)
            .Refuses("company-unknown", "person-unknown", "retention-unknown", "person-employed");
        surface.Get("/companies/{company}/people/{person}/data-export", ExportAsync)
            .Needs(Permission.ExportPersonalData, own: Permission.ExportOwnPersonalData)
            .Is(
                "exportPersonalData", "People", "Gives everything that is kept on a person",
                "Each text on the person, open as long as it was not erased, and each event that holds one, says what "
                + "became of them, is their payslip, names them in a key, a pay run or its payments, or is of an "
                + "approval that names them. Where the end of the document is missing it was cut off. Who read names "
                + "of the person stands in the access log.")
            .Knows()
            .Refuses("person-unknown")
            .Answers<PersonalDataExport>(StatusCodes.Status200OK, "All that is kept.", ExportExample)
            .Refuses(RequestProblems.NotAcceptable);
    }

    private static async ValueTask EraseAsync(Call call)
    {
        call.RequireNoBody();
        var person = call.Id("person");
        var outcome = await PersonalDataErasure.RequestAsync(
            call.Ledger, call.Company, person, call.Metadata, call.Ledger.Clock,
            async (reading, decide) => await call.StandsAsync(reading) is { } refusal ? refusal
                : await SecondPerson.SeeAsync(
                    await decide(reading), new(ApprovalKind.ErasePersonalData, person, person), reading, call.Doer));
        var purposes = outcome is Transacted<Written>.Done { Answer.Approval: null }
            ? await PurposesAsync(call, person)
            : [];
        await Writes.AnswerAsync(
            call,
            outcome,
            static (json, erased) =>
            {
                json.WriteString("person"u8, erased.person);
                json.WritePropertyName("purposes"u8);
                JsonSerializer.Serialize(json, erased.purposes, QueryJson.Options);
            },
            (person, purposes));
    }

    /// <summary>What became of each purpose by now.</summary>
    private static async Task<List<PurposeErasure>> PurposesAsync(Call call, string person)
    {
        var (company, _) = await ReadAsync(call, Streams.Company, Streams.CompanyFold);
        var (state, _) = await ReadAsync(call, Streams.Person(person), Streams.PersonFold);
        var today = Companies.CompanyWrites.TodayOf(company, call.Ledger.Clock);
        var purposes = state.Erased.Select(purpose => new PurposeErasure(purpose, true, null, null)).ToList();
        foreach (var data in await PersonalDataErasure.KeptAsync(call.Ledger, call.Company, person))
        {
            if (!state.Erased.Contains(data.Purpose))
            {
                purposes.Add(new(
                    data.Purpose, false, PersonDecider.Until(state, company, data, today),
                    PersonDecider.WaitsFor(company, data, today)));
            }
        }

        return purposes;
    }

    private static ValueTask<Loaded<TState>> ReadAsync<TState>(Call call, string stream, Fold<TState> fold) =>
        Registers.ReadAsync(call, stream, fold);

    private static async ValueTask ExportAsync(Call call)
    {
        var person = call.Id("person");
        if (!call.Caller.May(Permission.ExportPersonalData) && call.Caller.Person != person)
        {
            call.NoteDenied(person);
            throw new RequestException(Http.ProblemOf(PersonRefusals.Unknown(person)));
        }

        Accepted.Of(call.Context.Request, Http.Json);
        var first = await PageAsync(call, person, call.KnownAt(), after: 0);
        if (first.Refusal is { } refusal)
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(refusal));
            return;
        }

        call.NotePersonalDataRead(person);
        var page = first.Value!;
        using var stream = new Streaming(call, Http.Json);
        stream.Add(Beginning(call.Company, person, page.Known));
        if (await AddAllAsync(call, stream, person, page, each => each.Rows))
        {
            stream.Add("],\"events\":["u8);
            if (await AddAllAsync(call, stream, person, page, each => each.Events))
            {
                stream.Add("]}"u8);
                await stream.SendAsync();
            }
        }
    }

    /// <summary>The members of <see cref="PersonalDataExport"/> up to its first list.</summary>
    private static byte[] Beginning(string company, string person, Knowledge known)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new { Company = company, Person = person, KnownAt = known.Instant, KnownAtSequence = known.Sequence },
            QueryJson.Options);
        return [.. json.AsSpan()[..^1], .. ",\"rows\":["u8];
    }

    /// <summary>Adds the items of all pages to a list, each page as it comes, so that however much is kept, little of
    /// it is in memory.</summary>
    /// <returns>False when it could not go on, and the answer was cut off.</returns>
    private static async ValueTask<bool> AddAllAsync<T>(
        Call call, Streaming stream, string person, Page first, Func<Page, IEnumerable<T>> items)
    {
        var knownAt = new KnownAt.OfSequence(first.Known.Sequence);
        var isFirst = true;
        for (var page = first; ;)
        {
            foreach (var item in items(page))
            {
                stream.Add(isFirst ? ""u8 : ","u8);
                stream.AddJson(item);
                isFirst = false;
            }

            await stream.SendAsync();
            if (page.Events.Count < PieceEvents)
            {
                return true;
            }

            var next = await PageAsync(call, person, knownAt, page.Events[^1].Sequence);
            if (next.Refusal is { } refusal)
            {
                await stream.RefuseAsync(refusal);
                return false;
            }

            page = next.Value!;
        }
    }

    private static async ValueTask<Answer<Page>> PageAsync(Call call, string person, KnownAt knownAt, long after)
    {
        var answer = await call.AskAsync(
            knownAt, snapshot => PersonalDataQueries.OfAsync(snapshot, person, after, PieceEvents));
        if (answer.Value is not { } then)
        {
            return answer.Refusal!;
        }

        var opened = await Names.OpenAsync(call, [.. then.Texts.Select(each => each.Stored)]);
        var rows = then.Texts.Zip(opened, (each, text) => new PersonalDataRow(
            each.Stored.Place.Event, each.Event.Sequence, each.Event.Recorded, each.Event.Stream, each.Event.Type,
            each.Stored.Place.Path, text.Purpose, text.Text, text.IsErased)).ToList();
        var ofEvent = rows.ToLookup(row => row.Event);
        return new Page(
            then.Known,
            rows,
            [
                .. then.Events.Select(each => new PersonalDataEvent(
                    each.Id, each.Sequence, each.Recorded, each.Stream, each.Version, each.Type,
                    BodyOf(each, person, ofEvent[each.Id]))),
            ]);
    }

    /// <summary>Without the hash of a key, and of a run without what tells of others: whom else it names, and sums in
    /// which their pay is.</summary>
    private static JsonElement BodyOf(EventOnPerson of, string person, IEnumerable<PersonalDataRow> texts)
    {
        var opened = texts.Select(text => (text.Path, text.Value));
        return of.Stream == Streams.Keys ? OpenBodies.Of(of.Data, opened, without: ["sha256"])
            : of.Stream.StartsWith(PayRun.StreamPrefix, StringComparison.Ordinal)
            ? OpenBodies.Of(of.Data, opened, without: ["sum", "count", "sha256"], onlyOf: person)
            : OpenBodies.Of(of.Data, opened);
    }

    private sealed record Page(
        Knowledge Known, IReadOnlyList<PersonalDataRow> Rows, IReadOnlyList<PersonalDataEvent> Events);

    private const string ErasedExample = """
        {"person": "p-17", "purposes": [{"purpose": "consent", "erased": true, "retainedUntil": null, "waitsFor": null},
        {"purpose": "bookkeeping", "erased": false, "retainedUntil": "2037-01-01", "waitsFor": null}], "version": 2,
        "sequence": 1802, "recorded": "2026-02-01T09:00:00.123456Z"}
        """;

    private const string ExportExample = """
        {"company": "acme", "person": "p-17", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "rows": [{"event": "0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11", "sequence": 1741,
        "recorded": "2026-04-02T08:15:00.123456Z", "stream": "journal-entry/order-5512", "type": "journal_entry_posted",
        "path": "counterpartyPerson", "purpose": "bookkeeping", "value": "Ana Petrova", "erased": false}],
        "events": [{"event": "0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11", "sequence": 1741,
        "recorded": "2026-04-02T08:15:00.123456Z", "stream": "journal-entry/order-5512", "version": 1,
        "type": "journal_entry_posted", "data": {"bookedOn": "2026-03-31"}}]}
        """;
}

/// <summary>What became of the data of one purpose.</summary>
/// <param name="Erased">Nobody can read it any more.</param>
/// <param name="RetainedUntil">Refused by law until this day, on which it goes by itself.</param>
/// <param name="WaitsFor">What has to come before that day is known; null where it is.</param>
public sealed record PurposeErasure(Purpose Purpose, bool Erased, LocalDate? RetainedUntil, ErasureWait? WaitsFor);

/// <param name="Version">Of the person's stream.</param>
public sealed record ErasureWritten(
    string Person, IReadOnlyList<PurposeErasure> Purposes, long Version, long Sequence, Instant Recorded);

/// <summary>Everything that is kept on a person.</summary>
public sealed record PersonalDataExport(
    string Company,
    string Person,
    Instant? KnownAt,
    long KnownAtSequence,
    IReadOnlyList<PersonalDataRow> Rows,
    IReadOnlyList<PersonalDataEvent> Events);

/// <summary>One text on the person.</summary>
/// <param name="Event">The id of the event that holds it.</param>
/// <param name="Path">Where in that event's data.</param>
/// <param name="Value">Null where it was erased.</param>
public sealed record PersonalDataRow(
    Guid Event,
    long Sequence,
    Instant Recorded,
    string Stream,
    string Type,
    string Path,
    Purpose Purpose,
    string? Value,
    bool Erased);

/// <summary>An event that holds data on the person, says what became of it, or names them.</summary>
/// <param name="Event">Its id.</param>
/// <param name="Data">As it is stored, with <c>value</c> where the ciphertext of a text on the person stands, without
/// the hash of a key, and of a pay run without sums and without others whom it names.</param>
public sealed record PersonalDataEvent(
    Guid Event,
    long Sequence,
    Instant Recorded,
    string Stream,
    long Version,
    string Type,
    JsonElement Data);
