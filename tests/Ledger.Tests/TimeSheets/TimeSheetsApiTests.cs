using System.Text.Json;
using Ledger.Api.Audit;
using Ledger.Api.PayRuns;
using Ledger.Domain.Keys;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.PayRuns;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.TimeSheets;

/// <summary>Time that was worked over the real service, from the time clock to the payslip.</summary>
public sealed class TimeSheetsApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Monday = """
        {"from": "2026-01-05T08:00", "through": "2026-01-05T17:00",
        "breaks": [{"from": "2026-01-05T12:00", "through": "2026-01-05T13:00"}]}
        """;

    [Fact]
    public async Task Somebody_for_the_season_is_paid_by_their_hours_and_a_correction_by_the_next_run()
    {
        var shop = await SeasonAsync();
        (await shop.SendAsync(Post(
            "/time-entries:batch",
            Line("monday", Monday) + Line("tuesday", Worked("2026-01-06T08:00", "2026-01-06T17:00")),
            ("Content-Type", "application/x-ndjson")))).Is(200);
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        (await shop.SendAsync(Posting("2026-01"))).Is(201);
        Assert.Equal("salary 160.00, overtime 15.00", await shop.LinesAsync("2026-01", "p-18"));
        var january = (await shop.SendAsync(Get("/employees/p-18/payslips/2026-01"))).Is(200).Body;

        (await shop.SendAsync(Put(
            "/employees/p-18/time-entries/tuesday", Worked("2026-01-06T08:00", "2026-01-06T18:00"),
            ("If-Match", "\"2\"")))).Is(201);
        var arrears = (await shop.SendAsync(Get("/employees/p-18/arrears"))).Is(200).Json;
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-02")));

        Assert.Equal("15.00", arrears.GetProperty("total").GetString());
        Assert.Equal("overtime 2026-01 15.00", await shop.LinesAsync("2026-02", "p-18"));
        Assert.Equal(january, (await shop.SendAsync(Get("/employees/p-18/payslips/2026-01"))).Is(200).Body);
        var why = (await shop.SendAsync(Get("/employees/p-18/payslips/2026-02/lines/1/explanation"))).Is(200).Json;
        Assert.True(why.GetProperty("reproduced").GetBoolean());
        Assert.Equal(
            ["time_entry_recorded"],
            why.GetProperty("events").EnumerateArray().Select(each => each.GetProperty("type").GetString()));
        Assert.Empty((await PayslipVerification.RunAsync(host.Ledger, null, default)).Findings);
    }

    [Fact]
    public async Task Time_of_the_period_that_is_recorded_after_the_calculation_stops_its_approval()
    {
        var shop = await SeasonAsync(Put("/employees/p-18/time-entries/monday", Monday));
        var calculated = await shop.CalculateAsync(Run("2026-01"));
        (await shop.SendAsync(Put(
            "/employees/p-18/time-entries/later", Worked("2026-02-02T08:00", "2026-02-02T10:00")))).Is(201);
        (await shop.SendAsync(Put(
            "/employees/p-18/time-entries/later", Worked("2026-02-02T08:00", "2026-02-02T11:00"),
            ("If-Match", "\"1\"")))).Is(201);
        await shop.ApproveAsync(calculated);

        var again = await SeasonAsync(Put("/employees/p-18/time-entries/monday", Monday));
        calculated = await again.CalculateAsync(Run("2026-01"));
        (await again.SendAsync(Put(
            "/employees/p-18/time-entries/tuesday", Worked("2026-01-06T08:00", "2026-01-06T10:00")))).Is(201);
        await again.RefusesAsync(Approval(calculated), 409, "pay-run-inputs-changed");
    }

    [Fact]
    public async Task Pay_by_the_hour_without_any_time_fails_by_name()
    {
        var shop = await SeasonAsync();
        Assert.Equal(1, (await shop.CalculateAsync(Run("2026-01"))).Json.GetProperty("failed").GetInt32());
        var rows = (await shop.SendAsync(Get("/pay-runs/2026-01/payslips"))).Is(200).Json.GetProperty("rows");
        Assert.Equal("hours-unknown", rows[1].GetProperty("failedCode").GetString());
    }

    [Theory]
    [InlineData("2026-03-29T03:30", "2026-03-29T08:00", 422, "time-in-missing-hour")]
    [InlineData("2026-10-25T03:30", "2026-10-25T08:00", 422, "time-ambiguous")]
    [InlineData("2026-10-25T03:30-05:00", "2026-10-25T08:00", 422, "time-offset-wrong")]
    [InlineData("2026-01-05T16:00", "2026-01-05T18:00", 422, "time-entries-overlap")]
    [InlineData("2026-01-05T18:00", "2026-01-05T18:00", 422, "time-ends-before-it-begins")]
    [InlineData("2026-01-06T18:00", "2026-01-07T18:01", 422, "time-entry-too-long")]
    [InlineData("2026-01-06", "2026-01-07T18:01", 400, "date-malformed")]
    [InlineData("2026-01-06T08:00:30", "2026-01-06T18:01", 400, "date-malformed")]
    [InlineData("2026-02-30T08:00", "2026-02-30T18:01", 400, "date-malformed")]
    [InlineData("0026-01-06T08:00", "2026-01-06T18:01", 400, "date-out-of-range")]
    [InlineData("2026-01-06T24:00", "2026-01-07T08:01", 400, "date-malformed")]
    public async Task What_cannot_be_is_refused(string from, string through, int status, string code)
    {
        var shop = await SeasonAsync(Put("/employees/p-18/time-entries/monday", Monday));
        await shop.RefusesAsync(Put("/employees/p-18/time-entries/other", Worked(from, through)), status, code);
    }

    [Fact]
    public async Task The_same_again_is_nothing_new_and_other_content_needs_the_version()
    {
        var shop = await SeasonAsync();
        var first = (await shop.SendAsync(Put("/employees/p-18/time-entries/monday", Monday))).Is(201);
        var again = (await shop.SendAsync(Put("/employees/p-18/time-entries/monday", Monday))).Is(200);
        Assert.Equal(first.Body, again.Body);
        var other = Worked("2026-01-05T08:00", "2026-01-05T12:00");
        await shop.RefusesAsync(Put("/employees/p-18/time-entries/monday", other), 428, "if-match-required");
        await shop.RefusesAsync(
            Put("/employees/p-18/time-entries/monday", other, ("If-Match", "\"9\"")), 412, "if-match-failed");
        await shop.RefusesAsync(Put("/employees/p-99/time-entries/monday", other), 404, "employee-unknown");
    }

    [Fact]
    public async Task Time_is_read_as_recorded_and_by_kind_with_the_working_on_both_clocks()
    {
        var shop = await SeasonAsync();
        var first = (await shop.SendAsync(Put("/employees/p-18/time-entries/monday", Monday))).Is(201).Json;
        (await shop.SendAsync(Put(
            "/employees/p-18/time-entries/night", Worked("2026-01-31T22:00", "2026-02-01T06:00")))).Is(201);
        var span = "?from=2026-01-05&to=2026-01-31";

        var entries = (await shop.SendAsync(Get("/employees/p-18/time-entries" + span))).Is(200).Json;
        var hours = (await shop.SendAsync(Get("/employees/p-18/hours" + span))).Is(200).Json;
        var then = (await shop.SendAsync(Get(
            $"/employees/p-18/hours{span}&knownAtSequence={first.GetProperty("sequence").GetInt64()}"))).Is(200).Json;

        Assert.Equal(
            "monday 8.00, night 8.00",
            string.Join(", ", entries.GetProperty("rows").EnumerateArray().Select(row =>
                $"{row.GetProperty("entry").GetString()} {row.GetProperty("hours").GetString()}")));
        Assert.Equal(
            "2026-01-05 8.00 0.00 0.00, 2026-01-31 0.00 2.00 2.00",
            string.Join(", ", hours.GetProperty("rows").EnumerateArray().Select(row =>
                $"{Text(row, "day")} {Text(row, "normal")} {Text(row, "restDay")} {Text(row, "night")}")));
        Assert.Equal("10.00", Text(hours.GetProperty("total"), "worked"));
        Assert.Equal("8.00", Text(then.GetProperty("total"), "worked"));
        var working = hours.GetProperty("rows")[1].GetProperty("working")[0];
        Assert.Equal("2026-01-31T22:00+02:00", Text(working, "from"));
        Assert.Equal("2026-02-01T00:00+02:00", Text(working, "through"));
        Assert.StartsWith(
            "entry,from,through,zone,hours,breaks,withdrawn,month,version\r\nmonday,2026-01-05T08:00,2026-01-05T17:00,"
            + "Europe/Sofia,8.00,",
            (await shop.SendAsync(Get("/employees/p-18/time-entries" + span, ("Accept", "text/csv")))).Is(200).Body,
            StringComparison.Ordinal);
        await shop.RefusesAsync(Get("/employees/p-18/hours?from=2026-01-05"), 400, "parameter-missing");
        await shop.RefusesAsync(
            Get("/employees/p-18/hours?from=2026-01-05&to=2027-01-06"), 400, "parameter-malformed");
        await shop.RefusesAsync(Get("/employees/p-99/hours" + span), 404, "employee-unknown");
    }

    [Fact]
    public async Task A_program_neither_overwrites_nor_withdraws_nor_compares_time_that_another_recorded()
    {
        var shop = await SeasonAsync(Put("/employees/p-18/time-entries/monday", Monday));
        var keys = new CompanyKeys(host, shop.Company);
        var clock = await keys.IssueAsync("clock", Role.Integrator, "clock");
        var before = await shop.EventsAsync();
        Task<ApiAnswer> Send(string entry, string json, params (string, string)[] headers) =>
            keys.SendAsync(clock, Put($"/employees/p-18/time-entries/{entry}", json, headers));

        var same = (await Send("monday", Monday)).IsProblem(409, "time-entry-of-another");
        foreach (var other in new[]
        {
            Worked("2026-01-05T08:00", "2026-01-05T12:00"), Worked("2026-02-02T08:00", "2026-02-02T12:00"),
            Monday.Replace("\"breaks\"", "\"withdrawn\": true, \"breaks\"", StringComparison.Ordinal),
        })
        {
            Assert.Equal(same.Body, (await Send("monday", other)).Body);
            Assert.Equal(same.Body, (await Send("monday", other, ("If-Match", "\"1\""))).Body);
        }

        var overlap = (await Send("own", Worked("2026-01-05T09:00", "2026-01-05T10:00")))
            .IsProblem(422, "time-entries-overlap");
        Assert.DoesNotContain("monday", overlap.Body, StringComparison.Ordinal);
        var line = (await keys.SendAsync(clock, Post(
            "/time-entries:batch", Line("monday", Monday), ("Content-Type", "application/x-ndjson")))).Is(200);
        Assert.Equal("time-entry-of-another", Text(line.Json, "code"));
        Assert.Equal(before, await shop.EventsAsync());

        var own = Worked("2026-01-06T08:00", "2026-01-06T12:00");
        (await Send("tuesday", own)).Is(201);
        (await Send("tuesday", own)).Is(200);
        (await Send("tuesday", Worked("2026-01-06T08:00", "2026-01-06T13:00"), ("If-Match", "\"2\""))).Is(201);
        var corrected = Worked("2026-01-06T08:00", "2026-01-06T14:00");
        (await shop.SendAsync(Put(
            "/employees/p-18/time-entries/tuesday", corrected, ("If-Match", "\"3\"")))).Is(201);
        (await Send("tuesday", corrected)).IsProblem(409, "time-entry-of-another");

        await host.App.Services.GetRequiredService<AccessLog>().FlushAsync();
        var denied = (await shop.SendAsync(Get("/access-log?person=p-18"))).Is(200).Json.GetProperty("rows")
            .EnumerateArray().Where(row => Text(row, "code") == "permission-missing");
        Assert.Equal(9, denied.Sum(row => row.GetProperty("count").GetInt64()));
    }

    [Fact]
    public async Task Each_line_of_a_batch_stands_alone()
    {
        var shop = await SeasonAsync();
        var answer = (await shop.SendAsync(Post(
            "/time-entries:batch",
            Line("a", Monday) + Line("b", Monday) + Line("a", Monday)
            + Line("c", Worked("2026-03-29T03:30", "2026-03-29T08:00")) + "{\"employee\": \"p-18\"}\n"
            + Line("d", Worked("2026-01-05T17:00", "2026-01-05T18:00")),
            ("Content-Type", "application/x-ndjson")))).Is(200);
        Assert.Equal(
            "201 , 422 time-entries-overlap, 200 , 422 time-in-missing-hour, 400 field-missing, 201 ",
            string.Join(", ", answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement)
                .Select(row => $"{row.GetProperty("status").GetInt32()} "
                    + (row.TryGetProperty("code", out var code) ? code.GetString() : ""))));
    }

    [Fact]
    public async Task The_calendars_of_public_holidays_are_shown_with_their_sources()
    {
        var known = (await host.SendAsync(ApiHost.Request(
            HttpMethod.Get, "/payroll/packs/bg/holidays?year=2026", null))).Is(200).Json;
        var unknown = (await host.SendAsync(ApiHost.Request(
            HttpMethod.Get, "/payroll/packs/az/holidays?year=2027", null))).Is(200).Json;

        Assert.True(known.GetProperty("known").GetBoolean());
        Assert.Contains(known.GetProperty("rows").EnumerateArray(), row =>
            Text(row, "day") == "2026-05-25" && Text(row, "kind") == "dayOff"
            && Text(row, "source").Contains("art. 154 (2)", StringComparison.Ordinal));
        Assert.False(unknown.GetProperty("known").GetBoolean());
        Assert.Empty(unknown.GetProperty("rows").EnumerateArray());
    }

    /// <summary>A shop with Ana on a salary, and somebody for the season at ten an hour.</summary>
    private async Task<Scenario> SeasonAsync(params Step[] more)
    {
        var shop = host.Given(
        [
            .. PaidShop, EmployeeSteps.Ana("p-18"), EmployeeSteps.Contract("p-18"), EmployeeSteps.Facts(id: "p-18"),
            Put("/employees/p-18/pay/salary/2026-01-01", """{"amount": "10.00", "per": "hour"}"""), .. more,
        ]);
        await shop.PrepareAsync();
        return shop;
    }

    private static string Worked(string from, string through) =>
        $$"""{"from": "{{from}}", "through": "{{through}}" }""";

    private static string Line(string entry, string content) =>
        $$"""{"employee": "p-18", "entry": "{{entry}}", "content": {{content.ReplaceLineEndings(" ")}}}""" + "\n";

    private static string Text(JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
