using Ledger.Api.Approvals;
using Ledger.Api.Queries;
using Ledger.Domain.Approvals;
using Ledger.Domain.Keys;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.Projections.People;
using NodaTime;

namespace Ledger.Api.People;

/// <summary>What is kept on a natural person over HTTP: given to them, and erased.</summary>
public static class PersonalDataApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Delete("/companies/{company}/people/{person}/personal-data", EraseAsync)
            .Needs(Permission.ErasePersonalData)
            .Is(
                "erasePersonalData", "People", "Erases what is kept on a person",
                "What was given by consent is gone at once. What a law keeps is refused with the first day on which it "
                + "may go (`retainedUntil`), and goes by itself on that day; nothing has to be sent again. Erased data "
                + "can be read by nobody: its keys are destroyed. Entries, amounts and balances stay as they are. It "
                + "needs a second person, where there is one.")
            .Writes<ErasureWritten>(ErasedExample)
            .MayWait()
            .Refuses(RequestProblems.BodyNotExpected, RequestProblems.ProjectionBehind)
            .Refuses("company-unknown", "person-unknown", "retention-unknown");
        surface.Get("/companies/{company}/people/{person}/data-export", ExportAsync)
            .Needs(Permission.ExportPersonalData, own: Permission.ExportOwnPersonalData)
            .Is(
                "exportPersonalData", "People", "Gives everything that is kept on a person",
                "Each text on the person, open as long as it was not erased, and each event that holds one or says "
                + "what became of them.")
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
                System.Text.Json.JsonSerializer.Serialize(json, erased.purposes, QueryJson.Options);
            },
            (person, purposes));
    }

    /// <summary>What became of each purpose by now.</summary>
    private static async Task<List<PurposeErasure>> PurposesAsync(Call call, string person)
    {
        var (company, _) = await ReadAsync(call, Streams.Company, Streams.CompanyFold);
        var (state, _) = await ReadAsync(call, Streams.Person(person), Streams.PersonFold);
        var today = Companies.CompanyWrites.TodayOf(company, call.Ledger.Clock);
        var purposes = state.Erased.Select(purpose => new PurposeErasure(purpose, true, null)).ToList();
        foreach (var data in await PersonalDataErasure.KeptAsync(call.Ledger, call.Company, person))
        {
            if (!state.Erased.Contains(data.Purpose))
            {
                purposes.Add(new(
                    data.Purpose, false, PersonDecider.Until(state, company, data, today)));
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
            throw new RequestException(Http.ProblemOf(PersonRefusals.Unknown(person)));
        }

        var answer = await call.AskAsync(
            call.KnownAt(), snapshot => PersonalDataQueries.OfAsync(snapshot, person));
        if (answer.Value is not { } then)
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(answer.Refusal!));
            return;
        }

        var opened = await Names.OpenAsync(call, [.. then.Texts.Select(each => each.Stored)]);
        call.NotePersonalDataRead(person);
        var rows = then.Texts.Zip(opened, (each, text) => new PersonalDataRow(
            each.Stored.Place.Event, each.Event.Sequence, each.Event.Recorded, each.Event.Stream, each.Event.Type,
            each.Stored.Place.Path, text.Purpose, text.Text, text.IsErased)).ToList();
        await call.WriteAsync<PersonalDataExport>(new PersonalDataExport(
            call.Company, person, then.Known.Instant, then.Known.Sequence, rows,
            [
                .. then.Events.Select(each => new PersonalDataEvent(
                    each.Id, each.Sequence, each.Recorded, each.Stream, each.Version, each.Type,
                    OpenBodies.Of(each.Data, rows.FindAll(row => row.Event == each.Id)))),
            ]));
    }

    private const string ErasedExample = """
        {"person": "p-17", "purposes": [{"purpose": "consent", "erased": true, "retainedUntil": null},
        {"purpose": "bookkeeping", "erased": false, "retainedUntil": "2037-01-01"}], "version": 2, "sequence": 1802,
        "recorded": "2026-02-01T09:00:00.123456Z"}
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
public sealed record PurposeErasure(Purpose Purpose, bool Erased, LocalDate? RetainedUntil);

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

/// <summary>An event that holds data on the person, or says what became of it.</summary>
/// <param name="Event">Its id.</param>
/// <param name="Data">As it is stored, with <c>value</c> where the ciphertext of a text on the person stands.</param>
public sealed record PersonalDataEvent(
    Guid Event,
    long Sequence,
    Instant Recorded,
    string Stream,
    long Version,
    string Type,
    System.Text.Json.JsonElement Data);
