using Ledger.Domain.Companies;

namespace Ledger.Api.Companies;

/// <summary>Companies over HTTP.</summary>
public static class CompaniesApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}", PutAsync);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var company = call.Company;
        var settings = await call.BodyAsync(CompanyJson.Read, 0);
        var command = new PutCompany(settings, call.IfMatch);
        var outcome = await call.Ledger.Transact.RunAsync(
            company, call.Metadata, reading => CompanyWrites.PutAsync(command, reading, call.Ledger.Facts));
        await Writes.AnswerAsync(call, outcome, static (json, id) => json.WriteString("company"u8, id), company);
    }
}
