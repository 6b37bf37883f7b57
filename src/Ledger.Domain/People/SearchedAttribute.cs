namespace Ledger.Domain.People;

/// <summary>
/// A name by which persons are searched. No other text can be: of birth dates, national numbers or accounts there are
/// so few that whoever may search could try them all.
/// </summary>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class SearchedAttribute : Attribute;
