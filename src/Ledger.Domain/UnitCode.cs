namespace Ledger.Domain;

/// <summary>
/// What an amount counts: a currency by its ISO 4217 code (<c>EUR</c>), or a security, an hour or another commodity whose
/// digits the company declares (<c>VBMPX</c>, <c>VACHR</c>). 1–24 of <c>A-Za-z0-9._-</c>, starting with a letter.
/// </summary>
public readonly record struct UnitCode(string Value) : IComparable<UnitCode>
{
    public int CompareTo(UnitCode other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
