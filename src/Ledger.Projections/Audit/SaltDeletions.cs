using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Audit;
using Ledger.EventStore;

namespace Ledger.Projections.Audit;

/// <summary>The events by which salts are deleted.</summary>
public static class SaltDeletions
{
    /// <summary>Their type.</summary>
    public static readonly string Type = EventCatalog.Ledger.NameOf(typeof(SaltsDeleted));

    /// <summary>Of which events a deletion took the salts, by their numbers. One that cannot be read, as another
    /// program may have appended it, takes none: the log goes on.</summary>
    public static ValueList<long> SequencesOf(EventCatalog catalog, byte[] data)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        try
        {
            return ((SaltsDeleted)catalog.Read(Type, data)).Sequences;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or ArgumentException)
        {
            return [];
        }
    }
}
