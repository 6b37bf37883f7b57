using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.EventStore;

namespace Ledger.Api.Export;

/// <summary>What the books of a company consist of beside its entries, as it is at a sequence.</summary>
/// <param name="Accounts">Parents stand before what is below them.</param>
/// <param name="Sequence">The last event of the store that is exported.</param>
internal sealed record ExportedCompany(
    string Id,
    Company Company,
    IReadOnlyList<Account> Accounts,
    IReadOnlyList<DimensionValueAdded> Dimensions,
    long Sequence)
{
    public UnitCode Currency => Company.Currency;

    /// <summary>The decimal places of every unit that the company declares, and of its currency.</summary>
    public IEnumerable<(UnitCode Unit, int Digits)> Units =>
        (Company.Settings!.Digits ?? ValueMap<int>.Empty)
            .Select(each => (new UnitCode(each.Key), each.Value))
            .Where(each => each.Item1 != Currency)
            .Prepend((Currency, Company.CurrencyDigits));

    /// <returns>Null when there is no such company.</returns>
    public static async Task<ExportedCompany?> LoadAsync(Store store, string id, CancellationToken cancellation)
    {
        var sequence = await store.HeadAsync(cancellation);
        var streams = await store.ReadStreamsAsync(
            id, [new(Streams.Company, 0), new(Streams.Chart, 0), new(Streams.Dimensions, 0)], cancellation);
        IEnumerable<object> EventsOf(int stream) => streams[stream]
            .Where(each => each.Sequence <= sequence).Select(EventCatalog.Ledger.Read);
        var company = EventsOf(0).Cast<CompanyEvent>().Aggregate(Company.Initial, Company.Evolve);
        if (!company.Exists)
        {
            return null;
        }

        var chart = EventsOf(1).Cast<AccountEvent>().Aggregate(Chart.Initial, Chart.Evolve);
        var dimensions = new Dictionary<(string, string), DimensionValueAdded>();
        foreach (var each in EventsOf(2))
        {
            var now = each switch
            {
                DimensionValueAdded added => added,
                DimensionValueChanged changed => new(changed.Dimension, changed.Value, changed.Details),
                _ => throw new InvalidOperationException($"{each.GetType().Name} is no event of dimensions."),
            };
            dimensions[(now.Dimension, now.Value)] = now;
        }

        return new(id, company, ParentsFirst(chart), [.. dimensions.Values], sequence);
    }

    private static List<Account> ParentsFirst(Chart chart)
    {
        var ordered = new List<Account>();
        var done = new HashSet<AccountCode>();
        foreach (var account in chart.Accounts.OrderBy(account => account.Code))
        {
            var path = new Stack<Account>();
            for (var at = account; at is not null && done.Add(at.Code); at = chart.Find(at.Details.Parent ?? default))
            {
                path.Push(at);
            }

            ordered.AddRange(path);
        }

        return ordered;
    }
}
