using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;

namespace Ledger.Domain.Journals;

/// <summary>The rules of one line's amount, base amount and rate, and what follows from them.</summary>
internal static class AmountRules
{
    /// <summary>A line in the functional currency: amount and base amount are the same thing.</summary>
    public static Refusal? DecideFunctional(
        JournalLine line, int number, bool isCorrection, Company company, out JournalLine decided)
    {
        decided = line;
        var (currency, digits) = (company.Currency, company.CurrencyDigits);
        if (CheckAmount("amount", line.Amount, number, currency, digits, isCorrection, out var amount) is { } refusal)
        {
            return refusal;
        }

        if (line.BaseAmount is not null && line.Rate is not null)
        {
            return LineRefusals.BaseAmountAndRate(number);
        }

        if (amount == 0)
        {
            return LineRefusals.ZeroAmount(number);
        }

        if (line.BaseAmount is { } baseAmount && baseAmount != amount)
        {
            return LineRefusals.BaseAmountDiffers(number, amount, baseAmount, currency);
        }

        if (line.Rate is { } rate && rate != 1)
        {
            return LineRefusals.RateOfFunctionalCurrency(number, rate, currency);
        }

        var isAsSent = amount.Scale == line.Amount.Scale && line.Resolved is null
            && (line.BaseAmount is not { } sent || sent.Scale == amount.Scale);
        if (!isAsSent)
        {
            decided = line with
            {
                Amount = amount,
                BaseAmount = line.BaseAmount is null ? null : amount,
                Resolved = null,
            };
        }

        return null;
    }

    /// <summary>A line in any other unit: its base amount is given, or converted by its rate.</summary>
    public static Refusal? DecideForeign(
        JournalLine line, int number, UnitCode unit, bool isCorrection, Company company, out JournalLine decided)
    {
        decided = line;
        if (!company.TryGetDigits(unit, out var digits))
        {
            var unknown = AccountRefusals.UnitUnknown(unit);
            return unknown with { Message = $"Line {number}: {unknown.Message}" };
        }

        if (CheckAmount("amount", line.Amount, number, unit, digits, isCorrection, out var amount) is { } badAmount)
        {
            return badAmount;
        }

        if (line.BaseAmount is not null && line.Rate is not null)
        {
            return LineRefusals.BaseAmountAndRate(number);
        }

        if (amount == 0 && line.BaseAmount is null or 0)
        {
            return LineRefusals.ZeroAmount(number);
        }

        if (line.BaseAmount is null && line.Rate is null)
        {
            return LineRefusals.BaseAmountMissing(number, unit, company.Currency);
        }

        decimal converted;
        if (line.Rate is { } rate)
        {
            if (rate <= 0 || rate >= Money.AmountBound || rate.Scale > Money.RateDigitsMax)
            {
                return LineRefusals.RateOutOfRange(number, rate);
            }

            if (!Money.TryConvertHalfAwayFromZero(amount, rate, company.CurrencyDigits, out converted))
            {
                return LineRefusals.AmountTooLarge(number, "amount", amount, rate);
            }

            decided = line with { Amount = amount, Resolved = new ResolvedAmount(unit, converted) };
            return null;
        }

        if (CheckAmount(
            "baseAmount", line.BaseAmount!.Value, number, company.Currency, company.CurrencyDigits, isCorrection,
            out converted) is { } badBase)
        {
            return badBase;
        }

        if (Math.Sign(amount) * Math.Sign(converted) < 0)
        {
            return LineRefusals.BaseAmountSign(number, amount, converted);
        }

        decided = line with
        {
            Amount = amount,
            BaseAmount = converted,
            Resolved = new ResolvedAmount(unit, converted),
        };
        return null;
    }

    private static Refusal? CheckAmount(
        string field, decimal sent, int number, UnitCode unit, int digits, bool isCorrection, out decimal amount)
    {
        amount = sent;
        if (Math.Abs(sent) >= Money.AmountBound)
        {
            return LineRefusals.AmountTooLarge(number, field, sent);
        }

        if (!Money.TryScale(sent, digits, out amount))
        {
            return LineRefusals.TooManyDigits(number, field, sent, unit, digits);
        }

        return amount < 0 && !isCorrection ? LineRefusals.NegativeAmount(number, field, sent) : null;
    }
}
