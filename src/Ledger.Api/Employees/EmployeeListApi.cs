using Ledger.Api.People;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Keys;
using Ledger.Domain.People;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Balances;
using Ledger.Projections.Employees;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Employees;

/// <summary>Who works for the company, on any day, as known at any moment.</summary>
public static class EmployeeListApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/employees/" + EmployeeDecider.ReservedId, CountAsync)
            .Needs(Permission.ReadPeople)
            .Is(
                "getHeadCount", "Employees", "Counts who has a contract on a day",
                "By pay group, position, place or type of contract, or by the values of a dimension "
                + "(`by=dimension:department`). Full-time equivalents are weekly hours by those of full time.")
            .Query("asOf", ParameterKind.Date, "The day; today by default.", "2026-03-31")
            .Query(
                "by", ParameterKind.Text,
                "`payGroup` (by default), `position`, `place`, `type`, or `dimension:` and its name.",
                "dimension:department")
            .Knows()
            .AnswersTable<HeadCount, HeadCountRow>(CountExample);
        surface.Get("/companies/{company}/employees", ListAsync)
            .Needs(Permission.ReadPeople)
            .Is(
                "listEmployees", "Employees", "Lists employees with their contracts on a day",
                "In the order of their ids, as known then; without a contract on that day its columns are null. Names "
                + "are null for those who may not open personal data, and where they were erased.")
            .Query("asOf", ParameterKind.Date, "The day on which contracts hold; today by default.", "2026-03-31")
            .Query("employed", ParameterKind.Flag, "Only who has a contract on that day.", "true")
            .Query("payGroup", ParameterKind.Text, "Only who is in that pay group on that day.", "sofia")
            .Query("dimension", ParameterKind.Text, "Only who has that value on that day.", "department:sales")
            .Query(
                "name", ParameterKind.Text, "Only who is called so; case and blanks make no difference.",
                "Ana Petrova")
            .Pages()
            .Knows()
            .AnswersTable<EmployeeList, EmployeeRow>(ListExample);
    }

    private static async ValueTask ListAsync(Call call)
    {
        var (cursor, limit) = (Cursor.Of(call, places: 2), call.Limit());
        var filter = new EmployeeFilter(
            cursor?.Place[0] ?? "", call.Query("payGroup"), DimensionOf(call), Flag(call, "employed"),
            call.Query("name") is { } called ? await call.PersonsCalledAsync(Purpose.Payroll, called) : null);
        var answer = await call.AskAsync<EmployeeList>(cursor?.KnownAt ?? call.KnownAt(), async snapshot =>
        {
            var asOf = cursor?.Day(1) ?? DayOf(call, snapshot);
            var rows = await EmployeeQueries.ListAsync(
                snapshot, await CalledAsync(call, snapshot, filter), asOf, limit + 1);
            var known = snapshot.Knowledge;
            IReadOnlyList<EmployeeRow> page = rows.Count > limit ? [.. rows.Take(limit)] : rows;
            return new EmployeeList(
                snapshot.Company.Code, asOf, known.Instant, known.Sequence, call.Asked(), page,
                rows.Count > limit ? Cursor.Write(call, known.Sequence, page[^1].Employee, Day(asOf)) : null);
        });
        answer = await call.WithNamesAsync(
            answer, async list => list with { Rows = await NamedAsync(call, list.Rows) });
        await call.WriteTableAsync(answer, list => list.Rows, list => list.Next);
    }

    private static async ValueTask CountAsync(Call call)
    {
        var (by, dimension) = ByOf(call);
        var answer = await call.AskAsync<HeadCount>(call.KnownAt(), async snapshot =>
        {
            var asOf = DayOf(call, snapshot);
            var rows = await HeadCountQueries.CountAsync(snapshot, asOf, by, dimension);
            return new HeadCount(
                snapshot.Company.Code, asOf, snapshot.Knowledge.Instant, snapshot.Knowledge.Sequence, call.Asked(),
                rows);
        });
        await call.WriteTableAsync(answer, count => count.Rows);
    }

    private static async ValueTask<IReadOnlyList<EmployeeRow>> NamedAsync(Call call, IReadOnlyList<EmployeeRow> rows)
    {
        if (rows.Count == 0)
        {
            return rows;
        }

        call.NotePersonalDataRead(rows.Count == 1 ? rows[0].Employee : null);
        if (!call.MayReadPersonalData)
        {
            return rows;
        }

        var opened = await Names.OpenAsync(call, [.. rows.Select(row => row.Stored())]);
        return [.. rows.Zip(opened, (row, name) => row with { Name = name.Text, Erased = name.IsErased })];
    }

    /// <summary>The same with only those who were ever called so. What finds them may hold other texts on employees,
    /// too: those that were recorded before it took names only.</summary>
    private static async ValueTask<EmployeeFilter> CalledAsync(Call call, Snapshot snapshot, EmployeeFilter filter)
    {
        if (filter.Ids is not { Length: > 0 } found || call.Query("name") is not { } called)
        {
            return filter;
        }

        var names = await EmployeeQueries.NamesAsync(snapshot, found);
        var opened = await Names.OpenAsync(call, [.. names.Select(each => each.Stored)]);
        return filter with
        {
            Ids =
            [
                .. names.Zip(opened)
                    .Where(each => each.Second.Text is { } name && BlindIndex.AreSame(name, called))
                    .Select(each => each.First.Employee).Distinct(),
            ],
        };
    }

    private static LocalDate DayOf(Call call, Snapshot snapshot) =>
        call.Day("asOf") ?? snapshot.DayOf(call.Ledger.Clock.GetCurrentInstant());

    private static string Day(LocalDate day) => LocalDatePattern.Iso.Format(day);

    private static bool Flag(Call call, string name) => call.Query(name) switch
    {
        null or "false" => false,
        "true" => true,
        var other => throw Call.Malformed(name, other, "true or false"),
    };

    private static DimensionValue? DimensionOf(Call call) => call.Query("dimension") is not { } text ? null
        : text.Split(':') is [var dimension, var value] && Ids.IsValid(dimension) && Ids.IsValid(value)
        ? new(dimension, value)
        : throw Call.Malformed("dimension", text, "a dimension and a value such as department:sales");

    private static (HeadCountBy By, string? Dimension) ByOf(Call call) => call.Query("by") switch
    {
        null or "payGroup" => (HeadCountBy.PayGroup, null),
        "position" => (HeadCountBy.Position, null),
        "place" => (HeadCountBy.Place, null),
        "type" => (HeadCountBy.Type, null),
        var text when text.Split(':') is ["dimension", var name] && Ids.IsValid(name) => (HeadCountBy.Dimension, name),
        var other => throw Call.Malformed(
            "by", other, "payGroup, position, place, type, or a dimension such as dimension:department"),
    };

    private const string CountExample = """
        {"company": "acme", "asOf": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "parameters": {"by": "dimension:department"}, "rows": [{"value": "sales", "employees": 12,
        "fullTimeEquivalents": "10.50"}]}
        """;

    private const string ListExample = """
        {"company": "acme", "asOf": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z", "knownAtSequence": 1742,
        "parameters": {}, "rows": [{"employee": "p-17", "name": "Ana Petrova", "erased": false, "contract": "c1",
        "position": "Shop assistant", "payGroup": "sofia", "pack": "bg", "type": "permanent", "weeklyHours": "40",
        "dimensions": {"department": "sales"}, "from": "2026-01-01", "to": null}], "next": null}
        """;
}

/// <summary>A page of employees; <c>Parameters</c> repeats what was asked.</summary>
/// <param name="AsOf">The day on which contracts hold.</param>
public sealed record EmployeeList(
    string Company,
    LocalDate AsOf,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<EmployeeRow> Rows,
    string? Next) : IKnown;

/// <summary>How many have a contract on a day; <c>Parameters</c> repeats what was asked.</summary>
public sealed record HeadCount(
    string Company,
    LocalDate AsOf,
    Instant? KnownAt,
    long KnownAtSequence,
    ValueMap<string> Parameters,
    IReadOnlyList<HeadCountRow> Rows) : IKnown;
