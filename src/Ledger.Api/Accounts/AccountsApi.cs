using Ledger.Domain;
using Ledger.Domain.Accounts;

namespace Ledger.Api.Accounts;

/// <summary>The chart of accounts over HTTP, what changes it.</summary>
public static class AccountsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/accounts/{code}", PutAsync);
        surface.Put("/companies/{company}/chart/{template}", ApplyTemplateAsync);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var company = call.Company;
        var code = CodeOf(call);
        var details = await call.BodyAsync(AccountJson.Read, 0);
        var command = new PutAccount(code, details, call.IfMatch);
        var outcome = await call.Ledger.Transact.RunAsync(
            company, call.Metadata, reading => AccountWrites.PutAsync(command, reading, call.Ledger.Facts));
        await Writes.AnswerAsync(
            call, outcome, static (json, account) => json.WriteString("account"u8, account.Value), code);
    }

    private static async ValueTask ApplyTemplateAsync(Call call)
    {
        var command = new ApplyChartTemplate(call.Route("template"));
        call.RequireNoBody();
        var outcome = await call.Ledger.Transact.RunAsync(
            call.Company, call.Metadata, reading => AccountWrites.ApplyTemplateAsync(command, reading));
        await Writes.AnswerAsync(
            call, outcome, static (json, template) => json.WriteString("template"u8, template), command.Template);
    }

    private static AccountCode CodeOf(Call call)
    {
        var code = call.Route("code");
        return AccountCode.IsValid(code)
            ? new(code)
            : throw new RequestException(Http.ProblemOf(AccountRefusals.CodeInvalid("The code", code)));
    }
}
