using System.Runtime.CompilerServices;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Projections.Periods;

/// <summary>
/// Derives what certificates are made from out of the events alone, one company at a time and in one pass. What it
/// keeps are sums a month and account, so it takes no more room for a million entries.
/// </summary>
public sealed class CertificateReplay(NpgsqlDataSource database, EventCatalog catalog)
{
    private readonly HashSet<string> names = [.. ClosingFold.Types.Select(catalog.NameOf)];

    /// <summary>The closings of a company, in order.</summary>
    /// <param name="upTo">The last sequence to look at.</param>
    /// <param name="withLeaves">Computes the leaves of the audit log from the events and their salts, too: the roots
    /// are theirs.</param>
    /// <exception cref="InvalidDataException">The audit log lacks leaves.</exception>
    public async IAsyncEnumerable<ReplayedClosing> ClosingsAsync(
        string company, long upTo, bool withLeaves, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await Session.PrepareAsync(connection, ct);
        await using var command = new NpgsqlCommand(
            $"""
            select {LeafReader.Columns}, f.salt, f.hash, f.body
            from ledger.log l
            join public.mt_events e on e.seq_id = l.sequence
            left join ledger.leaf f on $3 and f.company = l.company and f.position = l.position
            where l.company = $1 and l.sequence <= $2 and ($3 or e.type = any ($4))
            order by l.position
            """, connection)
        { CommandTimeout = 0 };
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = upTo });
        command.Parameters.Add(new() { Value = withLeaves });
        command.Parameters.Add(new() { Value = names.ToArray() });
        var tree = new GrowingTree();
        var state = new ClosingFold();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (withLeaves)
            {
                tree.Add(LeafOf(rows));
            }

            var type = rows.GetString(6);
            if (!names.Contains(type))
            {
                continue;
            }

            var e = catalog.Read(type, rows.GetFieldValue<byte[]>(12));
            state.Fold(
                e, rows.GetGuid(3), rows.GetInt64(2), rows.IsDBNull(8) ? null : rows.GetString(8));
            if (e is PeriodClosed)
            {
                yield return state.Closed(rows.GetInt64(1), withLeaves ? tree.Root() : []);
            }
        }
    }

    private static byte[] LeafOf(NpgsqlDataReader row)
    {
        if (row.IsDBNull(14))
        {
            throw new InvalidDataException(
                $"The audit log has no leaf of event {row.GetInt64(2)}: start the service first, which adds it.");
        }

        return UnhashedEvent.Of(row).Envelope(Bytes(row, 13), Bytes(row, 15)).Hash();
    }

    private static byte[]? Bytes(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);
}
