using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;

namespace Ledger.Api.Import;

/// <summary>
/// What an import does to company and chart before it posts: the deciders' own rules, many commands at once.
/// </summary>
internal static class RegisterDecisions
{
    /// <summary>Raises the digits of units to what is needed; units that have them already stay as they are.</summary>
    public static Decision<CompanyEvent> RaiseDigits(
        IReadOnlyDictionary<UnitCode, int> needed, Company company, Chart chart)
    {
        var digits = (company.Settings!.Digits ?? ValueMap<int>.Empty).ToDictionary();
        var isRaised = false;
        foreach (var (unit, count) in needed)
        {
            if (!company.TryGetDigits(unit, out var now) || now < count)
            {
                digits[unit.Value] = count;
                isRaised = true;
            }
        }

        return isRaised
            ? CompanyDecider.Decide(
                new PutCompany(company.Settings with { Digits = ValueMap<int>.From(digits) }, company.Version),
                company,
                chart,
                hasEntries: false)
            : Decision<CompanyEvent>.Nothing;
    }

    /// <summary>Opens the account, or changes it if it is exactly what it was said to be before.</summary>
    public static Decision<AccountEvent> PutAccount(
        PutAccount account, AccountDetails? before, Company company, Chart chart)
    {
        var now = chart.Find(account.Code);
        return now is not null && now.Details != before
            ? Decision<AccountEvent>.Nothing
            : AccountDecider.Decide(account with { IfMatch = now?.Version }, chart, company, hasPostings: true);
    }

    /// <summary>Adds the value, or changes it if it is exactly what it was said to be before.</summary>
    public static Decision<DimensionEvent> PutValue(
        PutDimensionValue value, DimensionValueDetails? before, Company company, DimensionCatalog catalog)
    {
        var now = catalog.Find(value.Dimension, value.Value);
        return now is not null && now.Details != before
            ? Decision<DimensionEvent>.Nothing
            : DimensionDecider.Decide(value with { IfMatch = now?.Version }, catalog, company);
    }

    /// <summary>Opens the accounts that the chart lacks, in this order; those that exist stay as they are.</summary>
    public static Decision<AccountEvent> OpenAccounts(
        IReadOnlyList<PutAccount> accounts, Company company, Chart chart)
    {
        var opened = new List<AccountEvent>();
        foreach (var account in accounts)
        {
            if (chart.Find(account.Code) is not null)
            {
                continue;
            }

            var decision = AccountDecider.Decide(account with { IfMatch = null }, chart, company, hasPostings: false);
            if (decision.Refusal is { } refusal)
            {
                return refusal with { Message = $"Account {Texts.Shown(account.Code.Value)}: {refusal.Message}" };
            }

            opened.AddRange(decision.Events);
            chart = decision.Events.Aggregate(chart, Chart.Evolve);
        }

        return new(opened.ToValueList(), null);
    }
}
