using Npgsql;

namespace Ledger.Api;

/// <summary>
/// What the options, the environment and <c>appsettings.json</c> say, by .NET's conventions: the command line wins over
/// the environment (<c>Urls</c>, <c>Data</c>, <c>ConnectionStrings__Ledger</c>), which wins over the file.
/// </summary>
/// <param name="Urls">Where the service listens; several are separated by semicolons.</param>
/// <param name="Data">Absolute: the folder of the private database and of the owner's key.</param>
/// <param name="Connection">Npgsql's connection string of a configured server; null means the private one.</param>
/// <param name="Configuration">All of it, for what only one part of the program reads.</param>
public sealed record Settings(string Urls, string Data, string? Connection, IConfiguration Configuration)
{
    public const string DefaultUrls = "http://localhost:5080";
    public const string DefaultData = ".data";

    /// <summary>The folder of <c>appsettings.json</c> and of the default data folder.</summary>
    public static string ContentRoot => Path.GetFullPath(
        Environment.GetEnvironmentVariable("ASPNETCORE_CONTENTROOT")
        ?? Environment.GetEnvironmentVariable("DOTNET_CONTENTROOT")
        ?? Directory.GetCurrentDirectory());

    /// <summary>Whether the service may log in as somebody for whom the walls of the database do not hold.</summary>
    public bool AllowsSuperuser => Configuration.GetValue("AllowSuperuser", false);

    /// <summary>Arguments that are null were not given.</summary>
    /// <exception cref="SetUpException">The connection string is none.</exception>
    public static Settings Read(string? urls, string? data, string? connection, bool? allowSuperuser = null)
    {
        var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build();
        var name = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? "Production";
        var all = new ConfigurationBuilder()
            .AddEnvironmentVariables("ASPNETCORE_")
            .SetBasePath(ContentRoot)
            .AddJsonFile("appsettings.json", optional: true)
            .AddJsonFile($"appsettings.{name}.json", optional: true)
            .AddConfiguration(environment)
            .AddInMemoryCollection(Given(urls, data, connection, allowSuperuser))
            .Build();

        // A path that a person typed means the folder they are in; one from the file, and the default, mean the file's.
        var typed = data ?? Text(environment["Data"]);
        var folder = typed is null
            ? Path.GetFullPath(Text(all["Data"]) ?? DefaultData, ContentRoot)
            : Path.GetFullPath(typed);
        var server = ConnectionOf(Text(all.GetConnectionString("Ledger")));
        return new(Text(all["Urls"]) ?? DefaultUrls, folder, server, all);
    }

    /// <exception cref="SetUpException">It cannot be read, or names no server.</exception>
    private static string? ConnectionOf(string? text)
    {
        try
        {
            return text is null || new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 }
                ? text
                : throw new FormatException("It names no Host.");
        }
        catch (Exception malformed) when (malformed is ArgumentException or FormatException)
        {
            throw new SetUpException(
                "--connection (or ConnectionStrings__Ledger) is no connection string of PostgreSQL: "
                    + $"{malformed.Message.Split('\n')[0].TrimEnd()} It is written "
                    + "Host=localhost;Database=ledger;Username=ledger;Password=….",
                malformed);
        }
    }

    private static Dictionary<string, string?> Given(
        string? urls, string? data, string? connection, bool? allowSuperuser)
    {
        var given = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            ["Urls"] = urls,
            ["Data"] = data,
            ["ConnectionStrings:Ledger"] = connection,
            ["AllowSuperuser"] = allowSuperuser?.ToString(),
        };
        return given.Where(each => each.Value is not null).ToDictionary();
    }

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value;
}
