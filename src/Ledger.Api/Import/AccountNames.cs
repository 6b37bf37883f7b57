using System.Text;
using System.Text.RegularExpressions;
using Ledger.Domain;
using Ledger.Domain.Accounts;

namespace Ledger.Api.Import;

/// <summary>How account names of hledger become codes of accounts, and what their names say of them.</summary>
internal static partial class AccountNames
{
    private const char Separator = ':';

    private const RegexOptions NameRule =
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    /// <summary>Characters that have a meaning at the start of a name, in journals or CSV.</summary>
    private const string NotFirst = "([*!;#=";

    /// <summary>From a character of ASCII to its full-width form.</summary>
    private const int ToFullWidth = 0xFEE0;

    /// <summary>
    /// The code of an account name. A code is part of addresses, so "/" and "%" become their full-width forms (／ and
    /// ％). The export turns them back, and gives a code that begins with a bracket or a mark a full-width one, which is
    /// turned back here.
    /// </summary>
    /// <returns>Null, with the reason, when no code can be made of it.</returns>
    public static AccountCode? ToCode(string name, out string? reason)
    {
        reason = null;
        if (name.Length == 0)
        {
            reason = "A line names no account.";
            return null;
        }

        if (!Texts.IsVisible(name) || name.Contains('\uFFFD'))
        {
            reason = $"The account '{Texts.Shown(name)}' holds characters that a code cannot have.";
            return null;
        }

        var code = name.Normalize(NormalizationForm.FormC).Replace('/', '／').Replace('%', '％');
        if (code[0] > ToFullWidth && NotFirst.Contains((char)(code[0] - ToFullWidth)))
        {
            code = $"{(char)(code[0] - ToFullWidth)}{code[1..]}";
        }

        if (code.Length > AccountCode.LengthMax)
        {
            reason = $"The account '{Texts.Shown(name)}' has {code.Length} characters, more than "
                + $"{AccountCode.LengthMax}.";
            return null;
        }

        if (!AccountCode.IsValid(code))
        {
            reason = $"The account '{Texts.Shown(name)}' cannot be a code of an account.";
            return null;
        }

        return new(code);
    }

    /// <summary>The name in hledger of an account's code: the reverse of <see cref="ToCode"/>.</summary>
    public static string FromCode(AccountCode code)
    {
        var name = code.Value.Replace('／', '/').Replace('％', '%');
        return NotFirst.Contains(name[0]) ? $"{(char)(name[0] + ToFullWidth)}{name[1..]}" : name;
    }

    /// <summary>The account above, by the colons of its name; null at the top.</summary>
    public static AccountCode? ParentOf(AccountCode code)
    {
        var last = code.Value.LastIndexOf(Separator);
        return last <= 0 ? null : new AccountCode(code.Value[..last]);
    }

    /// <summary>Why no account can be opened under this name: a part of it, which would be an account's name, is
    /// empty.</summary>
    public static string? WhyNotOpened(AccountCode code) =>
        code.Value.EndsWith(Separator) || code.Value.Contains("::", StringComparison.Ordinal)
            ? $"The account '{Texts.Shown(code.Value)}' has an empty part: write a name on both sides of each ':'."
            : null;

    /// <summary>What people call the account: the last part of its code.</summary>
    public static string NameOf(AccountCode code)
    {
        var name = FromCode(new(code.Value[(code.Value.LastIndexOf(Separator) + 1)..])).Trim();
        return name.Length == 0 ? code.Value : name;
    }

    /// <summary>The type that hledger infers from an English name; null when it tells nothing.</summary>
    public static AccountType? TypeOf(AccountCode code) =>
        AssetName().IsMatch(code.Value) ? AccountType.Asset
        : LiabilityName().IsMatch(code.Value) ? AccountType.Liability
        : EquityName().IsMatch(code.Value) ? AccountType.Equity
        : IncomeName().IsMatch(code.Value) ? AccountType.Income
        : ExpenseName().IsMatch(code.Value) ? AccountType.Expense
        : null;

    // hledger's two further kinds are subsets: cash accounts are assets, and its conversion accounts are equity.
    [GeneratedRegex("^assets?(:|$)", NameRule)]
    private static partial Regex AssetName();

    [GeneratedRegex("^(debts?|liabilit(y|ies))(:|$)", NameRule)]
    private static partial Regex LiabilityName();

    [GeneratedRegex("^equity(:|$)", NameRule)]
    private static partial Regex EquityName();

    [GeneratedRegex("^(income|revenue)s?(:|$)", NameRule)]
    private static partial Regex IncomeName();

    [GeneratedRegex("^expenses?(:|$)", NameRule)]
    private static partial Regex ExpenseName();
}
