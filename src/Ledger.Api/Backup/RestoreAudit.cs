using Ledger.Api.Audit;
using Ledger.Api.Keys;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>Holds what was loaded against what was signed: the checkpoints in the backup, and one that was kept apart
/// from it.</summary>
internal sealed class RestoreAudit(RestoreOptions options, AuditKeyFile file, Action<string> say)
{
    /// <exception cref="SetUpException">It is not what was signed, or less of it.</exception>
    public async Task CheckAsync(
        NpgsqlConnection loaded, IProgress<ProjectionProgress> progress, CancellationToken cancellation)
    {
        if (await AskAsync(loaded, "select to_regclass('ledger.leaf')::text", null, cancellation) is null)
        {
            if (options.Checkpoint is not null)
            {
                throw new SetUpException(
                    "The backup is of before there were audit logs, so no checkpoint can be held against it: take a "
                    + "newer backup, or leave out --checkpoint. Nothing was restored.");
            }

            return;
        }

        var (_, findings) = await new AuditCheck(loaded, EventCatalog.Ledger)
        {
            Trust = await TrustAsync(loaded, cancellation),
        }.RunAsync(null, progress, cancellation);
        if (findings.Count > 0 && !options.MayBeChanged)
        {
            throw new SetUpException(
                $"What the backup holds is not what was signed: {findings[0].Where} {findings[0].What}"
                + (findings.Count == 1 ? "" : $", and {findings.Count - 1} more")
                + ". Nothing was restored: take an earlier backup, or restore it all the same with --changed and have "
                + "'./run verify' name all of it.");
        }

        foreach (var finding in findings)
        {
            say($"Not what was signed: {finding.Where} {finding.What}");
        }

        if (options.Checkpoint is { } kept)
        {
            await CheckAsync(loaded, kept, cancellation);
        }
    }

    /// <summary>The keys that are here and that the backup knows: it may be older than the newest of them. Of one that
    /// knows none of them, only its own words tell who signed it.</summary>
    private async Task<AuditTrust> TrustAsync(NpgsqlConnection loaded, CancellationToken cancellation)
    {
        var (ledger, published) = await KeysAsync(loaded, cancellation);
        byte[][] trusted =
        [
            .. file.Read().Select(each => Ed25519.PublicKeyOf(each))
                .Where(own => published.Any(each => each.AsSpan().SequenceEqual(own))),
        ];
        if (trusted.Length == 0 && published.Count > 0)
        {
            say("No key that is here signed what the backup holds: it is held against the keys that the backup itself "
                + "names. Compare one of them with what was handed out: "
                + string.Join(' ', published.Select(key => new VerifierKey(ledger, SignatureKind.Log, key))));
        }

        return new(trusted, null);
    }

    private async Task CheckAsync(NpgsqlConnection loaded, string kept, CancellationToken cancellation)
    {
        var (ledger, keys) = await KeysAsync(loaded, cancellation);
        var note = SignedNote.Parse(await ReadAsync(kept, cancellation));
        var checkpoint = note is null ? null : Checkpoint.Parse(note.Text);
        if (note is null || checkpoint is null)
        {
            throw new SetUpException(
                $"'{kept}' holds no checkpoint: save what GET …/audit/checkpoint answers, as it is. Nothing was "
                + "restored.");
        }

        var company = checkpoint.Origin == ledger ? ""
            : checkpoint.Origin.StartsWith($"{ledger}/", StringComparison.Ordinal)
                ? checkpoint.Origin[(ledger.Length + 1)..] : null;
        if (company is null || !keys.Any(key => note.IsSignedBy(new(checkpoint.Origin, SignatureKind.Log, key))))
        {
            throw new SetUpException(
                $"'{kept}' is of the log {checkpoint.Origin}, or of a key, that is not of the ledger {ledger} in the "
                + "backup. Nothing was restored: take the right file, or another backup.");
        }

        var size = (long)(await AskAsync(
            loaded, "select coalesce(max(position), 0) from ledger.leaf where company = $1", company, cancellation))!;
        if (size < checkpoint.Size)
        {
            if (!options.MayBeOlder)
            {
                throw new SetUpException(
                    $"The backup is older than '{kept}': the log {checkpoint.Origin} has {size} leaves in it, and "
                    + $"{checkpoint.Size} in that checkpoint. Nothing was restored. If that is meant, say --older.");
            }

            return;
        }

        var root = await AuditTrees.RootAsync(loaded, company, checkpoint.Size, cancellation);
        if (!root.AsSpan().SequenceEqual(checkpoint.Root))
        {
            throw new SetUpException(
                $"The backup is of another history than '{kept}': the log {checkpoint.Origin} has another root at "
                + $"{checkpoint.Size} leaves. Nothing was restored: take another backup.");
        }
    }

    /// <summary>The ledger's name, and every key that it ever published.</summary>
    private static async Task<(string Ledger, IReadOnlyList<byte[]> Keys)> KeysAsync(
        NpgsqlConnection loaded, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select type, data from public.mt_events where tenant_id = $1 and stream_id = $2 order by version", loaded);
        command.Parameters.Add(new() { Value = OwnerKey.Tenant });
        command.Parameters.Add(new() { Value = AuditKeys.Stream });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var published = new List<AuditKeyPublished>();
        while (await rows.ReadAsync(cancellation))
        {
            if (EventCatalog.Ledger.Read(rows.GetString(0), rows.GetFieldValue<byte[]>(1)) is AuditKeyPublished key)
            {
                published.Add(key);
            }
        }

        return (published.FirstOrDefault()?.Ledger ?? "?",
            [.. published.Select(key => Convert.FromBase64String(key.PublicKey))]);
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{path}' cannot be read: {problem.Message}", problem);
        }
    }

    private static async Task<object?> AskAsync(
        NpgsqlConnection loaded, string question, string? about, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(question, loaded);
        if (about is not null)
        {
            command.Parameters.Add(new() { Value = about });
        }

        return await command.ExecuteScalarAsync(cancellation) is { } answer and not DBNull ? answer : null;
    }
}
