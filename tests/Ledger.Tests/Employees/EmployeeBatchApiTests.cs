using System.Globalization;
using System.Text;
using System.Text.Json;
using Ledger.Tests.Http;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Employees;

/// <summary>Many registers of employees in one request.</summary>
public sealed class EmployeeBatchApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Ndjson = "application/x-ndjson";

    [Fact]
    public async Task A_whole_employee_is_recorded_by_lines_that_build_on_each_other_and_again_is_nothing_new()
    {
        var shop = await host.ShopAsync();
        var body = Lines("p-17") + Lines("p-18");

        var first = await ResultsAsync(shop, body);
        var again = await ResultsAsync(shop, body);

        Assert.Equal(
            "1:201 2:201 3:201 4:201 5:201 6:201 7:201 8:201 9:201 10:201 11:201 12:201 13:201 14:201 15:201 16:201 "
            + "17:201 18:201", first);
        Assert.Equal(first.Replace(":201", ":200", StringComparison.Ordinal), again);
        var shown = (await shop.SendAsync(Show("", "p-18"))).Is(200).Json;
        Assert.Equal(9, shown.GetProperty("version").GetInt32());
        Assert.Equal("resigned", shown.GetProperty("termination").GetProperty("reason").GetString());
        Assert.Equal(2026, shown.GetProperty("openingFigures")[0].GetProperty("year").GetInt32());
    }

    [Theory]
    [InlineData("{'employee': 'p-17', 'content': {'name': 'Ana'}}", "field-missing $.type")]
    [InlineData("{'type': 'wage', 'employee': 'p-17', 'content': {}}", "value-not-known $.type")]
    [InlineData("{'type': 'employee', 'content': {'name': 'Ana'}}", "field-missing $.employee")]
    [InlineData("{'type': 'employee', 'employee': 'Ana Petrova', 'content': {'name': 'Ana'}}", "id-invalid")]
    [InlineData("{'type': 'employee', 'employee': 'p-17'}", "field-missing $.content")]
    [InlineData(
        "{'type': 'pay', 'employee': 'p-17', 'element': 'salary', 'content': {'amount': '1', 'per': 'month'}}",
        "field-missing $.effectiveFrom")]
    [InlineData(
        "{'type': 'employee', 'employee': 'p-17', 'element': 'salary', 'content': {'name': 'Ana'}}",
        "field-unknown $.element")]
    [InlineData(
        "{'content': {'name': 7}, 'type': 'employee', 'employee': 'p-17'}", "value-of-wrong-type $.content.name")]
    [InlineData("['employee']", "value-of-wrong-type $")]
    [InlineData(
        "{'type': 'contract', 'employee': 'p-99', 'contract': 'c1', 'content': {'payGroup': 'sofia', "
        + "'from': '2026-01-01', 'type': 'permanent', 'position': 'Clerk', 'weeklyHours': '40'}}",
        "employee-unknown")]
    public async Task A_line_that_cannot_be_done_says_why_and_the_others_are_done(string line, string problem)
    {
        var shop = await host.ShopAsync();

        var answer = (await shop.SendAsync(Post(
            "/employees:batch", line.Replace('\'', '"') + "\n" + Lines("p-18").Split('\n')[0],
            ("Content-Type", Ndjson)))).Is(200);

        var results = answer.Body.Trim().Split('\n').Select(each => JsonDocument.Parse(each).RootElement).ToArray();
        var path = results[0].TryGetProperty("path", out var found) ? " " + found.GetString() : "";
        Assert.Equal(problem, results[0].GetProperty("code").GetString() + path);
        Assert.Equal(201, results[1].GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task A_list_is_answered_by_a_list()
    {
        var shop = await host.ShopAsync();
        var list = $"[{string.Join(',', Lines("p-17").Trim().Split('\n'))}]";

        var answer = (await shop.SendAsync(Post("/employees:batch", list))).Is(200);

        Assert.All(answer.Json.EnumerateArray(), each => Assert.Equal(201, each.GetProperty("status").GetInt32()));
        Assert.Equal(9, answer.Json.GetArrayLength());
    }

    [Fact]
    public async Task Pay_is_recorded_from_csv()
    {
        var shop = await host.ShopAsync(Ana(), Contract());
        const string body = """
            employee,element,effectiveFrom,amount,per,to
            p-17,salary,2026-01-01,1500.00,month,
            "p-17","bonus","2026-03-15","200.00","once",""
            p-17,salary,2026-02-30,1500.00,month,
            p-17,salary,2026-03-01,"1,800.00",month,
            p-17,wage,2026-03-01,1800.00,month,
            """;

        var answer = (await shop.SendAsync(Post("/employees:batch", body, ("Content-Type", "text/csv")))).Is(200);

        Assert.Equal(
            ["2 201", "3 201", "4 date-malformed", "5 field-missing", "6 pay-element-unknown"],
            answer.Body.Trim().Split('\n').Select(each => JsonDocument.Parse(each).RootElement).Select(each =>
                $"{each.GetProperty("line").GetInt32()} "
                + (each.TryGetProperty("code", out var code)
                    ? code.GetString() : each.GetProperty("status").GetRawText())));
        await shop.RefusesAsync(
            Post("/employees:batch", "name,amount\np-17,1", ("Content-Type", "text/csv")), 400, "field-unknown");
    }

    [Fact]
    public async Task A_correction_in_a_batch_names_the_version_that_was_seen()
    {
        var shop = await host.ShopAsync(Ana(), Contract(), Salary());
        string Line(string amount, string ifMatch) =>
            "{'type':'pay','employee':'p-17','element':'salary','effectiveFrom':'2026-01-01'".Replace('\'', '"')
            + ifMatch
            + ",'content':{'amount':'AMOUNT','per':'month'}}\n".Replace('\'', '"')
                .Replace("AMOUNT", amount, StringComparison.Ordinal);

        Assert.Equal(
            "1:428 2:412 3:201 4:412",
            await ResultsAsync(
                shop,
                Line("1600", "") + Line("1600", ", \"ifMatch\": 2") + Line("1600", ", \"ifMatch\": 3")
                + Line("1700", ", \"ifMatch\": 3")));
    }

    [Fact]
    public async Task A_thousand_people_are_hired_in_one_request()
    {
        var shop = await host.ShopAsync();
        var body = new StringBuilder();
        for (var i = 0; i < 1_000; i++)
        {
            body.Append(string.Join(
                '\n', Lines(string.Create(CultureInfo.InvariantCulture, $"e-{i}")).Split('\n')[..3]))
                .Append('\n');
        }

        var results = await ResultsAsync(shop, body.ToString());

        Assert.Equal(3_000, results.Split(' ').Count(each => each.EndsWith(":201", StringComparison.Ordinal)));
        var count = (await shop.SendAsync(Get("/employees/head-count?asOf=2026-02-01"))).Is(200).Json;
        Assert.Equal(1_000, count.GetProperty("rows")[0].GetProperty("employees").GetInt32());
    }

    /// <summary>Each line of a register, in an order in which each is possible.</summary>
    private static string Lines(string id) => string.Concat(new[]
    {
        """{"type":"employee","employee":"ID","content":{"name":"Name of ID","email":"ID@example.org"}}""",
        """
        {"type":"contract","employee":"ID","contract":"c1","content":{"payGroup":"sofia","from":"2026-01-01",
        "type":"permanent","position":"Clerk","weeklyHours":"40"}}
        """,
        """
        {"content":{"amount":"1500.00","per":"month"},"type":"pay","employee":"ID","element":"salary",
        "effectiveFrom":"2026-01-01"}
        """,
        """
        {"type":"statutory","employee":"ID","effectiveFrom":"2026-01-01","content":{"pack":"bg",
        "facts":{"bornBefore1960":false,"accidentRate":"0.4"}}}
        """,
        """
        {"type":"bankAccount","employee":"ID","effectiveFrom":"2026-01-01","content":{
        "account":"bg80 bnbg 9661 1020 3456 78","holder":"Name of ID"}}
        """,
        """
        {"type":"absence","employee":"ID","absence":"a","content":{"kind":"sick","from":"2026-02-02","to":"2026-02-06"}}
        """,
        """
        {"type":"deduction","employee":"ID","deduction":"d1","content":{"kind":"loan","amount":"100.00",
        "total":"1200.00","from":"2026-01-01","creditor":"bank-7","reference":"L-17"}}
        """,
        """{"type":"openingFigures","employee":"ID","year":2026,"content":{"through":"2026-01-31","leaveDays":"2"}}""",
        """{"type":"termination","employee":"ID","content":{"lastDay":"2026-06-30","reason":"resigned"}}""",
    }.Select(line => line.ReplaceLineEndings(" ").Replace("ID", id, StringComparison.Ordinal) + "\n"));

    private static async Task<string> ResultsAsync(Scenario shop, string body)
    {
        var answer = (await shop.SendAsync(Post("/employees:batch", body, ("Content-Type", Ndjson)))).Is(200);
        return string.Join(' ', answer.Body.Trim().Split('\n').Select(each =>
        {
            var result = JsonDocument.Parse(each).RootElement;
            return $"{result.GetProperty("line").GetInt32()}:{result.GetProperty("status").GetInt32()}";
        }));
    }
}
