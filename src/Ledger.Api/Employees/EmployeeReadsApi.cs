using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Api.People;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Keys;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Employees;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>One employee over HTTP, as recorded: read from their events, so it is exact on both clocks.</summary>
public static class EmployeeReadsApi
{
    private const string Path = "/companies/{company}/employees/{employee}";

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get(Path, ShowAsync)
            .Needs(Permission.ReadPeople, own: Permission.ReadOwnPeople)
            .Is(
                "getEmployee", "Employees", "Shows all that is recorded of an employee",
                "As known then; with `asOf` only what is in force on that day. Each entry has its "
                + "`version`, to be sent "
                + "as `If-Match` when it is corrected. Texts on the person are open to those who may "
                + "open personal data "
                + "and to the employee, and null to others; whoever reads it is noted in the log of accesses.")
            .Query(
                "asOf", ParameterKind.Date, "Only what is in force on that day; by default everything.",
                "2026-03-31")
            .Knows()
            .Shows<EmployeeShown>(EmployeeExamples.Employee, "As known then. The ETag is that of `details`.")
            .Refuses("employee-unknown");
        surface.Get(Path + "/history", HistoryAsync)
            .Needs(Permission.ReadPeople, own: Permission.ReadOwnPeople)
            .Is(
                "listEmployeeHistory", "Employees", "Lists what was recorded of an employee, in order",
                "Who recorded it and when. In `data` a text on the person has its `value`, which is null for those who "
                + "may not open it, and where it was erased. `version` is what entries have, and what "
                + "lines of payslips "
                + "name as their cause.")
            .Pages()
            .Knows()
            .Refuses("employee-unknown")
            .AnswersTable<EmployeeHistory, EmployeeEventShown>(EmployeeExamples.History);
    }

    private static async ValueTask ShowAsync(Call call)
    {
        var (id, asOf) = (IdOf(call), call.Day("asOf"));
        Accepted.Of(call.Context.Request, Http.Json);
        var answer = await call.AskAsync(call.KnownAt(), async snapshot =>
            await EmployeeLog.EventsAsync(snapshot, id) is { Count: > 0 } events
                ? (events, snapshot.Knowledge)
                : (Answer<(IReadOnlyList<RecordedEvent>, Knowledge)>)EmployeeRefusals.Unknown(id));
        if (answer.Refusal is { } refusal)
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(refusal));
            return;
        }

        call.NotePersonalDataRead(id);
        var (recorded, known) = answer.Value;
        var employee = (await BodiesAsync(call, id, recorded)).Cast<EmployeeEvent>()
            .Aggregate(Employee.Initial, Employee.Evolve);
        await Registers.WriteAsync(
            call, EmployeeShown.Of(call.Company, id, employee, known, asOf), employee.Details!.Version);
    }

    private static async ValueTask HistoryAsync(Call call)
    {
        var id = IdOf(call);
        var (cursor, limit) = (Cursor.Of(call, places: 1), call.Limit());
        var after = cursor?.Number(0) ?? 0;
        var answer = await call.AskAsync(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
            await EmployeeLog.EventsAsync(snapshot, id, after, limit + 1) is { Count: > 0 } events
                ? (events, snapshot.Knowledge)
                : (Answer<(IReadOnlyList<RecordedEvent>, Knowledge)>)EmployeeRefusals.Unknown(id));
        await call.WriteTableAsync(
            answer.Refusal is { } refusal ? refusal : await PageAsync(call, id, answer.Value, limit),
            page => page.Rows,
            page => page.Next);
    }

    private static async ValueTask<Answer<EmployeeHistory>> PageAsync(
        Call call, string id, (IReadOnlyList<RecordedEvent> Events, Knowledge Known) then, int limit)
    {
        var page = then.Events.Take(limit).ToList();
        var rows = new List<EmployeeEventShown>(page.Count);
        var stored = page
            .SelectMany(each => EventCatalog.Ledger.SealedIn(each, EventCatalog.Ledger.Read(each))).ToList();
        IReadOnlyList<PersonalText> texts = MayOpen(call, id)
            ? await Names.OpenAsync(call, stored)
            : stored.ConvertAll(each => each.Text);
        call.NotePersonalDataRead(id);
        var ofEvent = stored.Zip(texts).ToLookup(
            each => each.First.Place.Event, each => (each.First.Place.Path, each.Second.Text));
        foreach (var each in page)
        {
            rows.Add(new(
                each.Sequence, each.Recorded, each.Actor, each.Version, each.Type,
                OpenBodies.Of(Encoding.UTF8.GetString(each.Data.Span), ofEvent[each.Id])));
        }

        return new EmployeeHistory(
            call.Company, then.Known.Instant, then.Known.Sequence, id, call.Asked(), rows,
            then.Events.Count > limit
                ? Cursor.Write(call, then.Known.Sequence, page[^1].Version.ToString(CultureInfo.InvariantCulture))
                : null);
    }

    /// <summary>The employee of the path, if the caller may read of them.</summary>
    /// <exception cref="RequestException">It is another one than the caller.</exception>
    internal static string IdOf(Call call)
    {
        var id = call.Id("employee");
        if (call.Caller.May(Permission.ReadPeople) || call.Caller.Person == id)
        {
            return id;
        }

        call.NoteDenied(id);
        throw new RequestException(Http.ProblemOf(EmployeeRefusals.Unknown(id)));
    }

    private static bool MayOpen(Call call, string id) => call.MayReadPersonalData || call.Caller.Person == id;

    /// <summary>The events, with texts on the person open for those who may read them.</summary>
    private static async ValueTask<IReadOnlyList<object>> BodiesAsync(
        Call call, string id, IReadOnlyList<RecordedEvent> recorded)
    {
        if (!MayOpen(call, id))
        {
            return [.. recorded.Select(EventCatalog.Ledger.Read)];
        }

        try
        {
            var (bodies, _) = await call.Ledger.Vault.ReadAsync(EventCatalog.Ledger, call.Company, recorded);
            return bodies;
        }
        catch (MasterKeyException missing)
        {
            throw RequestProblems.Fail(RequestProblems.StoreUnavailable, missing.Message);
        }
    }
}

/// <summary>What was recorded of an employee.</summary>
/// <param name="Version">Its number in the employee's stream.</param>
/// <param name="Data">As it is stored, with <c>value</c> where the ciphertext of a text on the person stands.</param>
public sealed record EmployeeEventShown(
    long Sequence, Instant Recorded, string? Actor, long Version, string Type, JsonElement Data);

/// <summary>A page of what was recorded of an employee; <c>Parameters</c> repeats what was asked.</summary>
public sealed record EmployeeHistory(
    string Company,
    Instant? KnownAt,
    long KnownAtSequence,
    string Employee,
    ValueMap<string> Parameters,
    IReadOnlyList<EmployeeEventShown> Rows,
    string? Next) : IKnown;
