using Ledger.EventStore;
using Ledger.Projections.Books;
using Npgsql;

namespace Ledger.Projections;

/// <summary>The schemas <c>ledger_read</c> and <c>views</c>; they need the event store's schema to be there.</summary>
public static class ProjectionSchema
{
    /// <summary>Positions a block of movement cells of the lowest level, where nothing else is asked for.</summary>
    public const int BlockSize = 4_096;

    public static Migrations Migrations { get; } = Migrations.FromResources(
        "projections", typeof(ProjectionSchema).Assembly, "001-projections.sql", "002-roles.sql",
        "003-readers-of-pay.sql");

    /// <summary>Creates what is missing and brings the views up to date. Needs an administrator of the
    /// database.</summary>
    /// <param name="blockSize">Only for the first tables of a database: it stays as it is until a rebuild.</param>
    /// <exception cref="SchemaVersionException">The database is newer than this program.</exception>
    public static async Task MigrateAsync(
        NpgsqlDataSource database, int blockSize = BlockSize, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(database);
        await Migrations.RunAsync(database, ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        await BooksSchema.MigrateAsync(connection, blockSize, ct);
    }

    internal static string ReadResource(string file)
    {
        using var stream = typeof(ProjectionSchema).Assembly.GetManifestResourceStream(file)
            ?? throw new ArgumentException($"There is no embedded '{file}'.", nameof(file));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
