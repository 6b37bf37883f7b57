using System.Globalization;

namespace Ledger.Domain.Payroll;

/// <summary>What a fact is made of, and how callers send it.</summary>
public enum FactKind
{
    /// <summary>true or false.</summary>
    Flag,

    /// <summary>Text such as "1200.00", not negative.</summary>
    Amount,

    /// <summary>Text such as "0.4", in percent.</summary>
    Percent,

    /// <summary>A whole number, not negative.</summary>
    Count,

    /// <summary>Text such as "2026-03-31".</summary>
    Date,

    /// <summary>Text of a form that the pack reads.</summary>
    Text,

    /// <summary>One of several words.</summary>
    Choice,
}

/// <summary>
/// Something that a pack must or may be told of an employee, or of what was paid before. Schemas and messages are made
/// from it, so that it is said in one place.
/// </summary>
/// <param name="Name">camelCase and unique in its pack.</param>
/// <param name="Description">A sentence.</param>
/// <param name="IsNeeded">Without it no payslip is right.</param>
public sealed record Fact(string Name, FactKind Kind, string Description, bool IsNeeded = false)
{
    public ValueList<string> Choices { get; init; } = [];

    /// <summary>As callers may send it.</summary>
    public string Example { get; init; } = "";
}

/// <summary>A fact as it was sent: a flag, a whole number, or text.</summary>
public readonly record struct FactValue(string? Text, bool? Flag = null, int? Count = null)
{
    public static FactValue Of(decimal number) => new(number.ToString("0.############", CultureInfo.InvariantCulture));

    public override string ToString() =>
        Text ?? (Flag is { } flag ? flag ? "true" : "false" : Count?.ToString(CultureInfo.InvariantCulture) ?? "");
}
