using System.Text;
using Ledger.EventStore;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Tests.Audit;

/// <summary>Writes the events of one company into an empty store, as they were recorded when a test says.</summary>
internal static class RecordedEvents
{
    /// <param name="events">Local time in the zone, stream, event, actor, correlation.</param>
    public static async Task FillAsync(
        TestDatabase database,
        string company,
        string timeZone,
        IEnumerable<(string At, string Stream, object Event, string Actor, string? Correlation)> events)
    {
        await using var source = NpgsqlDataSource.Create(database.SuperuserConnectionString);
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        var zone = DateTimeZoneProviders.Tzdb[timeZone];
        var pattern = LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");
        var sequence = 0L;
        foreach (var (at, stream, @event, actor, correlation) in events)
        {
            var stored = EventCatalog.Ledger.ToStore(@event);
            await using var insert = source.CreateCommand("""
                with stream as (
                    insert into public.mt_streams (tenant_id, id, version) values ($8, $3, $4)
                    on conflict (tenant_id, id) do update set version = excluded.version)
                insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id,
                    user_name, correlation_id, is_archived)
                values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10, false)
                """);
            object[] values =
            [
                ++sequence, stored.Id, stream, versions[stream] = versions.GetValueOrDefault(stream) + 1,
                Encoding.UTF8.GetString(stored.Data.Span), stored.Type,
                pattern.Parse(at).Value.InZoneStrictly(zone).ToInstant().ToDateTimeUtc(), company, actor,
                (object?)correlation ?? DBNull.Value,
            ];
            foreach (var value in values)
            {
                var parameter = new NpgsqlParameter { Value = value };
                if (value is DBNull)
                {
                    parameter.NpgsqlDbType = NpgsqlDbType.Text;
                }

                insert.Parameters.Add(parameter);
            }

            await insert.ExecuteNonQueryAsync();
        }
    }
}
