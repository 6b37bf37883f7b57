using System.Globalization;
using Ledger.Api.Demo;
using Ledger.Tests.Golden;
using Ledger.Tests.Http;
using Ledger.Tests.Reports;

namespace Ledger.Tests.Demo;

public sealed class StaffTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Golden = "tests/Ledger.Tests/Demo/Golden";

    [Fact]
    public async Task People_in_four_countries_are_paid_for_a_year_and_telling_it_again_adds_nothing()
    {
        var said = new List<string>();
        var payslips = await TellAsync(said.Add);
        var head = await host.Ledger.Store.HeadAsync();
        Assert.Equal(payslips, await TellAsync(said.Add));
        Assert.Equal(head, await host.Ledger.Store.HeadAsync());

        var tour = StaffTour.Lines(payslips, "shop", host.Ledger.Settings);
        var printed = string.Join('\n', [.. said.Take(4), "", .. tour, ""])
            .Replace(host.DataFolder, "DATA", StringComparison.Ordinal);
        GoldenFile.Matches($"{Golden}/staff-printed.txt", printed);

        var year = new List<string>();
        foreach (var employer in StaffFacts.Employers())
        {
            foreach (var person in employer.Months.SelectMany(month => month.Before)
                .Select(command => command.Employee).Distinct())
            {
                year.AddRange(await PayslipsOfAsync(employer.Suffix, person));
            }
        }

        GoldenFile.Matches($"{Golden}/staff-payslips.txt", string.Join('\n', year) + "\n");
        await SeeEverythingAsync();
    }

    private async Task SeeEverythingAsync()
    {
        foreach (var sight in StaffTour.Sights)
        {
            var answer = (await host.GetAsync($"/companies/shop-{sight.Path}", ("Accept", sight.Type))).Is(200);
            Assert.StartsWith(sight.Type, answer.Header("Content-Type"), StringComparison.Ordinal);
        }

        var raised = (await host.GetAsync("/companies/shop-bg/employees/ana/payslips/staff-2026-04")).Is(200).Json;
        Assert.Equal(
            ["salary 2400.00 ", "salary 300.00 2026-02-28", "salary 300.00 2026-03-31"],
            raised.GetProperty("lines").EnumerateArray().Take(3).Select(line => string.Create(
                CultureInfo.InvariantCulture,
                $"{line.GetProperty("code").GetString()} {line.GetProperty("amount").GetString()} "
                + $"{line.GetProperty("earnedThrough").GetString()}")));
        var ill = (await host.GetAsync("/companies/shop-bg/pay-runs/staff-2026-03/variances")).Is(200).Json;
        Assert.Contains(
            ill.GetProperty("rows").EnumerateArray(),
            row => row.GetProperty("employee").GetString() == "boris"
                && row.GetProperty("reasons").ToString().Contains("absence", StringComparison.Ordinal));
    }

    private Task<int> TellAsync(Action<string> say) => new StaffRun(host.Ledger, "shop", say).RunAsync(default);

    private async Task<IEnumerable<string>> PayslipsOfAsync(string country, string person)
    {
        var answer = await host.GetAsync(
            $"/companies/shop-{country}/employees/{person}/payslips", ("Accept", "text/csv"));
        return Csv.Records(answer.Is(200).Body).Skip(1).Reverse()
            .Select(record => $"{country} {person} {string.Join(' ', record)}");
    }
}
