namespace Ledger.Api.Backup;

/// <summary>A table of the ledger whose rows a backup holds.</summary>
/// <param name="Name">With its schema.</param>
/// <param name="Where">Which of its rows; all without it.</param>
internal sealed record BackupTable(string Name, string? Where = null);

/// <summary>
/// What a backup holds: the data, of which everything else follows. Every table of the schemas <c>public</c> and
/// <c>ledger</c> is named here, in the one list or in the other; a test sees to it. The schemas <c>ledger_read</c> and
/// <c>views</c> are read models, which are filled from the events.
/// </summary>
internal static class BackupTables
{
    /// <summary>In the order in which they are written and loaded.</summary>
    public static readonly IReadOnlyList<BackupTable> All =
    [
        new("public.mt_streams"),
        new("public.mt_events"),
        new("public.mt_high_water_skips"),
        new("ledger.holes_searched"),
        // How far positions, audit logs and certificates are; that of read models would be of no use.
        new(
            "public.mt_event_progression",
            Where: "name = 'log:All' or name like 'audit:%' or name like 'certificates:%'"),
        new("ledger.log"),
        new("ledger.leaf"),
        new("ledger.subtree"),
        new("ledger.checkpoint"),
        new("ledger.logged_checkpoint"),
        new("ledger.cosignature"),
        new("ledger.person_key"),
        new("ledger.person_index"),
        new("ledger.master_key"),
        new("ledger.readers"),
        new("ledger.access_log"),
        new("ledger.key_use"),
    ];

    /// <summary>What no backup holds, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> LeftOut = new Dictionary<string, string>
    {
        ["ledger.schema_version"] = "The migration of the restored database writes it; the manifest holds the version.",
        ["public.mt_doc_deadletterevent"] =
            "What the daemon of a Marten application could not apply to read models of its own, which it fills anew.",
    };

    public static BackupTable? Find(string name) => All.FirstOrDefault(table => table.Name == name);
}
