using Ledger.Projections.Employees;
using Ledger.Tests.Http;
using NodaTime;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.Http.Step;

namespace Ledger.Tests.Employees;

/// <summary>Who came and who left: spells of random contracts, and the report over the real service.</summary>
public sealed class StaffTurnoverTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly LocalDate First = new(2026, 1, 1);

    [Fact]
    public void Start_and_end_are_counted_day_by_day_and_what_lies_between_explains_the_difference()
    {
        var (transfers, leavers) = (0L, 0L);
        for (var seed = 1; seed <= 300; seed++)
        {
            var random = new Random(seed);
            var contracts = Enumerable.Range(0, 8).SelectMany(employee => Contracts(random, $"e{employee}")).ToList();
            var from = First.PlusDays(random.Next(60));
            var to = from.PlusDays(random.Next(60));

            var rows = StaffTurnoverQueries.Count(StaffTurnoverQueries.Joined(contracts), from, to).ToList();

            foreach (var row in rows)
            {
                Assert.Equal(EmployedOn(contracts, row.Value, from.PlusDays(-1), from), row.AtStart);
                Assert.Equal(EmployedOn(contracts, row.Value, to, to.PlusDays(1)), row.AtEnd);
                Assert.Equal(
                    row.AtEnd, row.AtStart + row.Joiners + row.TransfersIn - row.Leavers - row.TransfersOut);
                Assert.Equal(row.Leavers, row.Reasons.Values.Sum());
            }

            transfers += rows.Sum(row => row.TransfersIn);
            leavers += rows.Sum(row => row.Leavers);
        }

        Assert.True(transfers > 100 && leavers > 100, $"{transfers} {leavers}");
    }

    [Fact]
    public async Task Joiners_leavers_and_transfers_are_counted_on_both_clocks()
    {
        var shop = await host.ShopAsync(
            Put("/dimensions/department/office", """{"name": "Office"}"""), Ana(), Contract(), Ana("e2", "Boris"),
            Contract("e2", from: "2025-06-01"), Ana("e3", "Vera"), Contract("e3", from: "2026-02-10"));
        foreach (var step in new[]
        {
            Contract(contract: "c1") with
            {
                Json = Contract().Json!.Replace(
                    "\"type\"", "\"to\": \"2026-02-28\", \"type\"", StringComparison.Ordinal),
                Headers = [("If-Match", "\"2\"")],
            },
            Contract(contract: "c2", from: "2026-03-01") with
            {
                Json = Contract(from: "2026-03-01").Json!.Replace("sales", "office", StringComparison.Ordinal),
            },
        })
        {
            (await shop.SendAsync(step)).Is(201);
        }

        var before = (await shop.RecordedAsync())[^1].Sequence;
        (await shop.SendAsync(Post(
            "/employees/e2/termination", """{"lastDay": "2026-03-31", "reason": "resigned"}"""))).Is(201);

        Assert.Equal("- 1+2-1=2 resigned 1", await CountAsync(shop, ""));
        Assert.Equal("- 1+2-0=3 ", await CountAsync(shop, $"&knownAtSequence={before}"));
        Assert.Equal(
            "Office 0+0(1)-0(0)=1 ; Sales 1+2(0)-1(1)=1 resigned 1", await CountAsync(shop, "&dimension=department"));
    }

    private static async Task<string> CountAsync(Scenario shop, string query) => string.Join("; ",
        (await shop.SendAsync(Get($"/reports/staff-turnover?from=2026-01-01&to=2026-03-31{query}"))).Is(200).Json
            .GetProperty("rows").EnumerateArray().Select(row =>
            {
                long Of(string name) => row.GetProperty(name).GetInt64();
                var by = query.Contains("dimension", StringComparison.Ordinal);
                return $"{row.GetProperty("valueName").GetString() ?? "-"} {Of("atStart")}+{Of("joiners")}"
                    + (by ? $"({Of("transfersIn")})" : "") + $"-{Of("leavers")}"
                    + (by ? $"({Of("transfersOut")})" : "") + $"={Of("atEnd")} "
                    + string.Join(
                        ", ", row.GetProperty("reasons").EnumerateObject().Select(each => $"{each.Name} {each.Value}"));
            }));

    /// <summary>One after the other, with or without days between, the last sometimes without an end.</summary>
    private static IEnumerable<EmploymentSpell> Contracts(Random random, string employee)
    {
        var from = First.PlusDays(random.Next(-30, 60));
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            LocalDate? to = i == 1 && random.Next(2) == 0 ? null : from.PlusDays(random.Next(40));
            var value = random.Next(3) switch { 0 => "sales", 1 => "office", _ => null };
            yield return new(employee, value, from, to, null);
            from = (to ?? from).PlusDays(random.Next(2) == 0 ? 1 : random.Next(2, 20));
        }
    }

    /// <summary>Under that value on both days.</summary>
    private static long EmployedOn(
        IReadOnlyList<EmploymentSpell> contracts, string? value, LocalDate one, LocalDate other) =>
        contracts.Where(each => each.Value == value).GroupBy(each => each.Employee)
            .Count(own => own.Any(each => Holds(each, one)) && own.Any(each => Holds(each, other)));

    private static bool Holds(EmploymentSpell spell, LocalDate day) =>
        spell.From <= day && (spell.To is null || spell.To >= day);
}
