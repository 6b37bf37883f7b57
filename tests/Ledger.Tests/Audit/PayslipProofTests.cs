using System.Text.Json;
using Ledger.Api.Audit;
using Ledger.Domain.Keys;
using Ledger.EventStore.Audit;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.PayRuns;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.Audit;

/// <summary>The proof of a payslip: who is shown how much, and what is noted of it.</summary>
public sealed class PayslipProofTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Path = "/audit/payslips/2026-01/p-17";

    [Fact]
    public async Task Employees_prove_the_payslip_in_force_and_are_shown_no_draft_and_each_reading_is_noted()
    {
        var shop = host.Given([.. PaidShop, .. Hired("e2")]);
        await shop.PrepareAsync();
        var keys = new CompanyKeys(host, shop.Company);
        var own = await keys.IssueAsync("own", Role.Employee, "ana");
        await shop.CalculateAsync(Run("2026-01"));
        (await shop.SendAsync(EmployeeSteps.Salary(amount: "1600.00", ifMatch: 3))).Is(201);
        (await shop.SendAsync(new(HttpMethod.Post, "/pay-runs/2026-01/calculation", null))).Is(202);
        var calculated = await shop.CalculatedAsync("2026-01");
        (await keys.SendAsync(own, Step.Get(Path))).IsProblem(404, "payslip-unknown");
        await shop.ApproveAsync(calculated);

        var shown = (await keys.SendAsync(own, Step.Get(Path))).Is(200);
        var whole = (await shop.SendAsync(Step.Get(Path))).Is(200);
        (await keys.SendAsync(own, Step.Get("/audit/payslips/2026-01/e2"))).IsProblem(404, "payslip-unknown");

        Assert.Equal(["payslip_calculated 1 hidden", "payslip_calculated 2 shown"], EventsOf(shown));
        Assert.Equal(["payslip_calculated 1 shown", "payslip_calculated 2 shown"], EventsOf(whole));
        foreach (var file in new[] { shown, whole })
        {
            var report = await VerifyAsync(shop, file.Body);
            Assert.True(report.Holds, string.Join('\n', report.Lines));
            Assert.StartsWith("payslip_calculated, version 2", report.Lines[1][(report.Lines[1].IndexOf(':') + 2)..],
                StringComparison.Ordinal);
        }

        await host.App.Services.GetRequiredService<AccessLog>().FlushAsync();
        var noted = (await shop.SendAsync(Step.Get("/access-log?person=p-17"))).Is(200).Json.GetProperty("rows")
            .EnumerateArray()
            .Where(row => row.GetProperty("code").GetString() == AccessLog.PersonalDataRead
                && row.GetProperty("route").GetString()!.Contains("/audit/payslips/", StringComparison.Ordinal));
        Assert.Equal(2, noted.Sum(row => row.GetProperty("count").GetInt64()));
    }

    private static IEnumerable<string> EventsOf(ApiAnswer file) => file.Json.GetProperty("events").EnumerateArray()
        .Select(each => $"{Envelope(each, "type")} {Envelope(each, "version")} "
            + (IsNull(each, "salt") && IsNull(each, "body") ? "hidden"
                : !IsNull(each, "salt") && !IsNull(each, "body") ? "shown" : "torn"));

    private static string Envelope(JsonElement shown, string member) =>
        shown.GetProperty("envelope").GetProperty(member).GetString()!;

    private static bool IsNull(JsonElement shown, string member) =>
        !shown.TryGetProperty(member, out var value) || value.ValueKind == JsonValueKind.Null;

    private static async Task<OfflineReport> VerifyAsync(Scenario shop, string file)
    {
        var path = System.IO.Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, file);
            var key = (await shop.SendAsync(Step.Get("/audit/key"))).Is(200).Json.GetProperty("keys")[0].GetString()!;
            return await OfflineVerification.RunAsync(new(path), VerifierKey.Parse(key)!, [], CancellationToken.None);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
