using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Projections.PayRuns;
using Ledger.Projections.Queries;
using Ledger.Tests.Projections;
using NodaTime;

namespace Ledger.Tests.PayRuns;

/// <summary>Random runs, recorded event by event: a register says at each of them what the events say.</summary>
public sealed class PayrollRegisterPropertyTests
{
    private static readonly LocalDate First = new(2026, 1, 28);
    private static readonly string[] Employees = ["e1", "e2", "e3"];

    [Fact]
    public async Task At_any_time_a_register_holds_the_last_payslips_of_the_runs_that_are_posted_and_not_reversed()
    {
        await using var books = await BooksDatabase.CreateAsync();
        await using var loop = books.StartLoop();
        await using var reader = new LedgerReader(LedgerSource.Create(books.ConnectionString), loop);
        await books.AppendAsync("shop", "company", new CompanyRegistered(
            new CompanySettings("Shop", new("EUR"), "BG"), "Europe/Sofia", new AnnualDate(1, 1)));
        var (random, runs) = (new Random(17), new Dictionary<string, Dictionary<string, Payslip>>());
        var posted = new HashSet<string>();
        var (counting, empty) = (0, 0);
        for (var i = 0; i < 40; i++)
        {
            var run = $"r{random.Next(4)}";
            var sequence = 0L;
            foreach (var (stream, @event) in Steps(random, run, runs, posted))
            {
                sequence = await books.AppendAsync("shop", stream, @event);
            }

            if (sequence == 0)
            {
                continue;
            }

            var page = await PageAsync(reader, sequence, null, 100);
            var expected = posted.Order(StringComparer.Ordinal).SelectMany(each => runs[each]
                .OrderBy(slip => slip.Key, StringComparer.Ordinal).Select(slip => (each, slip.Key, slip.Value)))
                .OrderBy(each => each.Value.PayDate).ToList();
            Assert.Equal(
                expected.Select(each => $"{each.each} {each.Key} {each.Value.Net()} {each.Value.Lines.Count}"),
                page.Rows.Select(row => $"{row.Run} {row.Employee} {row.Net.Value} {row.Amounts.Count}"));
            Assert.Equal(
                expected.Sum(each => each.Value.Gross()), page.Totals.Sum(total => total.Gross.Value));
            Assert.Equal(
                page.Rows.Sum(row => row.EmployerCost.Value), page.Totals.Sum(total => total.EmployerCost.Value));
            foreach (var code in page.Codes)
            {
                Assert.Equal(
                    expected.Sum(each => each.Value.Lines.Where(line => line.Code == code).Sum(line => line.Amount)),
                    page.Totals.Sum(total => total.Amounts.GetValueOrDefault(code).Value));
            }

            if (page.Rows.Count > 1)
            {
                var middle = page.Rows[(page.Rows.Count - 1) / 2];
                var rest = await PageAsync(
                    reader, sequence, new(middle.PayDate, middle.Run, middle.Employee), 100);
                Assert.Equal(page.Rows.Skip(((page.Rows.Count - 1) / 2) + 1), rest.Rows);
            }

            counting += expected.Count > 0 ? 1 : 0;
            empty += expected.Count == 0 ? 1 : 0;
        }

        Assert.True(counting > 10 && empty > 1, $"{counting} {empty}");
    }

    private static async Task<PayrollRegisterPage> PageAsync(
        LedgerReader reader, long sequence, PayslipPlace? after, int limit)
    {
        var answer = await reader.AskAsync<PayrollRegisterPage>(
            new Question("shop", new KnownAt.OfSequence(sequence)),
            async snapshot => await PayrollRegisterQueries.PageAsync(
                snapshot, new(First, First.PlusYears(1), null, null, false), after, limit));
        Assert.Null(answer.Refusal);
        return answer.Value!;
    }

    /// <summary>Opens the run, or calculates it again, posts it, or takes it back.</summary>
    private static IEnumerable<(string Stream, object Event)> Steps(
        Random random, string run, Dictionary<string, Dictionary<string, Payslip>> runs, HashSet<string> posted)
    {
        var stream = PayRun.StreamPrefix + run;
        var payDate = First.PlusMonths(random.Next(3));
        if (!runs.TryGetValue(run, out var slips))
        {
            runs[run] = [];
            yield return (stream, new PayRunOpened(
                new("sofia", "2026-01", First, PayRunKind.Regular), First.PlusDays(-27), First.PlusDays(3)));
        }
        else if (posted.Contains(run))
        {
            if (random.Next(2) == 0)
            {
                posted.Remove(run);
                yield return (stream, new PayRunReversed(payDate, "Wrong"));
            }
        }
        else if (slips.Count > 0 && random.Next(2) == 0)
        {
            posted.Add(run);
            yield return (stream, new PayRunPosted($"{run}~pay", payDate));
        }
        else
        {
            yield return (stream, new PayRunCalculationStarted(1, 1, payDate, "maria"));
            foreach (var employee in Employees.Where(_ => random.Next(3) > 0))
            {
                var place = $"{PayRun.PayslipStreamPrefix}{run}/{employee}";
                if (random.Next(4) == 0)
                {
                    slips.Remove(employee);
                    yield return (place, new PayslipWithdrawn(1));
                    continue;
                }

                slips[employee] = new(
                    "c1", "bg", 1, new UnitCode("EUR"), First.PlusDays(-27), First.PlusDays(3), First,
                    [
                        new("salary", LineKind.Earning, random.Next(100_000) / 100m),
                        new("incomeTax", LineKind.Tax, random.Next(10_000) / 100m),
                        new("pensionsEmployer", LineKind.EmployerContribution, random.Next(10_000) / 100m),
                    ],
                    1);
                yield return (place, new PayslipCalculated(1, slips[employee]));
            }
        }
    }
}
