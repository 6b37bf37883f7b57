using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Domain.Journals;

public enum Side
{
    Debit,
    Credit,
}

/// <summary>What an entry is for; income statements leave out <see cref="Closing"/>.</summary>
public enum EntryKind
{
    Normal,
    Opening,
    Adjustment,
    Closing,
}

/// <summary>How a reversal takes an entry back: sides swapped, or the same sides with negative amounts.</summary>
public enum ReversalMethod
{
    Mirror,
    Red,
}

/// <summary>The paper or file behind an entry. <c>Sha256</c> is 64 lower-case hexadecimal digits.</summary>
public sealed record EntryDocument(string? Type, string? Number, LocalDate? Date, string? Sha256);

/// <summary>What the service resolved for a line: absent when unit and base amount follow from what was sent.</summary>
/// <param name="Unit">The unit of the line's amount.</param>
/// <param name="BaseAmount">In the functional currency, same sign convention and side as the line's amount.</param>
public sealed record ResolvedAmount(UnitCode Unit, decimal BaseAmount);

/// <summary>
/// One line, as sent, with amounts normalised to their unit's digits; what was resolved stands apart.
/// </summary>
/// <param name="Amount">In <paramref name="Currency"/>, or in the account's, or in the functional currency.</param>
/// <param name="BaseAmount">The amount in the functional currency, when the caller gave it.</param>
/// <param name="Rate">Functional currency per unit, when the caller gave that instead.</param>
public sealed record JournalLine(
    AccountCode Account,
    Side Side,
    decimal Amount,
    UnitCode? Currency = null,
    decimal? BaseAmount = null,
    decimal? Rate = null,
    string? Memo = null,
    ValueMap<string>? Dimensions = null,
    ResolvedAmount? Resolved = null)
{
    /// <summary>The line without what the service resolved: what retries are compared by.</summary>
    public JournalLine AsSent() => Resolved is null ? this : this with { Resolved = null };

    /// <summary>The unit of the amount, given the functional currency of the entry.</summary>
    public UnitCode UnitIn(UnitCode functionalCurrency) => Resolved?.Unit ?? functionalCurrency;

    /// <summary>The amount in the functional currency, on the line's side.</summary>
    public decimal InFunctionalCurrency() => Resolved?.BaseAmount ?? Amount;
}

/// <summary>Stream <c>journal-entry/{id}</c>: one entry, and its reversal if there is one.</summary>
public abstract record JournalEvent;

/// <param name="Currency">
/// The functional currency of the company when this was posted: the unit of base amounts.
/// </param>
/// <param name="ReverseOn">The entry was posted together with its reversal on this date (an accrual).</param>
/// <param name="Corrects">The entry that this one corrects; negative amounts are allowed only then.</param>
/// <param name="Reverses">This entry is the reversal of that one.</param>
/// <param name="Reason">Why it was reversed; only on reversals.</param>
/// <param name="Method">How; only on reversals.</param>
/// <param name="CounterpartyPerson">The name of a counterparty who is a natural person; others are plain text.</param>
[EventName("journal_entry_posted")]
public sealed record JournalEntryPosted(
    LocalDate BookedOn,
    string Description,
    UnitCode Currency,
    ValueList<JournalLine> Lines,
    EntryKind? Kind = null,
    string? Reference = null,
    EntryDocument? Document = null,
    string? Counterparty = null,
    LocalDate? ReverseOn = null,
    string? Corrects = null,
    string? Reverses = null,
    string? Reason = null,
    ReversalMethod? Method = null,
    [property: Searched] PersonalText? CounterpartyPerson = null) : JournalEvent
{
    /// <summary>The larger of debits and credits in the functional currency, whatever the signs: how large it
    /// is.</summary>
    public decimal Turnover()
    {
        var (debits, credits) = (0m, 0m);
        foreach (var line in Lines.AsSpan())
        {
            var amount = Math.Abs(line.InFunctionalCurrency());
            _ = line.Side == Side.Debit ? debits += amount : credits += amount;
        }

        return Math.Max(debits, credits);
    }
}

/// <summary>
/// On the reversed entry's own stream, in the same request as the reversal: nothing is reversed twice.
/// </summary>
[EventName("journal_entry_reversed")]
public sealed record JournalEntryReversed(string By, LocalDate BookedOn, string Reason, ReversalMethod Method)
    : JournalEvent;
