using System.Diagnostics;
using System.Globalization;
using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.Azerbaijan;
using Ledger.Domain.Payroll.Bulgaria;
using Ledger.Domain.Payroll.UnitedKingdom;
using Ledger.Domain.Payroll.UnitedStates;
using NodaTime;

namespace Ledger.Benchmarks.Payroll;

/// <summary>Whole payslips of each pack, calculated one after another on one core, of many different people.</summary>
internal static class Payslips
{
    private const double FloorPerSecond = 200_000;
    private const string Floor = "≥ 200,000/s";
    private const int People = 1_000;

    public static BenchmarkGroup Group { get; } = new("payroll", RunAsync);

    private static async IAsyncEnumerable<BenchmarkRow> RunAsync(BenchmarkContext context)
    {
        var slips = context.Quick ? 50_000 : 1_000_000;
        foreach (var (country, calculate) in Packs())
        {
            var bytes = 0L;
            var perSecond = await BenchmarkContext.MedianAsync(context.Quick ? 1 : 5, () =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var watch = Stopwatch.GetTimestamp();
                calculate(slips);
                var elapsed = Stopwatch.GetElapsedTime(watch);
                bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                return Task.FromResult(slips / elapsed.TotalSeconds);
            });
            yield return new(
                $"payslips, pure calculation, {country}", perSecond, "/s", Floor: Floor,
                Met: perSecond >= FloorPerSecond,
                Note: string.Create(CultureInfo.InvariantCulture, $"{(double)bytes / slips:0.#} bytes a payslip"));
        }
    }

    private static (string Country, Action<int> Calculate)[] Packs()
    {
        var bulgarian = new BulgarianFacts(false, 0.004m);
        var british = Enumerable.Range(0, 4).Select(each => new BritishFacts(
            TaxCode.TryParse(each == 0 ? "1257L" : each == 1 ? "S1257L" : each == 2 ? "BR" : "K585", out var code)
                ? code : throw new InvalidOperationException("No tax code."),
            (NiCategory)each,
            StudentLoanPlan.Plan2)).ToArray();
        var american = new AmericanFacts(FilingStatus.Single, "TX");
        var azerbaijani = new AzerbaijaniFacts(AzerbaijaniSector.PrivateNonOil, true);
        return
        [
            ("Bulgaria", Of(BulgarianPack.Instance, _ => bulgarian, BulgarianToDate.None)),
            ("United Kingdom", Of(
                BritishPack.Instance, person => british[person % 4],
                BritishToDate.None with { TaxablePay = 12_000, Tax = 1_500 })),
            ("United States", Of(AmericanPack.Instance, _ => american, AmericanToDate.None)),
            ("Azerbaijan", Of(AzerbaijaniPack.Instance, _ => azerbaijani, AzerbaijaniToDate.None)),
        ];
    }

    private static Action<int> Of<TFigures, TFacts, TToDate>(
        Pack<TFigures, TFacts, TToDate> pack, Func<int, TFacts> factsOf, TToDate toDate)
        where TFigures : class
        where TFacts : class
        where TToDate : class
    {
        var salary = pack.Element("salary")!;
        var bonus = pack.Element("bonus")!;
        var pay = Enumerable.Range(0, People).Select(person => new PayCalculation
        {
            PayDate = new LocalDate(2026, 6, 30),
            Frequency = PayFrequency.Monthly,
            Earnings = new[] { new Earning(salary, 900 + (person * 7.13m)), new Earning(bonus, person) },
        }).ToArray();
        var facts = Enumerable.Range(0, People).Select(factsOf).ToArray();
        var lines = new PayslipLines();
        return slips =>
        {
            var sum = 0m;
            for (var i = 0; i < slips; i++)
            {
                lines.Clear();
                var person = i % People;
                if (pack.Calculate(pay[person], facts[person], toDate, lines) is { } refusal)
                {
                    throw new InvalidOperationException(refusal.Message);
                }

                sum += lines.Net;
            }

            if (sum <= 0)
            {
                throw new InvalidOperationException("Nobody was paid.");
            }
        };
    }
}
