using Ledger.Api.OpenApi;
using Ledger.Domain.Companies;
using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Api.Companies;

/// <summary>Companies over HTTP.</summary>
public static class CompaniesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}", PutAsync)
            .Needs(Permission.ChangeCompany)
            .Is(
                "putCompany", "Companies", "Registers a company, or changes it",
                "Currency and start of the fiscal year are fixed by the first entry, digits of a unit are only ever "
                    + "raised. "
                + "To change a company that exists, send all of it with `If-Match`.")
            .Changes()
            .Reads<CompanySettings>(Example)
            .Writes<CompanyWritten>(
                """{"company": "acme", "version": 1, "sequence": 2, "recorded": "2026-01-02T08:00:00.123456Z"}""")
            .Refuses(RequestProblems.DayOfYearMalformed, RequestProblems.DateMalformed, RequestProblems.DateOutOfRange)
            .Refuses(RequestProblems.IntegerMalformed, "account-code-invalid")
            .Refuses(Refusals.Of("Company", "Text", "Register"));
        surface.Get("/companies/{company}", GetAsync)
            .Needs(Permission.ReadCompany)
            .Is(
                "getCompany", "Companies", "Reads a company as it was last sent",
                "What was left out is null, so that it can be changed and sent back with `If-Match`.")
            .Shows<CompanySettings>(ShownExample)
            .Refuses("company-unknown");
    }

    private const string Example = """
        {"name": "Acme Ltd", "currency": "EUR", "country": "BG", "retainedEarnings": "122"}
        """;

    private const string ShownExample = """
        {"name": "Acme Ltd", "currency": "EUR", "country": "BG", "timeZone": null, "fiscalYearStart": null,
        "retainedEarnings": "122", "digits": null, "booksFrom": null, "booksTo": null, "retention":
        null}
        """;

    private static async ValueTask GetAsync(Call call)
    {
        var company = await Registers.ReadAsync(call, Streams.Company, Streams.CompanyFold);
        var settings = company.State.Settings
            ?? throw new RequestException(Http.ProblemOf(CompanyRefusals.Unknown()));
        await Registers.WriteAsync(call, settings, company.Version);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var company = call.Company;
        var settings = await call.BodyAsync(CompanyJson.Read, 0);
        var command = new PutCompany(settings, call.IfMatch);
        var outcome = await call.TransactAsync(reading => CompanyWrites.PutAsync(command, reading, call.Ledger.Facts));
        await Writes.AnswerAsync(call, outcome, static (json, id) => json.WriteString("company"u8, id), company);
    }
}

public sealed record CompanyWritten(string Company, long Version, long Sequence, Instant Recorded);
