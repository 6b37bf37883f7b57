using NodaTime;

namespace Ledger.Domain.Companies;

/// <summary>The company as its decisions need it. <see cref="Version"/> is the stream's, and so its ETag.</summary>
public sealed record Company
{
    public static Company Initial { get; } = new();

    /// <summary>No books are older; an earlier date is a typing error such as the year 0001.</summary>
    public static readonly LocalDate EarliestDate = new(1900, 1, 1);

    private readonly Dictionary<UnitCode, int> declaredDigits = [];

    public long Version { get; private init; }

    /// <summary>Null until the company is registered.</summary>
    public CompanySettings? Settings { get; private init; }

    /// <summary>The countries that it was ever in: what a law made it keep, it keeps after it has moved.</summary>
    public ValueList<string> CountriesEver { get; private init; } = [];

    public string TimeZone { get; private init; } = "";

    public AnnualDate FiscalYearStart { get; private init; } = new(1, 1);

    public bool Exists => Settings is not null;

    public UnitCode Currency => Settings?.Currency ?? default;

    /// <summary>The decimal places of the functional currency.</summary>
    public int CurrencyDigits { get; private init; }

    private Company()
    {
    }

    public static Company Evolve(Company state, CompanyEvent @event) => @event switch
    {
        CompanyRegistered e => state.With(e.Settings, e.TimeZone, e.FiscalYearStart),
        CompanyChanged e => state.With(e.Settings, e.TimeZone, e.FiscalYearStart),
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a company's."),
    };

    /// <summary>
    /// The decimal places of a unit: those the company declares, else ISO 4217's; false if there are none.
    /// </summary>
    public bool TryGetDigits(UnitCode unit, out int digits) =>
        declaredDigits.TryGetValue(unit, out digits) || Iso4217.TryGetDigits(unit, out digits);

    public FiscalYear FiscalYearOf(LocalDate date) => FiscalYear.Of(date, FiscalYearStart);

    /// <summary>
    /// The first and last day on which an entry may be booked: within the books' own bounds, and at most at the end of
    /// the next fiscal year, because a later date is a typing error.
    /// </summary>
    /// <param name="today">In the company's time zone.</param>
    public (LocalDate First, LocalDate Last) BookableDates(LocalDate today)
    {
        var (first, last) = (Settings?.BooksFrom ?? EarliestDate, FiscalYearOf(today).Next.Last);
        return (LocalDate.Max(first, EarliestDate), LocalDate.Min(Settings?.BooksTo ?? last, last));
    }

    private Company With(CompanySettings settings, string timeZone, AnnualDate fiscalYearStart)
    {
        var next = new Company(settings.Digits)
        {
            Version = Version + 1, Settings = settings, TimeZone = timeZone, FiscalYearStart = fiscalYearStart,
            CountriesEver = CountriesEver.Append(settings.Country).Distinct().ToValueList(),
        };
        return next.TryGetDigits(settings.Currency, out var digits) ? next with { CurrencyDigits = digits } : next;
    }

    private Company(ValueMap<int>? digits)
    {
        foreach (var (unit, count) in digits ?? ValueMap<int>.Empty)
        {
            declaredDigits.Add(new UnitCode(unit), count);
        }
    }
}
