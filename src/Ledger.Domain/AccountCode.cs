namespace Ledger.Domain;

/// <summary>
/// The code of an account, unique in its company: NFC text of 1–200 characters without <c>/</c>, <c>%</c> and control
/// characters, such as <c>501</c> or <c>Assets:Bank:Checking</c>. Compared ordinally.
/// </summary>
public readonly record struct AccountCode(string Value) : IComparable<AccountCode>
{
    public int CompareTo(AccountCode other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
