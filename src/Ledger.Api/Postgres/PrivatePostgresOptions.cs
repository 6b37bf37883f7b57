namespace Ledger.Api.Postgres;

/// <summary>How the private server is run. <c>Folder</c> is the data folder (<c>--data</c>), absolute or
/// relative.</summary>
public sealed record PrivatePostgresOptions(string Folder)
{
    /// <summary>The database that is created when it is missing, and that the connection string names.</summary>
    public string Database { get; init; } = "ledger";

    /// <summary>Is told what takes long, one sentence at a time.</summary>
    public Action<string> Say { get; init; } = _ => { };

    /// <summary>Settings of the server that win over the computed ones.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the remains of a killed server may take to go by themselves.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Loopback with a password instead of a Unix socket: what Windows needs.</summary>
    public bool Loopback { get; init; } = OperatingSystem.IsWindows();
}
