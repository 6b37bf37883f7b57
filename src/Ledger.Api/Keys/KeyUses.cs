using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>When the secrets of a company's keys were last used, to the minute; kept beside the events.</summary>
internal sealed class KeyUses(Dictionary<string, Instant> byPrefix)
{
    public static async Task<KeyUses> OfAsync(LedgerHost ledger, string company)
    {
        await using var command = ledger.Database.CreateCommand(
            "select key, last_used from ledger.key_use where company = $1");
        command.Parameters.Add(new() { Value = company });
        var uses = new Dictionary<string, Instant>(StringComparer.Ordinal);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            uses.Add(rows.GetString(0), Instant.FromDateTimeUtc(rows.GetDateTime(1)));
        }

        return new(uses);
    }

    /// <summary>The latest use of any of its secrets; null when there was none.</summary>
    public Instant? Of(Key key)
    {
        Instant? last = null;
        foreach (var held in key.Secrets)
        {
            if (byPrefix.TryGetValue(held.Secret.Prefix, out var used) && !(last >= used))
            {
                last = used;
            }
        }

        return last;
    }
}
