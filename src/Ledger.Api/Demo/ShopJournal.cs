using Ledger.Domain;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>What the shop posts, and what its accounts stand at because of it.</summary>
internal sealed class ShopJournal
{
    private readonly Dictionary<(string Account, bool InDollars), (decimal Amount, decimal Euros)> balances = [];
    private List<DemoStep> steps = [];

    /// <summary>Debit − credit, in euro, of all currencies.</summary>
    public decimal BalanceOf(string account) =>
        balances.GetValueOrDefault((account, false)).Euros + balances.GetValueOrDefault((account, true)).Euros;

    /// <summary>Debit − credit of the dollars on an account, and what they are booked at in euro.</summary>
    public (decimal Dollars, decimal Euros) DollarsOn(string account) => balances.GetValueOrDefault((account, true));

    public void Post(
        string id,
        LocalDate day,
        string description,
        EntryLines lines,
        EntryKind? kind = null,
        string? reference = null,
        EntryDocument? document = null,
        string? counterparty = null,
        LocalDate? reverseOn = null,
        string? corrects = null)
    {
        var entry = new PostJournalEntry(
            id, day, description, lines.All.ToValueList(), kind, reference, document, counterparty, reverseOn,
            corrects);
        steps.Add(new DemoStep.Post(entry));

        // An accrual is taken back in the same request: it changes no balance that the shop looks at in between.
        if (reverseOn is null)
        {
            Add(entry.Lines, 1);
        }
    }

    /// <summary>Takes an entry back.</summary>
    public void Reverse(string id, ValueList<JournalLine> lines, LocalDate day, string reason)
    {
        steps.Add(new DemoStep.Reverse(new(id, day, reason)));
        Add(lines, -1);
    }

    public void Add(DemoStep step) => steps.Add(step);

    /// <summary>Everything since it was last asked.</summary>
    public IReadOnlyList<DemoStep> Since()
    {
        var since = steps;
        steps = [];
        return since;
    }

    private void Add(ValueList<JournalLine> lines, int sign)
    {
        foreach (var line in lines)
        {
            var key = (line.Account.Value, line.Currency is not null);
            var (amount, euros) = balances.GetValueOrDefault(key);
            var side = line.Side == Side.Debit ? sign : -sign;
            balances[key] = (amount + (side * line.Amount), euros + (side * (line.BaseAmount ?? line.Amount)));
        }
    }
}
