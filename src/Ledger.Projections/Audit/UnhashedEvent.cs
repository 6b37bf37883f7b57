using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>An event as its leaf hashes it, read and not yet hashed.</summary>
/// <param name="Open">The envelope without its two hashes.</param>
/// <param name="Headers">As PostgreSQL writes them; null without any.</param>
/// <param name="Body">As PostgreSQL writes it.</param>
internal readonly record struct UnhashedEvent(LeafEnvelope Open, byte[]? Headers, byte[] Body)
{
    /// <summary>Reads a row of <see cref="LeafReader.Columns"/>.</summary>
    /// <param name="first">The column at which they begin.</param>
    public static UnhashedEvent Of(NpgsqlDataReader row, int first = 0)
    {
        string? Text(int column) => row.IsDBNull(first + column) ? null : row.GetString(first + column);
        byte[]? Bytes(int column) => row.IsDBNull(first + column) ? null : row.GetFieldValue<byte[]>(first + column);
        return new(
            new(
                row.GetString(first),
                row.GetInt64(first + 2),
                row.GetGuid(first + 3),
                Text(4) ?? "",
                row.GetInt64(first + 5),
                row.GetString(first + 6),
                LeafEnvelope.TextOf(row.GetFieldValue<long>(first + 7)),
                Text(8),
                Text(9),
                Text(10),
                Headers: null,
                Body: ""),
            Bytes(11),
            row.GetFieldValue<byte[]>(first + 12));
    }

    /// <param name="salt">Under which the body is hashed; null where it was deleted.</param>
    /// <param name="keyedHash">Of the body, where the salt was deleted. Where it is not there either, the envelope is
    /// not the one that was recorded.</param>
    public LeafEnvelope Envelope(byte[]? salt, byte[]? keyedHash = null) => Open with
    {
        Headers = LeafEnvelope.HashOfHeaders(Headers),
        Body = salt is null ? Convert.ToBase64String(keyedHash ?? []) : LeafEnvelope.HashOfBody(Body, salt),
    };
}
