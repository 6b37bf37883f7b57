using System.Text;

namespace Ledger.Domain;

/// <summary>
/// The code of an account, unique in its company: NFC text of 1–200 characters, all of which can be seen, without
/// <c>/</c> and <c>%</c>, such as <c>501</c> or <c>Assets:Bank:Checking</c>. Compared ordinally.
/// </summary>
public readonly record struct AccountCode(string Value) : IComparable<AccountCode>
{
    public const int LengthMax = 200;

    public int CompareTo(AccountCode other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    /// <summary>"." and ".." and white space at the ends are refused as well: they do not survive in a path.</summary>
    public static bool IsValid(string? code)
    {
        if (code is not { Length: > 0 and <= LengthMax } || code is "." or ".."
            || char.IsWhiteSpace(code[0]) || char.IsWhiteSpace(code[^1]))
        {
            return false;
        }

        return !code.AsSpan().ContainsAny('/', '%') && Texts.IsVisible(code)
            && (Ascii.IsValid(code) || code.IsNormalized(NormalizationForm.FormC));
    }
}
