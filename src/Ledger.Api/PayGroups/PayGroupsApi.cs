using Ledger.Api.OpenApi;
using Ledger.Domain.Keys;
using Ledger.Domain.PayGroups;
using NodaTime;

namespace Ledger.Api.PayGroups;

/// <summary>Pay groups over HTTP.</summary>
public static class PayGroupsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/pay-groups/{group}", PutAsync)
            .Needs(Permission.ChangePayGroups)
            .Is(
                "putPayGroup", "Pay runs", "Adds a group of people who are paid together, or changes it",
                "It says by which law (`pack`), how often, and on which accounts. `periodEndDay` is for months that "
                + "do not end with the calendar's, `weekStart` the first day of any period of weeks. The pack never "
                + "changes. To change a group that exists, send all of it with `If-Match`.")
            .Changes()
            .Reads<PayGroupDetails>(Sent)
            .Writes<PayGroupWritten>(Example)
            .Refuses(Refusals.Of("PayGroup").Except(["pay-group-unknown", "pay-group-archived"]))
            .Refuses(Refusals.Of("Register"))
            .Refuses(
                RequestProblems.DateMalformed, RequestProblems.DateOutOfRange, RequestProblems.IntegerMalformed)
            .Refuses("company-unknown", "pack-not-found", "text-too-long");
        surface.Get("/companies/{company}/pay-groups/{group}", GetAsync)
            .Needs(Permission.ReadPayments)
            .Is("getPayGroup", "Pay runs", "Reads a pay group as it was last sent",
                "What was left out is null, so that it can be changed and sent back with `If-Match`.")
            .Shows<PayGroupDetails>(Sent)
            .Refuses("company-unknown", "pay-group-unknown");
        surface.Get("/companies/{company}/pay-groups", ListAsync)
            .Needs(Permission.ReadPayments)
            .Is("listPayGroups", "Pay runs", "Lists all pay groups", "In the order of their ids.")
            .Shows<PayGroupList>(
                $$"""{"company": "acme", "rows": [{"group": "office", "version": 1, "details": {{Sent}}}]}""")
            .Refuses("company-unknown");
    }

    private const string Sent = """
        {"pack": "bg", "frequency": "monthly", "accounts": {"grossPay": "604", "employerContributions": "605",
        "netPay": "421", "taxes": "454", "contributions": "461", "deductions": "499", "receivables": "422"},
        "name": "Office", "payDay": 5, "periodEndDay": null, "weekStart": null, "proration": "workingDays",
        "settings": null, "archived": null}
        """;

    private const string Example = """
        {"group": "office", "version": 1, "sequence": 12, "recorded": "2026-01-02T08:00:00.123456Z"}
        """;

    private static async ValueTask PutAsync(Call call)
    {
        var details = await call.BodyAsync(PayGroupJson.Read, 0);
        var command = new PutPayGroup(call.Id("group"), details, call.IfMatch);
        var outcome = await call.TransactAsync(
            reading => PayGroupWrites.PutAsync(command, reading, call.Ledger.Facts, call.Ledger.PayRunFacts));
        await Writes.AnswerAsync(
            call, outcome, static (json, put) => json.WriteString("group"u8, put.Group), command);
    }

    private static async ValueTask GetAsync(Call call)
    {
        var group = call.Id("group");
        await Registers.RequireCompanyAsync(call);
        var catalog = await Registers.ReadAsync(call, Streams.PayGroups, Streams.PayGroupsFold);
        var known = catalog.State.Find(group)
            ?? throw new RequestException(Http.ProblemOf(PayGroupRefusals.Unknown(group)));
        await Registers.WriteAsync(call, known.Details, known.Version);
    }

    private static async ValueTask ListAsync(Call call)
    {
        await Registers.RequireCompanyAsync(call);
        var catalog = await Registers.ReadAsync(call, Streams.PayGroups, Streams.PayGroupsFold);
        await Registers.WriteAsync(
            call,
            new PayGroupList(
                call.Company,
                [
                    .. catalog.State.Groups.Select(
                        each => new PayGroupRow(each.Key, each.Value.Version, each.Value.Details)),
                ]),
            catalog.Version);
    }
}

/// <param name="Version">That of all groups at its last change: the group's ETag.</param>
public sealed record PayGroupWritten(string Group, long Version, long Sequence, Instant Recorded);

/// <summary>All pay groups of a company.</summary>
public sealed record PayGroupList(string Company, IReadOnlyList<PayGroupRow> Rows);

/// <param name="Version">Its ETag.</param>
public sealed record PayGroupRow(string Group, long Version, PayGroupDetails Details);
