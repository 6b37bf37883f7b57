using Npgsql;

namespace Ledger.Api.Import;

/// <summary>
/// What a source brought before: the entries whose ids begin with its name. Nothing else is kept, so what is remembered
/// is exactly what was recorded, whenever an import was cut off.
/// </summary>
internal sealed class SourceMemory
{
    private readonly NpgsqlDataSource database;
    private readonly string company;
    private readonly string prefix;

    /// <summary>
    /// Entries that imports took back, by their first ids: which one in their place is next, or stands.
    /// </summary>
    private readonly Dictionary<string, int> generations = new(StringComparer.Ordinal);

    private SourceMemory(NpgsqlDataSource database, string company, string source) =>
        (this.database, this.company, prefix) = (database, company, Streams.Entry(source + EntryNaming.SourceMark));

    /// <summary>How reversals of missing entries say why, and are told from a person's.</summary>
    public static string ReasonOf(string source) => $"No longer in the source {source}";

    /// <summary>Reads which entries of the source were taken back by its imports: normally few.</summary>
    public static async Task<SourceMemory> LoadAsync(
        NpgsqlDataSource database, string company, string source, CancellationToken cancellation)
    {
        var memory = new SourceMemory(database, company, source);
        await using var command = database.CreateCommand(
            """
            select s.id from public.mt_streams s
                join public.mt_events e on e.tenant_id = s.tenant_id and e.stream_id = s.id and e.version = s.version
            where s.tenant_id = $1 and starts_with(s.id, $2) and s.version > 1
                and e.type = 'journal_entry_reversed' and e.data ->> 'reason' = $3
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = memory.prefix });
        command.Parameters.Add(new() { Value = ReasonOf(source) });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            memory.Forget(rows.GetString(0)[Streams.Entry("").Length..]);
        }

        return memory;
    }

    /// <summary>The id of the entry that stands, or shall stand, for this one.</summary>
    public string Current(string id) =>
        generations.TryGetValue(id, out var generation) ? EntryNaming.Again(id, generation) : id;

    /// <summary>Ids of entries of the source that nobody has reversed, in order.</summary>
    public async IAsyncEnumerable<string> StandingAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select id from public.mt_streams
            where tenant_id = $1 and starts_with(id, $2) and version = 1 and not id like '%~reversal'
            """);
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = prefix });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            yield return rows.GetString(0)[Streams.Entry("").Length..];
        }
    }

    /// <summary>This one was taken back: should it come again, it is the next one in its place.</summary>
    private void Forget(string id)
    {
        var (first, generation) = EntryNaming.Parse(id);
        generations[first] = Math.Max(generations.GetValueOrDefault(first, 1), generation + 1);
    }
}
