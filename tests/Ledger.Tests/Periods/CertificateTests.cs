using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Api;
using Ledger.Api.Periods;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.Periods.CertifiedBooks;

namespace Ledger.Tests.Periods;

public sealed class CertificateTests(CertifyingHost certifying) : IClassFixture<CertifyingHost>
{
    private readonly ApiHost host = certifying.Host;

    [Fact]
    public async Task A_closed_month_is_certified_with_the_figures_of_the_trial_balance()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2026-03-02", "1200.00"), Sale("e2", "2026-03-31"),
            Closed("2026-03")]);
        await books.PrepareAsync();

        var file = await books.CertifiedAsync("2026-03");
        var events = await books.RecordedAsync();

        var closing = events.Single(e => e.Type == "period_closed");
        Assert.Equal("period_certified", events[^1].Type);
        Assert.Equal(("service:certificates", closing.Id.ToString("D")), (events[^1].Actor, events[^1].CausationId));
        var body = BodyOf(file);
        Assert.Equal("backoffice-proof/1", file.GetProperty("format").GetString());
        Assert.Equal(
            ("1", "2026-03", "2026-03-02", "2026-03-31", closing.Id.ToString("D"), Text(closing.Sequence)),
            (Member(body, "format"), Member(body, "period"), Member(body, "from"), Member(body, "to"),
                Member(body, "closing"), Member(body, "closingSequence")));
        Assert.Equal(
            ("2", "1", "2", "1212", "1212", Text(events.Count - 1), null, closing.Actor, null),
            (Member(body, "entries"), Member(body, "firstNumber"), Member(body, "lastNumber"), Member(body, "debit"),
                Member(body, "credit"), Member(body, "size"), Member(body, "previous"), Member(body, "closedBy"),
                Member(body, "approvedBy")));
        Assert.False(body.GetProperty("alone").GetBoolean());
        Assert.Equal(
            TrialBalanceHash(events, closing.Sequence, "2026-03-02", "2026-03-31"), Member(body, "trialBalance"));
        Assert.Equal(
            HashOf("[" + string.Join(',', new[]
                {
                    ("100", "asset"), ("200", "liability"), ("300", "equity"), ("400", "income"), ("500", "expense"),
                }.Select(each =>
                    $$"""{"code":"{{each.Item1}}","currency":null,"parent":null,"type":"{{each.Item2}}"}""")) + "]"),
            Member(body, "chart"));
        var report = (await books.SendAsync(Get("/reports/trial-balance?from=2026-03-02&to=2026-03-31"))).Is(200);
        Assert.Equal("1212.00", report.Json.GetProperty("totals").GetProperty("debit").GetString());
        var grown = (await books.SendAsync(Get($"/audit/proofs/consistency?from={Member(body, "size")}"))).Is(200);
        Assert.Equal(grown.Json.GetProperty("fromRoot").GetString(), Member(body, "root"));
    }

    [Fact]
    public async Task A_month_goes_on_from_the_certified_one_before_even_without_entries()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2026-01-15"), Closed("2026-01"), Closed("2026-02"),
            Sale("e2", "2026-03-15"), Closed("2026-03")]);
        await books.PrepareAsync();

        var january = BodyOf(await books.CertifiedAsync("2026-01"));
        var february = BodyOf(await books.CertifiedAsync("2026-02"));
        var march = BodyOf(await books.CertifiedAsync("2026-03"));

        var events = await books.RecordedAsync();
        Assert.Equal(
            ("0", null, null, "0", "2026-02-01"),
            (Member(february, "entries"), Member(february, "firstNumber"), Member(february, "lastNumber"),
                Member(february, "debit"), Member(february, "from")));
        Assert.Equal(
            CertificateFormats.HashOf(
                Encoding.UTF8.GetBytes(january.GetRawText())),
            Member(february, "previous"));
        Assert.Equal(
            TrialBalanceHash(
                events, long.Parse(Member(march, "closingSequence")!, CultureInfo.InvariantCulture), "2026-03-01",
                "2026-03-31"),
            Member(march, "trialBalance"));
        Assert.Equal(("2", "2"), (Member(march, "firstNumber"), Member(march, "lastNumber")));
    }

    [Fact]
    public async Task Months_that_are_closed_together_have_one_certificate_and_the_others_name_it()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2025-12-15"), Sale("e2", "2026-02-15"),
            Closed("2026-03", through: true)]);
        await books.PrepareAsync();

        var march = BodyOf(await books.CertifiedAsync("2026-03"));

        Assert.Equal(
            ("2025-12-15", "2", "1", "1"),
            (Member(march, "from"), Member(march, "entries"), Member(march, "firstNumber"),
                Member(march, "lastNumber")));
        var covered = (await books.SendAsync(Certificate("2026-02"))).IsProblem(404, "certificate-unknown");
        Assert.Contains("2026-03", covered.Json.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        (await books.SendAsync(Certificate("2026-04"))).IsProblem(404, "certificate-unknown");
        (await books.SendAsync(Certificate("2026-03", "?version=2"))).IsProblem(404, "certificate-unknown");
        (await books.SendAsync(Reopened("2026-03"))).Is(201);
        (await books.SendAsync(Certificate("2026-02"))).IsProblem(404, "certificate-unknown");
    }

    [Fact]
    public async Task A_month_that_is_closed_again_has_both_certificates_and_what_lies_between()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2026-03-15"), Closed("2026-03")]);
        await books.PrepareAsync();
        var first = BodyOf(await books.CertifiedAsync("2026-03"));
        (await books.SendAsync(Reopened("2026-03"))).Is(201);
        (await books.SendAsync(Certificate("2026-03"))).IsProblem(404, "certificate-unknown");
        (await books.SendAsync(Sale("e2", "2026-03-20", "0.50"))).Is(201);
        (await books.SendAsync(Closed("2026-03"))).Is(201);

        var both = await books.CertifiedAsync("2026-03");

        Assert.Equal(2, both.GetProperty("events").GetArrayLength());
        var second = BodyOf(both);
        Assert.Equal(("12.5", null), (Member(second, "debit"), Member(second, "previous")));
        Assert.True(second.GetProperty("alone").GetBoolean());
        Assert.NotNull(Member(second, "approvedBy"));
        Assert.Equal(first.GetRawText(), BodyOf(await books.CertifiedAsync("2026-03", "?version=1")).GetRawText());
        var list = (await books.SendAsync(Get("/periods/2026-03/certificates"))).Is(200).Json;
        Assert.Equal(
            [false, true], list.GetProperty("certificates").EnumerateArray().Select(each =>
                each.GetProperty("inForce").GetBoolean()));
        var rows = list.GetProperty("restates").GetProperty("rows").EnumerateArray().Select(row => (
            row.GetProperty("account").GetString(), row.GetProperty("closing").GetProperty("before").GetString(),
            row.GetProperty("closing").GetProperty("change").GetString(),
            row.GetProperty("closing").GetProperty("now").GetString()));
        Assert.Equal([("100", "12", "0.5", "12.5"), ("400", "-12", "-0.5", "-12.5")], rows);
        var earlier = (await books.SendAsync(Get("/periods/2026-03/certificates?version=1"))).Is(200).Json;
        Assert.Equal(JsonValueKind.Null, earlier.GetProperty("restates").ValueKind);
    }

    [Fact]
    public async Task Other_currencies_units_without_a_price_and_red_corrections_are_summed_as_they_stand()
    {
        var books = host.Given([
            Put("", """{"name": "Acme", "currency": "EUR", "country": "BG", "digits": {"VACHR": 1}}"""),
            .. CompanyWithChart.Skip(1),
            Put("/journal-entries/usd", """
                {"bookedOn": "2026-03-02", "description": "Abroad", "lines": [
                    {"account": "100", "side": "debit", "amount": "100.10", "currency": "USD", "baseAmount": "92.07"},
                    {"account": "400", "side": "credit", "amount": "92.07"}]}
                """),
            Put("/journal-entries/hours", """
                {"bookedOn": "2026-03-03", "description": "Leave", "lines": [
                    {"account": "100", "side": "debit", "amount": "7.5", "currency": "VACHR", "baseAmount": "0.00"},
                    {"account": "200", "side": "credit", "amount": "7.5", "currency": "VACHR", "baseAmount": "0.00"}]}
                """),
            Sale("wrong", "2026-02-15", "3.00"),
            Post("/journal-entries/wrong/reversal", """
                {"bookedOn": "2026-03-04", "reason": "Twice", "method": "red"}
                """),
            Closed("2026-02"), Closed("2026-03")]);
        await books.PrepareAsync();

        var march = BodyOf(await books.CertifiedAsync("2026-03"));

        var events = await books.RecordedAsync();
        var closing = events.Last(e => e.Type == "period_closed");
        Assert.Equal(
            TrialBalanceHash(events, closing.Sequence, "2026-03-01", "2026-03-31"), Member(march, "trialBalance"));
        Assert.Equal(("89.07", "89.07"), (Member(march, "debit"), Member(march, "credit")));
    }

    [Fact]
    public async Task Two_services_make_one_certificate()
    {
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2026-03-15")]);
        await books.PrepareAsync();
        await using var other = await LedgerHost.OpenAsync(host.Ledger.Settings, _ => { });
        (await books.SendAsync(Closed("2026-03"))).Is(201);

        var certifiers = Enumerable.Range(0, 4).Select(i => new Certifier(i % 2 == 0 ? host.Ledger : other)).ToArray();
        for (var i = 0; i < 20; i++)
        {
            Assert.All(
                await Task.WhenAll(certifiers.Select(each => each.AdvanceAsync(CancellationToken.None))), Assert.True);
            await Task.Delay(50);
        }

        await books.CertifiedAsync("2026-03");
        Assert.Single(await books.EventsAsync(), "period_certified");
    }

    [Fact]
    public async Task What_cannot_be_read_is_refused()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();

        (await books.SendAsync(Certificate("2026-13"))).IsProblem(400, "month-malformed");
        (await books.SendAsync(Certificate("2026-03", "?version=0"))).IsProblem(400, "parameter-malformed");
        (await books.SendAsync(Get("/periods/2026-03/certificates?version=1")))
            .IsProblem(404, "certificate-unknown");
        Assert.Empty((await books.SendAsync(Get("/periods/2026-03/certificates"))).Is(200).Json
            .GetProperty("certificates").EnumerateArray());
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
