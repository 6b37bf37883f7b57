using Ledger.EventStore;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Compares the salts that a company's log has no more with the deletions that were recorded: each went by an event,
/// and each that an event took is gone. Both hold at every moment, because both are written at once.
/// </summary>
internal sealed class SaltCheck(string company, EventCatalog catalog)
{
    private readonly SortedDictionary<long, (string Where, long Position)> missing = [];
    private readonly SortedDictionary<long, long> deletedBy = [];

    /// <summary>Whether the salt of an event is gone.</summary>
    /// <param name="rows">Position, hash, salt, and from <paramref name="first"/> on the columns of an
    /// envelope.</param>
    /// <param name="where">Names the event.</param>
    public bool IsGone(NpgsqlDataReader rows, int first, string where)
    {
        var sequence = rows.GetInt64(first + 2);
        if (rows.GetString(first + 6) == SaltDeletions.Type)
        {
            foreach (var deleted in SaltDeletions.SequencesOf(catalog, rows.GetFieldValue<byte[]>(first + 12)))
            {
                deletedBy.TryAdd(deleted, sequence);
            }
        }

        if (!rows.IsDBNull(2))
        {
            return false;
        }

        missing[sequence] = (where, rows.GetInt64(0));
        return true;
    }

    public IEnumerable<(string Where, string What)> Findings() =>
    [
        .. missing.Where(each => !deletedBy.ContainsKey(each.Key)).Select(each => (
            each.Value.Where,
            $"has no salt at position {each.Value.Position} of the audit log, and no event says that it was deleted: "
                + "what it says can no longer be proven")),
        .. deletedBy.Where(each => !missing.ContainsKey(each.Key)).Select(each => (
            $"event {each.Key} ({company})",
            $"still has its salt in the audit log, or again, which event {each.Value} deleted")),
    ];
}
