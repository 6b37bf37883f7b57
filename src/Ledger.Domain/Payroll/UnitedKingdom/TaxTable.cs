using static Ledger.Domain.Payroll.Rounding;

namespace Ledger.Domain.Payroll.UnitedKingdom;

/// <summary>
/// The bands of a regime for each week and each month of a year. Bounds are carried at four decimal places toward zero;
/// the band is chosen with the pence against the bound rounded up to a pound, and tax is computed on whole pounds.
/// </summary>
/// <remarks>HM Revenue &amp; Customs, specification for PAYE tax table routines.</remarks>
public sealed class TaxTable
{
    private readonly decimal[] rates;
    private readonly Row[] weeks;
    private readonly Row[] months;

    /// <param name="figures">Those of the tax year.</param>
    /// <param name="name">A figure like <c>0 20% 37700 40% 125140 45%</c>.</param>
    public TaxTable(FigureSet figures, string name)
    {
        ArgumentNullException.ThrowIfNull(figures);
        var values = figures.List(name);
        Figure = figures.Find(name);
        rates = new decimal[values.Length / 2];
        var bounds = new decimal[rates.Length];
        for (var i = 0; i < rates.Length; i++)
        {
            (bounds[i], rates[i]) = (values[2 * i], values[(2 * i) + 1]);
        }

        weeks = [.. Enumerable.Range(1, 52).Select(week => new Row(bounds, rates, week, 52))];
        months = [.. Enumerable.Range(1, 12).Select(month => new Row(bounds, rates, month, 12))];
    }

    public Figure? Figure { get; }

    public int BandCount => rates.Length;

    /// <summary>The rate of one band, from the lowest, 0.</summary>
    public decimal RateOf(int band) => rates[band];

    /// <summary>Tax to the penny, what is below dropped.</summary>
    /// <param name="number">The week or month up to which the bands are open.</param>
    /// <param name="taxable">Pay less free pay, with its pence.</param>
    /// <param name="rate">That of the highest band which it reaches.</param>
    public decimal Tax(bool isWeekly, int number, decimal taxable, out decimal rate)
    {
        var row = (isWeekly ? weeks : months)[number - 1];
        var band = rates.Length - 1;
        while (band > 0 && taxable <= row.BoundsInPounds[band])
        {
            band--;
        }

        rate = rates[band];
        return DownToCents(row.Owed[band] + ((decimal.Floor(taxable) - row.Bounds[band]) * rate));
    }

    /// <summary>The bands up to one week or month, and the tax at each bound.</summary>
    private sealed class Row
    {
        public Row(decimal[] bounds, decimal[] rates, int number, int perYear)
        {
            Bounds = Array.ConvertAll(bounds, bound => ToFourPlaces(bound * number / perYear));
            BoundsInPounds = Array.ConvertAll(Bounds, decimal.Ceiling);
            Owed = new decimal[bounds.Length];
            for (var i = 1; i < bounds.Length; i++)
            {
                Owed[i] = Owed[i - 1] + ((Bounds[i] - Bounds[i - 1]) * rates[i - 1]);
            }
        }

        public decimal[] Bounds { get; }

        public decimal[] BoundsInPounds { get; }

        public decimal[] Owed { get; }
    }
}
