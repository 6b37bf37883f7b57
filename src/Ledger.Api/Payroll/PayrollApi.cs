using System.Buffers;
using System.Text.Json;
using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Domain.Payroll;

namespace Ledger.Api.Payroll;

/// <summary>Payroll law over HTTP: the packs, and payslips calculated from what is sent, of which nothing is
/// recorded.</summary>
public static class PayrollApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/payroll/packs", ListAsync)
            .Needs(Permission.ReadPacks)
            .Is(
                "listPacks", "Payroll", "Lists the payroll packs",
                "A pack is the payroll law of a jurisdiction: dated figures with their sources, and formulas.")
            .NamesCompany()
            .Answers<PackList>(StatusCodes.Status200OK, "The packs, by name.", ListExample)
            .Refuses(RequestProblems.NotAcceptable);
        surface.Get("/payroll/packs/{pack}", ShowAsync)
            .Needs(Permission.ReadPacks)
            .Is(
                "getPack", "Payroll", "Shows a payroll pack",
                "Its elements of pay and how they are treated, JSON Schemas of what must be known of an employee and "
                + "of what was paid before, and every figure with its days, source and status.")
            .NamesCompany()
            .Answers<PackShown>(StatusCodes.Status200OK, "The pack.", PackExample)
            .Refuses(RequestProblems.NotAcceptable, "pack-not-found");
        surface.Post("/payroll/packs/{pack}/calculations", CalculateAsync)
            .Needs(Permission.CalculatePay)
            .Is(
                "calculatePayslip", "Payroll", "Calculates a payslip",
                "From pay, facts and what was paid before, by the law of the day; each line says why. `netTarget` "
                + "finds the pay that comes to a net instead. `lawKnownOn` takes only law that was published by then. "
                + "Nothing is recorded.")
            .NamesCompany()
            .Reads<CalculationRequest>(RequestExample)
            .Answers<CalculatedPayslip>(StatusCodes.Status200OK, "The payslip.", PayslipExample)
            .Refuses(RequestProblems.NotAcceptable)
            .Refuses(
                RequestProblems.AmountMalformed, RequestProblems.DateMalformed, RequestProblems.DateOutOfRange,
                RequestProblems.IntegerMalformed)
            .Refuses(OpenApi.Refusals.Of("Payroll"));
    }

    private const string ListExample = """
        {"rows": [{"name": "bg", "country": "BG", "engineVersion": 1, "description": "Bulgaria: …"}]}
        """;

    private const string PackExample = """
        {"name": "bg", "country": "BG", "engineVersion": 1, "description": "Bulgaria: contributions by fund …",
        "elements": [{"code": "salary", "treatments": ["insured", "taxed", "paidOut", "pensionable"],
        "description": "Basic pay for the time worked, and paid leave"}],
        "factsSchema": {"type": "object"}, "toDateSchema": {"type": "object"}, "settingsSchema": {"type": "object"},
        "figures": [{"name": "incomeTax", "from": "2026-01-01", "through": "2026-12-31", "values": ["0.10"],
        "published": null, "status": "secondary", "checked": "2026-11-27",
        "source": "Taxes on Income of Natural Persons Act, art. 48"}],
        "published": [{"sequence": 2, "recorded": "2026-01-02T08:00:00.123456Z", "engineVersion": 1, "figures": 55}]}
        """;

    private const string RequestExample = """
        {"payDate": "2026-01-31", "frequency": "monthly", "earnings": [{"element": "salary", "amount": "1500.00"}],
        "facts": {"bornBefore1960": false, "accidentRate": "0.4"}}
        """;

    private const string PayslipExample = """
        {"pack": "bg", "engineVersion": 1, "currency": "EUR", "payDate": "2026-01-31", "gross": "1500.00",
        "deductions": "336.03", "net": "1163.97", "employerContributions": "283.80",
        "lines": [{"code": "incomeTax", "kind": "tax", "amount": "129.33", "base": "1293.30", "rate": "0.10",
        "figure": "incomeTax", "because": "Income tax: taxable pay less the employee's contributions …",
        "steps": [{"name": "taxable pay of the month", "value": "1500.00", "figure": null}]}],
        "figures": [{"name": "incomeTax", "from": "2026-01-01", "through": "2026-12-31", "values": ["0.10"],
        "published": null, "status": "secondary", "checked": "2026-11-27",
        "source": "Taxes on Income of Natural Persons Act, art. 48"}]}
        """;

    private static ValueTask ListAsync(Call call) =>
        WriteAsync(call, new PackList([.. Packs.All.Select(PackRow.Of)]));

    private static async ValueTask ShowAsync(Call call)
    {
        var name = call.Route("pack");
        if (Packs.Find(name) is not { } pack)
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(Unknown(name)));
            return;
        }

        var published = await call.Ledger.PackPublications.OfAsync(name, call.Gone);
        await WriteAsync(call, PackShown.Of(pack, published.Select(each => new PublicationShown(
            each.Recorded.Sequence, each.Recorded.Recorded, each.Event.EngineVersion, each.Event.Figures.Count))));
    }

    private static async ValueTask CalculateAsync(Call call)
    {
        var name = call.Route("pack");
        var command = await call.BodyAsync(CalculationJson.Read, name);
        var lines = new PayslipLines(explains: true);
        if (PayslipDecider.Calculate(command, lines) is { } refusal)
        {
            await Http.WriteAsync(call.Context, Http.ProblemOf(refusal));
            return;
        }

        await WriteAsync(call, CalculatedPayslip.Of(command, Packs.Find(name)!, lines));
    }

    private static Refusal Unknown(string name) =>
        PayrollRefusals.PackUnknown(name, Packs.All.Select(pack => pack.Name));

    private static ValueTask WriteAsync<T>(Call call, T body)
    {
        Accepted.Of(call.Context.Request, Http.Json);
        var bytes = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(bytes, Http.JsonOptions))
        {
            JsonSerializer.Serialize(json, body, QueryJson.Options);
        }

        return Http.WriteAsync(call.Context, StatusCodes.Status200OK, Http.Json, bytes.WrittenMemory);
    }
}
