using Ledger.Domain.Companies;

namespace Ledger.Domain.Accounts;

public static class AccountDecider
{
    public const int RequiredDimensionsMax = 10;

    /// <summary>Levels of the hierarchy; hledger and national charts use far fewer.</summary>
    public const int DepthMax = 32;

    /// <param name="hasPostings">Whether anything was ever posted to this account.</param>
    public static Decision<AccountEvent> Decide(PutAccount command, Chart chart, Company company, bool hasPostings)
    {
        var (code, details) = (command.Code, command.Account);
        var account = chart.Find(code);
        if (account?.Details == details)
        {
            return Decision<AccountEvent>.Nothing;
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (!AccountCode.IsValid(code.Value))
        {
            return AccountRefusals.CodeInvalid("The code", code.Value);
        }

        if (Register.CheckVersion(account?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        if (Check(code, details, company) is { } refusal)
        {
            return refusal;
        }

        if (CheckParent(code, details.Parent, chart) is { } parent)
        {
            return parent;
        }

        if (hasPostings && account is not null && account.Details.Type != details.Type)
        {
            return AccountRefusals.TypeFixed(code, account.Details.Type, details.Type);
        }

        if (hasPostings && account is not null && account.Details.Currency != details.Currency)
        {
            return AccountRefusals.CurrencyFixed(code, account.Details.Currency, details.Currency);
        }

        return account is null ? new AccountOpened(code, details) : new AccountChanged(code, details);
    }

    /// <summary>Opens what the chart lacks, parents first; accounts that exist stay as they are.</summary>
    public static Decision<AccountEvent> Decide(ApplyChartTemplate command, Chart chart, Company company)
    {
        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (ChartTemplates.Find(command.Template) is not { } template)
        {
            return AccountRefusals.TemplateUnknown(command.Template, ChartTemplates.Names);
        }

        var missing = template.Where(account => chart.Find(account.Code) is null).ToValueList();
        foreach (var account in missing)
        {
            if (account.Code == company.Settings!.RetainedEarnings && account.Account.Type != AccountType.Equity)
            {
                return CompanyRefusals.RetainedEarningsNotEquity(account.Code);
            }
        }

        return new Decision<AccountEvent>(missing.Select(account => (AccountEvent)account).ToValueList(), null);
    }

    private static Refusal? Check(AccountCode code, AccountDetails details, Company company)
    {
        if (Texts.CheckNeeded("name", details.Name, Texts.NameLengthMax) is { } name)
        {
            return name;
        }

        if (Texts.CheckNames(details.Names) is { } names)
        {
            return names;
        }

        if (details.Currency is { } currency && !company.TryGetDigits(currency, out _))
        {
            return AccountRefusals.UnitUnknown(currency);
        }

        if (details.BySign is true && details.Type is not (AccountType.Asset or AccountType.Liability))
        {
            return AccountRefusals.BySignNeedsBalanceSheet(details.Type);
        }

        if (details.Type != AccountType.Equity && code == company.Settings!.RetainedEarnings)
        {
            return CompanyRefusals.RetainedEarningsNotEquity(code);
        }

        return CheckRequired(details.Requires ?? []);
    }

    private static Refusal? CheckRequired(ValueList<string> dimensions)
    {
        if (dimensions.Count > RequiredDimensionsMax)
        {
            return AccountRefusals.TooManyRequired(dimensions.Count, RequiredDimensionsMax);
        }

        for (var i = 0; i < dimensions.Count; i++)
        {
            if (!Ids.IsValid(dimensions[i]))
            {
                return TextRefusals.IdInvalid("requires", dimensions[i]);
            }

            if (dimensions.AsSpan()[..i].Contains(dimensions[i]))
            {
                return AccountRefusals.RequiredTwice(dimensions[i]);
            }
        }

        return null;
    }

    private static Refusal? CheckParent(AccountCode code, AccountCode? parent, Chart chart)
    {
        if (parent is not { } direct)
        {
            return null;
        }

        if (direct == code)
        {
            return AccountRefusals.ParentCycle(code, direct);
        }

        if (chart.Find(direct) is not { } ancestor)
        {
            return AccountRefusals.ParentUnknown(direct);
        }

        var depth = 2;
        for (; ancestor.Details.Parent is { } above; depth++)
        {
            if (above == code)
            {
                return AccountRefusals.ParentCycle(code, direct);
            }

            ancestor = chart.Find(above)!;
        }

        // Where the parent stays, so does the depth of all that lies below.
        var isMoved = chart.Find(code) is { } account && account.Details.Parent != parent;
        return depth + (isMoved ? LevelsBelow(code, chart) : 0) > DepthMax
            ? AccountRefusals.ParentTooDeep(direct, DepthMax)
            : null;
    }

    private static int LevelsBelow(AccountCode code, Chart chart)
    {
        var most = 0;
        foreach (var account in chart.Accounts)
        {
            var levels = 1;
            var parent = account.Details.Parent;
            while (parent is { } above && above != code)
            {
                parent = chart.Find(above)!.Details.Parent;
                levels++;
            }

            most = parent is null ? most : Math.Max(most, levels);
        }

        return most;
    }
}
