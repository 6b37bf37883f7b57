using Ledger.Api;

namespace Ledger.Tests;

/// <summary>The environment is one for the whole process, so these run one after the other, alone.</summary>
[Collection(nameof(AloneCollection))]
public sealed class SettingsTests : IDisposable
{
    private static readonly string[] Names =
        ["ASPNETCORE_CONTENTROOT", "ASPNETCORE_URLS", "Urls", "Data", "ConnectionStrings__Ledger", "AllowSuperuser"];

    private readonly Dictionary<string, string?> before =
        Names.ToDictionary(name => name, Environment.GetEnvironmentVariable);

    private readonly string folder = Directory.CreateTempSubdirectory("backoffice-test-").FullName;

    public SettingsTests()
    {
        foreach (var name in Names)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Environment.SetEnvironmentVariable("ASPNETCORE_CONTENTROOT", folder);
    }

    [Fact]
    public void Nothing_set_means_the_private_database_beside_the_program_on_port_5080()
    {
        var settings = Settings.Read(null, null, null);
        Assert.Equal(
            ("http://localhost:5080", Path.Combine(folder, ".data"), null),
            (settings.Urls, settings.Data, settings.Connection));
    }

    [Fact]
    public void A_superuser_is_allowed_only_where_one_says_so()
    {
        Assert.False(Settings.Read(null, null, null).AllowsSuperuser);
        Environment.SetEnvironmentVariable("AllowSuperuser", "true");
        Assert.True(Settings.Read(null, null, null).AllowsSuperuser);
        Environment.SetEnvironmentVariable("AllowSuperuser", "false");
        Assert.False(Settings.Read(null, null, null).AllowsSuperuser);
        Assert.True(Settings.Read(null, null, null, allowSuperuser: true).AllowsSuperuser);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_which_wins_over_the_file()
    {
        File.WriteAllText(Path.Combine(folder, "appsettings.json"), """
            {
              "Urls": "http://file",
              "Data": "from-file",
              "ConnectionStrings": { "Ledger": "Host=file" },
              "Projections": { "Paused": "true" }
            }
            """);
        var file = Settings.Read(null, null, null);
        Assert.Equal(
            ("http://file", Path.Combine(folder, "from-file"), "Host=file", "true"),
            (file.Urls, file.Data, file.Connection, file.Configuration["Projections:Paused"]));

        Environment.SetEnvironmentVariable("Urls", "http://environment");
        Environment.SetEnvironmentVariable("Data", "from-environment");
        Environment.SetEnvironmentVariable("ConnectionStrings__Ledger", "Host=environment");
        var environment = Settings.Read(null, null, null);
        Assert.Equal(
            ("http://environment", Path.GetFullPath("from-environment"), "Host=environment"),
            (environment.Urls, environment.Data, environment.Connection));

        var typed = Settings.Read("http://typed", "from-typed", "Host=typed");
        Assert.Equal(
            ("http://typed", Path.GetFullPath("from-typed"), "Host=typed"),
            (typed.Urls, typed.Data, typed.Connection));
    }

    [Fact]
    public void The_address_that_every_aspnet_program_takes_is_taken_too()
    {
        Environment.SetEnvironmentVariable("ASPNETCORE_URLS", "http://+:8080");
        Assert.Equal("http://+:8080", Settings.Read(null, null, null).Urls);
    }

    public void Dispose()
    {
        foreach (var (name, value) in before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        Directory.Delete(folder, recursive: true);
    }
}

/// <summary>Tests that change something of the whole process: no other test runs beside them.</summary>
[CollectionDefinition(nameof(AloneCollection), DisableParallelization = true)]
public sealed class AloneCollection;
