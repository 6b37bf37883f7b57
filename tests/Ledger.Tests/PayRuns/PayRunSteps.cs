using Ledger.Domain.PayGroups;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;

namespace Ledger.Tests.PayRuns;

/// <summary>What scenarios with pay runs begin with.</summary>
internal static class PayRunSteps
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly Step[] Chart =
    [
        Steps.Account("503", "Bank", "asset"),
        .. PayAccounts.All.Select(name => Steps.Account(name, name, name switch
        {
            PayAccounts.GrossPay or PayAccounts.EmployerContributions => "expense",
            PayAccounts.Receivables => "asset",
            _ => "liability",
        })),
    ];

    public static string GroupJson(string pack = "bg")
    {
        var accounts = string.Join(", ", PayAccounts.All.Select(name => $"\"{name}\": \"{name}\""));
        return $"{{\"pack\": \"{pack}\", \"frequency\": \"monthly\", \"accounts\": {{{accounts}}}}}";
    }

    public const string PaymentOrder =
        """{"account": "503", "iban": "BG80BNBG96611020345678", "executeOn": "2026-04-05"}""";

    /// <summary>A Bulgarian shop that pays Ana 1,500 a month from January 2026 on.</summary>
    public static readonly Step[] PaidShop =
    [
        .. EmployeeSteps.Shop, .. Chart, Step.Put("/pay-groups/sofia", GroupJson()), .. Hired("p-17"),
    ];

    public static IEnumerable<Step> Hired(string id, string amount = "1500.00") =>
    [
        EmployeeSteps.Ana(id), EmployeeSteps.Contract(id), EmployeeSteps.Salary(id: id, amount: amount),
        EmployeeSteps.Facts(id: id), EmployeeSteps.Account(id: id),
    ];

    public static Step Run(
        string period, string kind = "regular", string? id = null, string? employees = null) => Step.Put(
        $"/pay-runs/{id ?? period}",
        $$"""
        {"payGroup": "sofia", "period": "{{period}}", "payDate": "{{period}}-28", "kind": "{{kind}}",
        "employees": {{employees ?? "null"}}}
        """);

    /// <summary>Opens the run, waits for its payslips, and reads it.</summary>
    public static async Task<ApiAnswer> CalculateAsync(this Scenario shop, Step run)
    {
        (await shop.SendAsync(run)).Is(202);
        return await shop.CalculatedAsync(run.Path["/pay-runs/".Length..]);
    }

    public static async Task<ApiAnswer> CalculatedAsync(this Scenario shop, string run)
    {
        while (true)
        {
            var shown = (await shop.SendAsync(Step.Get($"/pay-runs/{run}"))).Is(200);
            var progress = shown.Json.GetProperty("progress");
            Assert.False(
                progress.ValueKind == System.Text.Json.JsonValueKind.Object
                    && progress.GetProperty("stopped").GetString() is not null,
                shown.Body);
            if (shown.Json.GetProperty("status").GetString() is not ("opened" or "calculating"))
            {
                return shown;
            }

            await Task.Delay(Pause);
        }
    }

    public static async Task ApproveAsync(this Scenario shop, ApiAnswer calculated) => (await shop.SendAsync(
        Approval(calculated))).Is(201);

    public static Step Approval(ApiAnswer calculated) => Step.Post(
        $"/pay-runs/{calculated.Json.GetProperty("run").GetString()}/approval",
        $$"""{"sha256": "{{calculated.Json.GetProperty("sha256").GetString()}}"}""");

    public static Step Posting(string run) => new(HttpMethod.Post, $"/pay-runs/{run}/posting", null);

    /// <summary>The lines of a payslip, each with its code, the month that it is for, and its amount.</summary>
    public static async Task<string> LinesAsync(this Scenario shop, string run, string employee = "p-17")
    {
        var slip = (await shop.SendAsync(Step.Get($"/employees/{employee}/payslips/{run}"))).Is(200).Json;
        return string.Join(", ", slip.GetProperty("lines").EnumerateArray()
            .Where(line => line.GetProperty("kind").GetString() == "earning")
            .Select(line => line.GetProperty("code").GetString()
                + (line.GetProperty("earnedThrough").GetString() is { } end ? $" {end[..7]}" : "")
                + $" {line.GetProperty("amount").GetString()}"));
    }

    /// <summary>Every account with its balance.</summary>
    public static async Task<string> BalancesAsync(this Scenario shop) => string.Join(", ",
        (await shop.SendAsync(Step.Get("/balances?asOf=2026-12-31"))).Is(200).Json.GetProperty("rows").EnumerateArray()
            .Select(row => $"{row.GetProperty("account").GetString()} {row.GetProperty("balance").GetString()}"));
}
