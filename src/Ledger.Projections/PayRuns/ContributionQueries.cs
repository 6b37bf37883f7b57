using Ledger.Domain.Payroll;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.PayRuns;

/// <summary>What is due to an authority by a day, for one levy.</summary>
/// <param name="DueOn">The nominal day, be it a working day or not; null where it is not known here.</param>
/// <param name="Period">The month that it is for: of the payslips' period or of the payment, as the law has it.</param>
/// <param name="Employees">What is taken from pay.</param>
/// <param name="Employers">What is owed beside the pay.</param>
/// <param name="Source">The law that says the day.</param>
public sealed record ContributionRow(
    string Authority,
    LocalDate? DueOn,
    YearMonth Period,
    string Pack,
    string Code,
    string Currency,
    Amount Employees,
    Amount Employers,
    Amount Total,
    string? Source);

/// <summary>Sums what is due to authorities, as known then.</summary>
public static class ContributionQueries
{
    /// <summary>Between a payment and the day by which its levies are due: by law some weeks before or after it, but a
    /// period may be paid up to thirteen months after its end.</summary>
    private const int MonthsMost = 15;

    private static readonly string Sql = $"""
        with {PayslipSql.Runs}
        select p.pack, p.currency, r.through_day, r.pay_date, l.code, l.kind, sum(l.amount)
        from run r
        {PayslipSql.Payslips}
        join ledger_read.payslip_line_{"{v}"} l on l.company = $1 and l.position = p.position
            and l.kind in ('contribution', 'tax', 'deduction', 'employerContribution')
        where r.status = 'posted' and r.pay_date between $3 and $4 and p.contract is not null
        group by 1, 2, 3, 4, 5, 6
        """;

    /// <summary>Due from a day to another; what has no known day, by its day of payment.</summary>
    /// <returns>In the order of days, authorities and levies.</returns>
    public static async Task<IReadOnlyList<ContributionRow>> DueAsync(
        Snapshot snapshot, LocalDate from, LocalDate to)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var sums = snapshot.Ask(
            Sql, Read, snapshot.Company.Code, snapshot.Knowledge.Position, from.PlusMonths(-MonthsMost).ToDateOnly(),
            to.PlusMonths(MonthsMost).ToDateOnly());
        await snapshot.SendAsync();
        return
        [
            .. sums.Select(Place).Where(each => each is not null && each.At >= from && each.At <= to)
                .GroupBy(each => each!.Key)
                .Select(group => RowOf(group.Key, group.Select(each => each!), snapshot))
                .OrderBy(row => row.DueOn ?? LocalDate.MaxIsoValue)
                .ThenBy(row => row.Authority, StringComparer.Ordinal).ThenBy(row => row.Period)
                .ThenBy(row => row.Code, StringComparer.Ordinal),
        ];
    }

    /// <summary>Null for what goes to no authority, as agreed deductions do.</summary>
    private static Placed? Place(Levied levied)
    {
        var remittance = Remittance.Of(levied.Pack).FirstOrDefault(each => each.Codes.Contains(levied.Code));
        if (remittance is null && levied.Kind == "deduction")
        {
            return null;
        }

        remittance ??= Remittance.Unknown;
        Figure? figure = null;
        var dueOn = Packs.Find(levied.Pack) is { } pack
            ? remittance.DueOn(pack, levied.Through, levied.PayDate, out figure) : null;
        var month = remittance.Basis == RemittanceBasis.MonthOfPeriod ? levied.Through : levied.PayDate;
        return new(
            new(remittance.Authority, dueOn, month.ToYearMonth(), levied.Pack, levied.Code, levied.Currency,
                figure?.Source),
            dueOn ?? levied.PayDate, levied.Kind, levied.Sum);
    }

    private static ContributionRow RowOf(PlacedKey key, IEnumerable<Placed> placed, Snapshot snapshot)
    {
        var (employees, employers) = (0m, 0m);
        foreach (var each in placed)
        {
            if (each.Kind == "employerContribution")
            {
                employers = Amount.Sum(employers, each.Sum);
            }
            else
            {
                employees = Amount.Sum(employees, each.Sum);
            }
        }

        Amount In(decimal value) => snapshot.Company.In(key.Currency, value);
        return new(
            key.Authority, key.DueOn, key.Period, key.Pack, key.Code, key.Currency, In(employees), In(employers),
            In(Amount.Sum(employees, employers)), key.Source);
    }

    private static Levied Read(NpgsqlDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetDay(2), row.GetDay(3), row.GetString(4), row.GetString(5),
        row.GetSum(6));

    private sealed record Levied(
        string Pack, string Currency, LocalDate Through, LocalDate PayDate, string Code, string Kind, decimal Sum);

    private sealed record PlacedKey(
        string Authority, LocalDate? DueOn, YearMonth Period, string Pack, string Code, string Currency,
        string? Source);

    private sealed record Placed(PlacedKey Key, LocalDate At, string Kind, decimal Sum);
}
