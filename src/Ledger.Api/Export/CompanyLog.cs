using System.Runtime.CompilerServices;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.Api.Export;

/// <summary>One event of a company, in the order of its books.</summary>
internal readonly record struct LoggedBookEvent(string Stream, object Event);

/// <summary>
/// Reads a company's events in order, as a stream of pages. It needs nothing but the events and the log of their
/// positions, which it brings up to date itself.
/// </summary>
internal sealed class CompanyLog(NpgsqlDataSource database, Vault vault, string company)
{
    private const int PageMax = 2_000;
    private const int ExtendMax = 50_000;

    /// <summary>Everything up to a sequence.</summary>
    public async IAsyncEnumerable<LoggedBookEvent> ReadAsync(
        long upTo, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await ExtendAsync(upTo, cancellation);
        await using var connection = await database.OpenConnectionAsync(cancellation);

        // Page by page by primary key, whatever the statistics of a fresh database say.
        await using (var plan = new NpgsqlCommand(
            "set enable_hashjoin = off; set enable_mergejoin = off; set enable_seqscan = off", connection))
        {
            await plan.ExecuteNonQueryAsync(cancellation);
        }

        await using var command = new NpgsqlCommand(
            """
            select l.position, e.stream_id, e.type, e.data, e.id, e.version, e.seq_id
            from (
                select position, sequence from ledger.log
                where company = $1 and position > $2 order by position limit $3
            ) l
            join public.mt_events e on e.seq_id = l.sequence
            where l.sequence <= $4
            order by l.position
            """,
            connection);
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = company });
        var after = new NpgsqlParameter<long>();
        command.Parameters.Add(after);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageMax });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = upTo });
        await command.PrepareAsync(cancellation);
        for (var read = PageMax; read == PageMax;)
        {
            read = 0;
            var page = new List<RecordedEvent>();
            await using (var rows = await command.ExecuteReaderAsync(cancellation))
            {
                while (await rows.ReadAsync(cancellation))
                {
                    read++;
                    after.TypedValue = rows.GetInt64(0);
                    if (rows.GetString(1) == "mt_tombstone")
                    {
                        // Marten leaves such a stream behind when an append of its own fails.
                        continue;
                    }

                    page.Add(new(
                        rows.GetInt64(6), rows.GetGuid(4), company, rows.GetString(1), rows.GetInt64(5),
                        rows.GetString(2), rows.GetFieldValue<byte[]>(3), default, null, null, null, null));
                }
            }

            var (bodies, _) = await vault.ReadAsync(EventCatalog.Ledger, company, page);
            for (var i = 0; i < bodies.Count; i++)
            {
                yield return new(page[i].Stream, bodies[i]);
            }
        }
    }

    /// <summary>Another process may be extending the log: then there is only waiting to do.</summary>
    private async Task ExtendAsync(long upTo, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select ledger_read.extend_log($1)");
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = ExtendMax });
        while (await command.ExecuteScalarAsync(cancellation) is not long reached || reached < upTo)
        {
            await Task.Delay(10, cancellation);
        }
    }
}
