using System.Text.Json;

namespace Ledger.Api.Backup;

/// <summary>What a backup says of itself; <c>manifest.json</c> in the file.</summary>
/// <param name="Format">The form of the file.</param>
/// <param name="Schema">The version of the event store's schema that the rows are of.</param>
/// <param name="Made">When its snapshot was taken, by the clock of the database.</param>
/// <param name="Postgres">The version of the server it was taken from, for whoever brings rows back by hand.</param>
/// <param name="Ledger">The id of the ledger's first event, by which one ledger is told from another.</param>
/// <param name="Sequence">Of the last event; 0 without any.</param>
/// <param name="LastEvent">Its id.</param>
/// <param name="Recorded">When it was recorded.</param>
/// <param name="Name">Of the ledger, as its checkpoints name it.</param>
/// <param name="Checkpoint">The newest signed one of the log over all companies' logs; none before there was
/// one.</param>
/// <param name="Tables">In the order of the file.</param>
internal sealed record BackupManifest(
    string Format,
    int Schema,
    DateTimeOffset Made,
    string Postgres,
    Guid? Ledger,
    long Sequence,
    Guid? LastEvent,
    DateTimeOffset? Recorded,
    string? Name,
    string? Checkpoint,
    IReadOnlyList<BackedUpTable> Tables)
{
    public const string CurrentFormat = "backoffice-backup/1";

    public const string EntryName = "manifest.json";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">It is none.</exception>
    public static BackupManifest Read(Stream json) =>
        JsonSerializer.Deserialize<BackupManifest>(json, Options) ?? throw new JsonException("It is null.");
}

/// <summary>The rows of one table, as <c>COPY … (format binary)</c> writes them.</summary>
/// <param name="Name">With its schema.</param>
/// <param name="Columns">In the order of the rows' fields.</param>
/// <param name="Rows">How many.</param>
/// <param name="Bytes">Before they were compressed.</param>
/// <param name="Sha256">Of these bytes.</param>
internal sealed record BackedUpTable(
    string Name, IReadOnlyList<string> Columns, long Rows, long Bytes, string Sha256)
{
    /// <summary>In the file.</summary>
    public string EntryName => EntryOf(Name);

    public static string EntryOf(string table) => $"{table}.copy";
}
