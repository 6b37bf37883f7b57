namespace Ledger.Domain.Accounts;

public static class AccountRefusals
{
    public static Refusal CodeInvalid(string field, string? code) => new(
        "account-code-invalid",
        $"{field} '{Texts.Shown(code)}' is not an account code: send 1 to {AccountCode.LengthMax} characters in "
        + "Unicode's form NFC, without / % and characters that cannot be seen, and without white space at the "
        + "ends.");

    public static Refusal UnitUnknown(UnitCode unit) => new(
        "unit-unknown",
        $"{Texts.Shown(unit.Value)} is neither a currency of ISO 4217 nor declared by the company: "
        + "declare its decimal places in the company's digits first.");

    public static Refusal BySignNeedsBalanceSheet(AccountType type) => new(
        "by-sign-needs-balance-sheet",
        $"bySign shows an account as an asset or as a liability, which is not possible for type {Texts.Camel(type)}: "
        + "leave bySign out.");

    public static Refusal TooManyRequired(int count, int countMax) => new(
        "too-many-required-dimensions", $"requires names {count} dimensions: send at most {countMax}.");

    public static Refusal RequiredTwice(string dimension) => new(
        "required-dimension-twice", $"requires names the dimension {dimension} twice: send it once.");

    public static Refusal ParentUnknown(AccountCode parent) => new(
        "parent-unknown",
        $"The parent {Texts.Shown(parent.Value)} is not in the chart: open it first, or send another.");

    public static Refusal ParentCycle(AccountCode code, AccountCode parent) => new(
        "parent-cycle",
        $"{parent} lies below {code}, or is {code} itself, so it cannot be its parent: send another parent.");

    public static Refusal ParentTooDeep(AccountCode parent, int depthMax) => new(
        "parent-too-deep",
        $"Below {parent} the chart would be more than {depthMax} levels deep: send a higher parent.");

    public static Refusal TypeFixed(AccountCode code, AccountType type, AccountType sent) => new(
        "account-type-fixed",
        $"Account {code} has postings, so its type stays {Texts.Camel(type)} and cannot become {Texts.Camel(sent)}: "
        + "open another account and move the balance by an entry.");

    public static Refusal CurrencyFixed(AccountCode code, UnitCode? currency, UnitCode? sent) => new(
        "account-currency-fixed",
        $"Account {code} has postings, so its currency stays {Shown(currency)} and cannot become {Shown(sent)}: "
        + "open another account and move the balance by an entry.");

    public static Refusal TemplateUnknown(string template, IEnumerable<string> templates) => new(
        "chart-template-unknown",
        $"There is no chart '{Texts.Shown(template)}': send one of {string.Join(", ", templates)}.");

    private static string Shown(UnitCode? currency) =>
        currency is { } unit ? Texts.Shown(unit.Value) : "open to any unit";
}
