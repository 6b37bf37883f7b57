using Ledger.Api.OpenApi;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Api.Accounts;

/// <summary>The chart of accounts over HTTP, what changes it.</summary>
public static class AccountsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/accounts/{code}", PutAsync)
            .Needs(Permission.ChangeChart)
            .Is(
                "putAccount", "Accounts", "Opens an account, or changes it",
                "Type and currency are fixed by the first posting. To change an account that exists, send all of it "
                    + "with "
                + "`If-Match`; its version is the chart's at its last change.")
            .Changes()
            .Reads<AccountDetails>("""{"name": "Bank", "type": "asset", "names": {"bg": "Банка"}, "currency": "EUR"}""")
            .Writes<AccountWritten>(
                """{"account": "501", "version": 7, "sequence": 9, "recorded": "2026-01-02T08:00:00.123456Z"}""")
            .Refuses(Refusals.Of("Account", "Text", "Register").Except(["chart-template-unknown"]))
            .Refuses("company-unknown", "retained-earnings-not-equity");
        surface.Get("/companies/{company}/accounts/{code}", GetAsync)
            .Needs(Permission.ReadChart)
            .Is(
                "getAccount", "Accounts", "Reads an account as it was last sent",
                "What was left out is null, so that it can be changed and sent back with `If-Match`. The list of "
                + "accounts tells what was known at any moment; this is how it is now.")
            .Shows<AccountDetails>(ShownExample)
            .Refuses("company-unknown", "account-code-invalid", RequestProblems.AccountNotFound);
        surface.Put("/companies/{company}/chart/{template}", ApplyTemplateAsync)
            .Needs(Permission.ChangeChart)
            .Is(
                "applyChartTemplate", "Accounts", "Opens the accounts of a chart to start from",
                $"Charts are {string.Join(", ", ChartTemplates.Names.Select(name => $"`{name}`"))}. Accounts that "
                    + "exist stay as "
                + "they are, so it may be done again. It takes no body.")
            .Writes<TemplateWritten>(
                """{"template": "bg", "version": 120, "sequence": 122, "recorded": "2026-01-02T08:00:00.123456Z"}""")
            .Refuses(RequestProblems.BodyNotExpected)
            .Refuses("company-unknown", "chart-template-unknown", "retained-earnings-not-equity");
    }

    private const string ShownExample = """
        {"name": "Bank", "type": "asset", "names": {"bg": "Банка"}, "parent": null, "currency": "EUR", "postable": null,
        "archived": null, "requires": null, "bySign": null}
        """;

    private static async ValueTask GetAsync(Call call)
    {
        var code = CodeOf(call);
        await Registers.RequireCompanyAsync(call);
        var chart = await Registers.ReadAsync(call, Streams.Chart, Streams.ChartFold);
        var account = chart.State.Find(code) ?? throw RequestProblems.Fail(
            RequestProblems.AccountNotFound, $"The chart has no account '{Texts.Shown(code.Value)}'.");
        await Registers.WriteAsync(call, account.Details, account.Version);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var company = call.Company;
        var code = CodeOf(call);
        var details = await call.BodyAsync(AccountJson.Read, 0);
        var command = new PutAccount(code, details, call.IfMatch);
        var outcome = await call.TransactAsync(reading => AccountWrites.PutAsync(command, reading, call.Ledger.Facts));
        await Writes.AnswerAsync(
            call, outcome, static (json, account) => json.WriteString("account"u8, account.Value), code);
    }

    private static async ValueTask ApplyTemplateAsync(Call call)
    {
        var command = new ApplyChartTemplate(call.Route("template"));
        call.RequireNoBody();
        var outcome = await call.TransactAsync(reading => AccountWrites.ApplyTemplateAsync(command, reading));
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

/// <param name="Version">The chart's at the last change of this account.</param>
public sealed record AccountWritten(string Account, long Version, long Sequence, Instant Recorded);

/// <param name="Version">The chart's.</param>
public sealed record TemplateWritten(string Template, long Version, long Sequence, Instant Recorded);
