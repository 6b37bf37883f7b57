using Ledger.Api.Audit;
using Ledger.Api.Keys;
using Ledger.Domain.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>Holds what was loaded against what was signed: the checkpoints in the backup, those of the ledger whose
/// place it takes, and one that was kept apart from both.</summary>
internal sealed class RestoreAudit(RestoreOptions options, AuditKeyFile file, Action<string> say)
{
    /// <summary>Whatever begins to record is in the log, and signed, a moment later.</summary>
    private const string Unsigned = """
        select exists (
            select from public.mt_events
            where timestamp < (select max(timestamp) from public.mt_events) - interval '10 minutes')
        """;

    private readonly List<VerificationFinding> findings = [];

    /// <param name="loaded">In a transaction.</param>
    /// <param name="manifest">Of the backup.</param>
    /// <param name="signed">By the ledger that is there, of whose events the backup says that it has them.</param>
    /// <param name="progress">Is told how far it is.</param>
    /// <param name="cancellation">Leaves all as it is.</param>
    /// <exception cref="SetUpException">It is not what was signed, or less of it.</exception>
    public async Task CheckAsync(
        NpgsqlConnection loaded,
        BackupManifest manifest,
        IReadOnlyList<SignedThere> signed,
        IProgress<ProjectionProgress> progress,
        CancellationToken cancellation)
    {
        var hasLogs = await AskAsync(
            loaded, "select to_regclass('ledger.leaf')::text", null, cancellation) is not null;
        var (ledger, keys) = await KeysAsync(loaded, cancellation);
        if (hasLogs)
        {
            var (_, found) = await new AuditCheck(loaded, EventCatalog.Ledger)
            {
                Trust = await TrustAsync(loaded, cancellation),
            }.RunAsync(null, progress, cancellation);
            findings.AddRange(found);
            await LookAtManifestAsync(loaded, manifest, ledger, cancellation);
        }

        if (keys.Count > 0 && (!hasLogs || await AskAsync(
            loaded, $"select not exists (select from ledger.checkpoint) and ({Unsigned})", null, cancellation) is true))
        {
            Find("ledger.checkpoint", "is empty, although this ledger has a key that signs its audit logs");
        }

        var isHeld = findings.Count == 0 && signed.Count > 0;

        // Roots are computed of stored subtrees, which are known to be right by now, or something was found.
        foreach (var each in findings.Count == 0 ? signed : [])
        {
            await LookAtSignedAsync(loaded, each, hasLogs, cancellation);
        }

        Answer();
        await HoldApartAsync(loaded, hasLogs, isHeld, cancellation);
    }

    private void Find(string where, string what) => findings.Add(new(AuditCheck.Name, where, what, null));

    private void Answer()
    {
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
    }

    /// <summary>The checkpoint of the manifest is one of the log that was loaded.</summary>
    private async Task LookAtManifestAsync(
        NpgsqlConnection loaded, BackupManifest manifest, string ledger, CancellationToken cancellation)
    {
        if (manifest.Name is { } name && name != ledger)
        {
            Find("manifest.json", $"names the ledger {name}, and its events {ledger}");
        }

        if (manifest.Checkpoint is { } note && await AskAsync(
            loaded, "select exists (select from ledger.checkpoint where company = '' and note = $1)", note,
            cancellation) is not true)
        {
            Find("manifest.json", "has a checkpoint that is not among those of the log over all logs");
        }
    }

    /// <summary>What was signed before the backup was made is in it, and the same.</summary>
    private async Task LookAtSignedAsync(
        NpgsqlConnection loaded, SignedThere signed, bool hasLogs, CancellationToken cancellation)
    {
        var size = hasLogs ? await SizeAsync(loaded, signed.Company, cancellation) : 0;
        var isSame = size >= signed.Size
            && Checkpoint.Parse(SignedNote.Parse(signed.Note)?.Text ?? "") is { } checkpoint
            && (await AuditTrees.RootAsync(loaded, signed.Company, signed.Size, cancellation))
                .AsSpan().SequenceEqual(checkpoint.Root);
        if (!isSame)
        {
            Find(
                $"the log {(signed.Company.Length == 0 ? "over all logs" : signed.Company)}",
                size < signed.Size
                    ? $"has {size} leaves, and the ledger that is there had signed {signed.Size} before this was made"
                    : $"has another root at {signed.Size} leaves than the ledger that is there has signed");
        }
    }

    private async Task HoldApartAsync(
        NpgsqlConnection loaded, bool hasLogs, bool isHeld, CancellationToken cancellation)
    {
        if (options.Checkpoint is { } kept)
        {
            if (!hasLogs)
            {
                throw new SetUpException(
                    "The backup is of before there were audit logs, so no checkpoint can be held against it: take a "
                    + "newer backup, or leave out --checkpoint. Nothing was restored.");
            }

            await CheckAsync(loaded, kept, cancellation);
        }
        else if (!isHeld)
        {
            say(
                "Nothing outside the file vouches for what it holds: whoever can write such a file can leave out what "
                + "was signed. Hold a checkpoint that was kept elsewhere, or that a witness has, against it with "
                + "--checkpoint.");
        }
    }

    private static async Task<long> SizeAsync(
        NpgsqlConnection loaded, string company, CancellationToken cancellation) => (long)(await AskAsync(
        loaded, "select coalesce(max(position), 0) from ledger.leaf where company = $1", company, cancellation))!;

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

        var size = await SizeAsync(loaded, company, cancellation);
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
