using Ledger.Domain.Journals;

namespace Ledger.Projections.Statements;

/// <summary>Which entries at the end of a year a statement leaves out: what others keep a 13th period for.</summary>
public enum BeforeKind
{
    /// <summary>None.</summary>
    Nothing,

    /// <summary>Entries of kind closing.</summary>
    Closing,

    /// <summary>Entries of kind adjustment and closing.</summary>
    Adjustment,
}

internal static class BeforeKinds
{
    public static bool Counts(this BeforeKind before, EntryKind kind) => kind switch
    {
        EntryKind.Closing => before == BeforeKind.Nothing,
        EntryKind.Adjustment => before != BeforeKind.Adjustment,
        _ => true,
    };
}
