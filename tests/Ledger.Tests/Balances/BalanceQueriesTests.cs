using Ledger.Projections.Balances;
using Ledger.Projections.Queries;
using Ledger.Tests.Queries;
using NodaTime;

namespace Ledger.Tests.Balances;

public sealed class BalanceQueriesTests(QueryBooks books) : IClassFixture<QueryBooks>
{
    private const int Seeds = 12;
    private const int Entries = 150;

    [Fact]
    public async Task Any_balance_on_both_clocks_is_the_sum_of_the_lines()
    {
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            var company = $"balances-{seed}";
            var script = new RandomBooks(seed);
            var events = await books.AppendAsync(company, script.Events(Entries));
            for (var i = 0; i < 40; i++)
            {
                var asOf = script.First.PlusDays(random.Next(-210, 520));
                var known = events[random.Next(RandomBooks.Openings, events.Count)];
                var dimension = Dimension(random);
                var account = random.Next(3) == 0 ? random.Next(1, 6).ToString() : null;

                var table = await books.AskAsync(
                    company,
                    i % 4 == 0 ? KnownAt.Now : new KnownAt.OfSequence(known.Sequence),
                    snapshot => BalanceQueries.BalancesAsync(snapshot, asOf, account, dimension));

                var position = i % 4 == 0 ? events.Count : known.Position;
                Assert.Equal(
                    Expected(QueryBooks.Lines(events, position), asOf, account, dimension),
                    table.Rows.Select(row => $"{row.Account} {row.Unit} {row.Value} {row.Debit} {row.Credit} "
                        + $"{row.Balance} {row.BaseDebit} {row.BaseCredit} {row.BaseBalance}"));
                Assert.Equal(events[(int)position - 1].Sequence, table.KnownAtSequence);
            }
        }
    }

    private static DimensionQuery Dimension(Random random)
    {
        var department = new DimensionValue("department", RandomBooks.Departments[random.Next(3)]);
        var project = new DimensionValue("project", RandomBooks.Projects[random.Next(2)]);
        return random.Next(7) switch
        {
            0 => new("department", []),
            1 => new(null, [department]),
            2 => new("project", [department]),
            3 => new(null, [project, department]),
            4 => new("project", [project, department]),
            5 => new("project", [project]),
            _ => DimensionQuery.None,
        };
    }

    private static string[] Expected(
        IEnumerable<BookLine> lines, LocalDate asOf, string? account, DimensionQuery dimension)
    {
        static decimal Rounded(decimal value, int digits) => decimal.Round(value, digits)
            + new decimal(0, 0, 0, false, (byte)digits);
        return
        [
            .. from line in lines
               where line.BookedOn <= asOf && (account is null || line.Account == account)
               where dimension.Only.All(only => line.Dimensions.GetValueOrDefault(only.Dimension) == only.Value)
               let value = dimension.By is null ? null : line.Dimensions.GetValueOrDefault(dimension.By)
               group line by (line.Account, line.Unit, value) into sum
               let digits = sum.Key.Unit == "HUR" ? 1 : 2
               let debit = Rounded(sum.Sum(line => line.Debit), digits)
               let credit = Rounded(sum.Sum(line => line.Credit), digits)
               let baseDebit = Rounded(sum.Sum(line => line.BaseDebit), 2)
               let baseCredit = Rounded(sum.Sum(line => line.BaseCredit), 2)
               where debit != 0 || credit != 0 || baseDebit != 0 || baseCredit != 0
               orderby sum.Key.Account, sum.Key.Unit, sum.Key.value is null, sum.Key.value
               select $"{sum.Key.Account} {sum.Key.Unit} {sum.Key.value} {debit} {credit} "
                   + $"{debit - credit} {baseDebit} {baseCredit} {baseDebit - baseCredit}",
        ];
    }
}
