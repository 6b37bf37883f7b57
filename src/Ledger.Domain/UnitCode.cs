using System.Buffers;

namespace Ledger.Domain;

/// <summary>
/// What an amount counts: a currency by its ISO 4217 code (<c>EUR</c>), or a security, an hour or another commodity
/// whose digits the company declares (<c>VBMPX</c>, <c>VACHR</c>). 1–24 of <c>A-Za-z0-9._-</c>, starting with a letter.
/// </summary>
public readonly record struct UnitCode(string Value) : IComparable<UnitCode>
{
    public const int LengthMax = 24;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public int CompareTo(UnitCode other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;

    public static bool IsValid(string? code) =>
        code is { Length: > 0 and <= LengthMax } && char.IsAsciiLetter(code[0])
        && !code.AsSpan().ContainsAnyExcept(Allowed);
}
