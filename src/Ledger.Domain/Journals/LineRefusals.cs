using static System.FormattableString;

namespace Ledger.Domain.Journals;

/// <summary>Refusals of one line of an entry; lines are counted from 1.</summary>
public static class LineRefusals
{
    public static Refusal AccountUnknown(int line, AccountCode account) => new(
        "account-unknown",
        $"Line {line}: account '{Texts.Shown(account.Value)}' is not in the chart: open it first, or send another.");

    public static Refusal AccountArchived(int line, AccountCode account) => new(
        "account-archived",
        $"Line {line}: account {account} is archived: send another, or take it back into use first.");

    public static Refusal AccountNotPostable(int line, AccountCode account) => new(
        "account-not-postable",
        $"Line {line}: account {account} only groups others and takes no postings: send one of the accounts below it.");

    public static Refusal WrongCurrency(int line, AccountCode account, UnitCode currency, UnitCode sent) => new(
        "wrong-currency",
        $"Line {line}: account {account} takes {currency} only, not {Texts.Shown(sent.Value)}: send {currency}, "
        + "or another account.");

    /// <param name="rate">By which the amount was converted; null where the amount itself is too large.</param>
    public static Refusal AmountTooLarge(int line, string field, decimal amount, decimal? rate = null) => new(
        "amount-too-large",
        Invariant($"Line {line}: {field} {amount}{(rate is null ? "" : Invariant($", converted at {rate},"))} has ")
        + $"more than {AmountText.IntegerDigitsMax} digits before the point: split it into smaller amounts.");

    public static Refusal TooManyDigits(int line, string field, decimal amount, UnitCode unit, int digits) => new(
        "too-many-digits",
        Invariant($"Line {line}: {field} {amount} has more decimal places than {unit}, which has {digits}: ")
        + $"round it, or raise the digits of {unit} in the company.");

    public static Refusal NegativeAmount(int line, string field, decimal amount) => new(
        "negative-amount",
        Invariant($"Line {line}: {field} {amount} is negative, which only an entry that corrects another may hold: ")
        + "send it on the other side, or name the wrong entry in corrects.");

    public static Refusal BaseAmountAndRate(int line) => new(
        "base-amount-and-rate", $"Line {line}: baseAmount and rate are both given: send one of them.");

    public static Refusal ZeroAmount(int line) => new(
        "zero-amount",
        $"Line {line}: the amount is 0: leave the line out, or, for an exchange difference, send the amount 0 in the "
        + "foreign currency with a baseAmount other than 0.");

    public static Refusal BaseAmountDiffers(int line, decimal amount, decimal baseAmount, UnitCode currency) => new(
        "base-amount-differs",
        Invariant($"Line {line}: the amount {amount} is in the functional currency {currency}, ")
        + Invariant($"so its baseAmount cannot be {baseAmount}: leave baseAmount out."));

    public static Refusal RateOfFunctionalCurrency(int line, decimal rate, UnitCode currency) => new(
        "rate-of-functional-currency",
        Invariant($"Line {line}: the amount is in the functional currency {currency}, so its rate cannot be {rate}: ")
        + "leave rate out.");

    public static Refusal BaseAmountMissing(int line, UnitCode unit, UnitCode currency) => new(
        "base-amount-missing",
        $"Line {line}: an amount in {unit} needs its value in {currency}: send baseAmount, or rate ({currency} for one "
        + $"{unit}), or a baseAmount of 0 where {unit} has no price.");

    public static Refusal RateOutOfRange(int line, decimal rate) => new(
        "rate-out-of-range",
        Invariant($"Line {line}: the rate {rate} is not possible: send one above 0 with at most ")
        + $"{AmountText.IntegerDigitsMax} digits before the point and {AmountText.FractionDigitsMax} behind it.");

    public static Refusal BaseAmountSign(int line, decimal amount, decimal baseAmount) => new(
        "base-amount-sign",
        Invariant($"Line {line}: amount {amount} and baseAmount {baseAmount} have different signs, though they stand ")
        + "on the same side: send both with the same sign.");

    public static Refusal DimensionUnknown(int line, string dimension) => new(
        "dimension-unknown",
        $"Line {line}: there is no dimension '{Texts.Shown(dimension)}': add a value to it first, or leave it out.");

    public static Refusal DimensionValueUnknown(int line, string dimension, string value) => new(
        "dimension-value-unknown",
        $"Line {line}: the dimension {dimension} has no value '{Texts.Shown(value)}': add it first, or send another.");

    public static Refusal DimensionValueArchived(int line, string dimension, string value) => new(
        "dimension-value-archived",
        $"Line {line}: {dimension} {value} is archived: send another value, or take it back into use first.");

    public static Refusal DimensionMissing(int line, AccountCode account, string dimension) => new(
        "dimension-missing",
        $"Line {line}: account {account} requires the dimension {dimension}: send a value for it in dimensions.");
}
