using System.Text.Json;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.PayRuns;

/// <summary>Nobody pays alone whom they could have made up, and nobody agrees to a run who does not count.</summary>
public sealed class PaySecondPersonTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Step Payment = Post("/pay-runs/2026-01/payment", PaymentOrder);

    [Fact]
    public async Task A_secret_that_somebody_else_made_neither_calculates_nor_approves_a_run_nor_pays_it()
    {
        var (shop, keys) = await ShopAsync();
        var petar = await keys.IssueAsync("petar", CompanyKeys.JsonOf(Role.Payroll, "petar"));
        (await keys.SendAsync(petar, Run("2026-01"))).IsProblem(403, "permission-missing");
        var boris = await keys.IssueAsync("boris", CompanyKeys.JsonOf(Role.Approver, "boris"));
        var calculated = await shop.CalculateAsync(Run("2026-01"));
        var refused = (await keys.SendAsync(boris, Approval(calculated))).IsProblem(403, "permission-missing");
        Assert.Contains("rotate it", Text(refused.Json, "detail"), StringComparison.Ordinal);
        (await keys.SendAsync(await keys.OwnAsync("boris", boris), Approval(calculated))).Is(201);
        (await shop.SendAsync(Posting("2026-01"))).Is(201);

        var bank = await keys.IssueAsync("bank", CompanyKeys.JsonOf(Role.Payer, "carla"));
        refused = (await keys.SendAsync(bank, Payment)).IsProblem(403, "permission-missing");
        Assert.Contains("rotate it", Text(refused.Json, "detail"), StringComparison.Ordinal);
        (await keys.SendAsync(await keys.OwnAsync("bank", bank), Payment)).Is(201);
        Assert.Equal("payment_file_issued", (await shop.EventsAsync())[^1]);
    }

    [Fact]
    public async Task Whoever_may_record_employees_pays_only_what_a_second_person_has_seen()
    {
        var (shop, keys) = await ShopAsync();
        var anna = await keys.IssueAsync("anna", Role.Approver, "anna");
        var books = await keys.IssueAsync("books", Role.Accountant, "boris");
        (await keys.SendAsync(anna, Approval(await shop.CalculateAsync(Run("2026-01"))))).Is(201);
        (await shop.SendAsync(Posting("2026-01"))).Is(201);
        var before = await shop.EventsAsync();

        var id = Text((await shop.SendAsync(Payment)).Is(202).Json, "approval");
        Assert.Equal(id, Text((await shop.SendAsync(Payment)).Is(202).Json, "approval"));
        (await shop.SendAsync(Get("/pay-runs/2026-01/payments?file=1"))).IsProblem(404, "payment-file-unknown");
        var row = (await keys.SendAsync(anna, Get($"/approvals/{id}"))).Is(200).Json;
        Assert.Equal(("releasePayments", "2026-01"), (Text(row, "kind"), Text(row, "subject")));
        Assert.Contains("\"sum\":\"1163.97\"", Text(row, "content"), StringComparison.Ordinal);
        Assert.Equal("{}", Text((await keys.SendAsync(books, Get($"/approvals/{id}"))).Is(200).Json, "content"));
        (await shop.SendAsync(Approve(id))).IsProblem(422, "approval-of-oneself");
        (await keys.SendAsync(anna, Approve(id))).Is(201);

        // Other content is another request: another account would be another file.
        var other = Payment with { Json = PaymentOrder.Replace("04-05", "04-06", StringComparison.Ordinal) };
        Assert.NotEqual(id, Text((await shop.SendAsync(other)).Is(202).Json, "approval"));
        (await shop.SendAsync(Payment)).Is(201);
        (await shop.SendAsync(Payment)).Is(200);
        Assert.Equal(
            [.. before, "approval_requested", "approval_given", "approval_requested", "payment_file_issued",
                "approval_used"],
            await shop.EventsAsync());
    }

    [Fact]
    public async Task Whoever_only_pays_does_it_alone_and_whoever_could_once_record_employees_does_not()
    {
        var (shop, keys) = await ShopAsync();
        var anna = await keys.IssueAsync("anna", Role.Approver, "anna");
        await keys.IssueAsync("hr", Role.People, "petar");
        (await shop.SendAsync(Post("/keys/hr/revocation", """{"reason": "Other work"}"""))).Is(201);
        var petar = await keys.IssueAsync("bank", Role.Payer, "petar");
        var carla = await keys.IssueAsync("bank-2", Role.Payer, "carla");
        (await keys.SendAsync(anna, Approval(await shop.CalculateAsync(Run("2026-01"))))).Is(201);
        (await shop.SendAsync(Posting("2026-01"))).Is(201);

        (await keys.SendAsync(petar, Payment)).Is(202);
        (await keys.SendAsync(carla, Payment)).Is(201);
        Assert.Equal("payment_file_issued", (await shop.EventsAsync())[^1]);
    }

    [Fact]
    public async Task In_hosted_books_whoever_holds_the_ledgers_key_approves_no_run_of_others()
    {
        var (shop, keys) = await ShopAsync("""{"exempt": ["changeKey"], "withoutLedgerOwner": true}""");
        var maria = await keys.IssueAsync("payroll", Role.Payroll, "maria");
        (await keys.SendAsync(maria, Run("2026-01"))).Is(202);
        var calculated = await shop.CalculatedAsync("2026-01");
        (await shop.SendAsync(Approval(calculated))).IsProblem(422, "approval-of-outsider");
        var anna = await keys.IssueAsync("anna", Role.Approver, "anna");
        (await shop.SendAsync(Approval(calculated))).IsProblem(422, "approval-of-outsider");
        (await keys.SendAsync(anna, Approval(calculated))).Is(201);
    }

    [Fact]
    public async Task In_hosted_books_without_any_person_whoever_sets_them_up_is_alone_and_that_is_recorded()
    {
        var (shop, _) = await ShopAsync("""{"withoutLedgerOwner": true}""");
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        Assert.Equal(["pay_run_approved", "approved_by_single_person"], (await shop.EventsAsync()).TakeLast(2));
    }

    [Theory]
    [InlineData("\"reversalAbove\": \"1000.00\"", 202)]
    [InlineData("\"reversalAbove\": \"5000.00\", \"payrollAccounts\": [\"netPay\"]", 201)]
    public async Task The_entry_of_a_run_is_reversed_by_the_limit_on_reversals(string settings, int status)
    {
        var (shop, keys) = await ShopAsync($$"""{"exempt": ["changeKey"], {{settings}}}""");
        var anna = await keys.IssueAsync("anna", Role.Approver, "anna");
        (await keys.SendAsync(anna, Approval(await shop.CalculateAsync(Run("2026-01"))))).Is(201);
        (await shop.SendAsync(Posting("2026-01"))).Is(201);

        var reversal = Reversal("2026-01", "2026-01-31");
        var answer = (await shop.SendAsync(reversal)).Is(status);
        if (status == 202)
        {
            var id = Text(answer.Json, "approval");
            var row = (await keys.SendAsync(anna, Get($"/approvals/{id}"))).Is(200).Json;
            Assert.Equal(("reverseEntry", "2026-01~pay"), (Text(row, "kind"), Text(row, "subject")));
            Assert.DoesNotContain("pay_run_reversed", await shop.EventsAsync());
            (await keys.SendAsync(anna, Approve(id))).Is(201);
            (await shop.SendAsync(reversal)).Is(201);
            Assert.Contains("approval_used", await shop.EventsAsync());
        }

        Assert.Contains("pay_run_reversed", await shop.EventsAsync());
    }

    private static Step Approve(string id) => new(HttpMethod.Post, $"/approvals/{id}/approval", null);

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>A shop with Ana, where one person issues keys.</summary>
    private async Task<(Scenario Shop, CompanyKeys Keys)> ShopAsync(string settings = """{"exempt": ["changeKey"]}""")
    {
        var shop = host.Given([.. PaidShop, Put("/four-eyes", settings)]);
        await shop.PrepareAsync();
        return (shop, new(host, shop.Company));
    }
}
