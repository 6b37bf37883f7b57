using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.Projections.People;

/// <summary>
/// Looks whether every sealed text can be opened, or was erased by an event that says so. It tells where a text stands
/// and never what it says.
/// </summary>
internal sealed class PersonalDataCheck(NpgsqlDataSource database, EventCatalog catalog, Vault vault)
{
    public const string Name = "texts on persons open, or were erased";

    private const int PageMax = 1_000;

    private readonly Dictionary<(string, string, Purpose), bool> erased = [];

    /// <param name="connection">In a snapshot, in which the tables of the version are looked at.</param>
    public async Task<List<VerificationFinding>> RunAsync(
        NpgsqlConnection connection, int version, CancellationToken ct)
    {
        var findings = new List<VerificationFinding>();
        await using var command = new NpgsqlCommand(
            $"""
            select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.data
            from (select distinct sequence from ledger_read.personal_data_{version}) d
            join public.mt_events e on e.seq_id = d.sequence
            order by e.seq_id
            """,
            connection);
        command.CommandTimeout = 0;
        await using var rows = await command.ExecuteReaderAsync(ct);
        var page = new List<(string Company, SealedText Text, long Sequence)>();
        while (await rows.ReadAsync(ct) && findings.Count < Verification.FindingsMax)
        {
            var recorded = new RecordedEvent(
                rows.GetInt64(0), rows.GetGuid(1), rows.GetString(2), rows.GetString(3), rows.GetInt64(4),
                rows.GetString(5), rows.GetFieldValue<byte[]>(6), default, null, null, null, null);
            page.AddRange(catalog.SealedIn(recorded, catalog.Read(recorded)).Where(each => each.Text.IsSealed)
                .Select(each => (recorded.Company, each, recorded.Sequence)));
            if (page.Count >= PageMax)
            {
                await LookAsync(page, findings);
                page.Clear();
            }
        }

        await LookAsync(page, findings);
        return findings;
    }

    private async Task LookAsync(
        List<(string Company, SealedText Text, long Sequence)> page, List<VerificationFinding> findings)
    {
        foreach (var company in page.GroupBy(each => each.Company, StringComparer.Ordinal))
        {
            var texts = company.ToList();
            var opened = await vault.OpenAsync(company.Key, texts.ConvertAll(each => each.Text));
            for (var i = 0; i < texts.Count; i++)
            {
                var (text, sequence) = (texts[i].Text, texts[i].Sequence);
                var what = opened[i].IsSealed ? "does not open: it was changed, or its key is another one"
                    : opened[i].IsErased && !await WasErasedAsync(company.Key, opened[i])
                    ? "has no key any more, although nobody erased it"
                    : null;
                if (what is not null && findings.Count < Verification.FindingsMax)
                {
                    findings.Add(new(
                        Name, $"event {sequence}",
                        $"{text.Place.Path} of '{text.Place.Stream}' in '{company.Key}' {what}", company.Key));
                }
            }
        }
    }

    /// <summary>As recorded by now: somebody may be erased while this is looked at.</summary>
    private async Task<bool> WasErasedAsync(string company, PersonalText text)
    {
        var who = (company, text.Person, text.Purpose);
        if (erased.TryGetValue(who, out var known))
        {
            return known;
        }

        await using var command = database.CreateCommand(
            """
            select type, data from public.mt_events where tenant_id = $1 and stream_id = $2 order by version
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = Person.StreamPrefix + text.Person });
        await using var rows = await command.ExecuteReaderAsync();
        var person = Person.Initial;
        while (await rows.ReadAsync())
        {
            person = Person.Evolve(
                person, (PersonEvent)catalog.Read(rows.GetString(0), rows.GetFieldValue<byte[]>(1)));
        }

        return erased[who] = person.Erased.Contains(text.Purpose);
    }
}
