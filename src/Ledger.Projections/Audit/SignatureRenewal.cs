using Ledger.EventStore.Audit;
using Npgsql;

namespace Ledger.Projections.Audit;

/// <summary>
/// Finds the notes below which proofs are given and which lack the signature of a key that signs now, since they are
/// older than it: whoever knows the new key alone could check nothing of a company without news.
/// </summary>
internal sealed class SignatureRenewal(NpgsqlConnection connection)
{
    /// <summary>How many notes are signed anew at once.</summary>
    public const int NotesMax = 4_096;

    /// <summary>A process that had not heard of the new key may have signed a moment longer without it.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(1);

    // Of each log the newest note; of a company also the newest in the log over all logs, and the newest there below
    // the signature of a witness; of the log over all logs what witnesses signed last.
    private const string Served = """
        with recursive company (company) as (
            (select k.company from ledger.checkpoint k order by k.company limit 1)
            union all
            select (
                select k.company from ledger.checkpoint k where k.company > c.company order by k.company limit 1)
            from company c where c.company is not null
        )
        select distinct c.company, s.size, n.note
        from company c
        cross join lateral (
            (select k.size from ledger.checkpoint k where k.company = c.company order by k.size desc limit 1)
            union
            (select g.size from ledger.logged_checkpoint g where g.company = c.company order by g.size desc limit 1)
            union
            (select g.size from ledger.logged_checkpoint g where g.company = c.company and g.position <= (
                select max(w.size) from ledger.cosignature w) order by g.size desc limit 1)
            union
            (select w.size from ledger.cosignature w where c.company = '' order by w.size desc limit 64)) s (size)
        cross join lateral (
            select k.note from ledger.checkpoint k
            where k.company = c.company and k.size = s.size order by k.made desc limit 1) n
        where c.company is not null
        """;

    private string looked = "";
    private long? again;

    /// <summary>Whether other keys sign than at the last look, or that look is to be repeated.</summary>
    public bool IsDue(AuditSigner signer) => signer.Id != looked
        || (again is { } since && TimeProvider.System.GetElapsedTime(since) > LookAgainAfter);

    /// <summary>Some of the notes, up to <see cref="NotesMax"/>.</summary>
    public async Task<List<(string Company, Checkpoint Text)>> FindAsync(AuditSigner signer, CancellationToken ct)
    {
        var lacking = new List<(string, Checkpoint)>();
        await using var command = new NpgsqlCommand(Served, connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (lacking.Count < NotesMax && await rows.ReadAsync(ct))
        {
            var (company, size) = (rows.GetString(0), rows.GetInt64(1));
            if (SignedNote.Parse(rows.GetString(2)) is not { } note || Checkpoint.Parse(note.Text) is not { } text
                || text.Size != size || text.Origin != AuditSigner.OriginOf(signer.Ledger, company))
            {
                throw new AuditLogException(
                    $"The note of {size} leaves of '{company}' is no checkpoint of that log: run './run verify'.");
            }

            if (!signer.IsNamedIn(note, company))
            {
                lacking.Add((company, text));
            }
        }

        return lacking;
    }

    /// <summary>What was found is stored.</summary>
    public void Done(AuditSigner signer, int found)
    {
        if (found < NotesMax)
        {
            again = signer.Id == looked ? null : TimeProvider.System.GetTimestamp();
            looked = signer.Id;
        }
    }
}
