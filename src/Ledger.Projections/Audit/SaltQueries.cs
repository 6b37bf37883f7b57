using System.Text.Json;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>Reads the events whose salts are to go. It needs no tables of any projection.</summary>
public static class SaltQueries
{
    /// <summary>Those of the named events that the company has. It looks through the company's events.</summary>
    /// <param name="ids">What is no id of an event is passed over.</param>
    public static async Task<IReadOnlyList<SaltedEvent>> NamedAsync(
        NpgsqlDataSource database, string company, IEnumerable<string> ids)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(ids);
        var wanted = ids.Where(id => Guid.TryParseExact(id, "D", out _)).Select(Guid.Parse).Distinct().ToArray();
        if (wanted.Length == 0)
        {
            return [];
        }

        await using var command = database.CreateCommand("""
            select e.id, e.seq_id, e.type, (e.timestamp at time zone 'UTC')::date, e.data::text
            from public.mt_events e
            where e.tenant_id = $1 and e.id = any($2)
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = wanted });
        var found = new List<SaltedEvent>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            var type = rows.GetString(2);
            found.Add(new(
                rows.GetGuid(0).ToString("D"), rows.GetInt64(1), type, type == SaltDeletions.Type,
                SaltRetention.Of(
                    LocalDate.FromDateOnly(rows.GetFieldValue<DateOnly>(3)),
                    ReadOrNull(type, rows.GetFieldValue<byte[]>(4)))));
        }

        return found;
    }

    /// <summary>Null for what this program does not know, and for what it cannot read.</summary>
    private static object? ReadOrNull(string type, byte[] data)
    {
        try
        {
            return EventCatalog.Ledger.Knows(type) ? EventCatalog.Ledger.Read(type, data) : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or FormatException or ArgumentException)
        {
            return null;
        }
    }
}
