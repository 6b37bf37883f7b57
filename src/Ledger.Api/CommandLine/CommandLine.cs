using System.CommandLine;
using System.CommandLine.Help;
using Npgsql;

namespace Ledger.Api.CommandLine;

/// <summary>All commands and the options that every one of them takes.</summary>
public static class CommandLine
{
    /// <summary>0, 1 and 2 are the only answers: done, refused, and not understood.</summary>
    public const int Ok = 0;

    public const int Refused = 1;

    public const int Usage = 2;

    public static readonly Option<string?> Urls = new("--urls")
    {
        Description = $"Where the service listens [default: {Settings.DefaultUrls}]",
        HelpName = "url",
        Recursive = true,
    };

    public static readonly Option<string?> Data = new("--data")
    {
        Description = $"The folder of the private database and of the owner's key [default: {Settings.DefaultData}]",
        HelpName = "folder",
        Recursive = true,
    };

    public static readonly Option<string?> Connection = new("--connection")
    {
        Description = "A PostgreSQL server to use instead of the private one, as a connection string",
        HelpName = "string",
        Recursive = true,
    };

    public static readonly Option<bool?> AllowSuperuser = new("--allow-superuser")
    {
        Description = "Run as a superuser of that server, for whom the walls of the database do not hold",
        Arity = ArgumentArity.Zero,
        Recursive = true,
    };

    /// <summary>For commands that write a file.</summary>
    internal static readonly Option<bool> Replace = new("--replace")
    {
        Description = "Take the place of a file that exists, once the new one is whole",
    };

    /// <summary>The table of commands, in the order in which the help lists them.</summary>
    private static readonly Func<Command>[] Commands =
    [
        DemoCommand.Build,
        ImportCommand.Build,
        ExportCommand.Build,
        CarryOverCommand.Build,
        CloseYearCommand.Build,
        KeysCommand.Build,
        VerifyCommand.Build,
        AuditCommand.Build,
        WitnessCommand.Build,
        RebuildCommand.Build,
        BackupCommand.Build,
        RestoreCommand.Build,
        PayrollCommand.Build,
        BenchCommand.Build,
        SoakCommand.Build,
        MasterKeyCommand.Build,
        MigrateCommand.Build,
        ReadersCommand.Build,
        DatabaseCommand.Build,
        HealthCommand.Build,
    ];

    public static RootCommand Build()
    {
        var root = new RootCommand(
            "BackOffice keeps a company's books as events that cannot be changed, in PostgreSQL. "
            + "Without a command it serves the HTTP API.")
        {
            Urls,
            Data,
            Connection,
            AllowSuperuser,
        };
        foreach (var build in Commands)
        {
            root.Add(build());
        }

        root.SetAction((parsed, stop) =>
            ServeCommand.RunAsync(SettingsOf(parsed), parsed.InvocationConfiguration.Output, stop));

        return root;
    }

    /// <summary>Runs what the arguments ask for; errors go to <paramref name="error"/>, with what to do.</summary>
    public static async Task<int> RunAsync(
        IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(error);
        var parsed = Build().Parse(arguments);
        var needsHelp = parsed.Action is HelpAction;
        if (parsed.Errors.Count > 0 && !needsHelp)
        {
            foreach (var mistake in parsed.Errors)
            {
                await error.WriteLineAsync(mistake.Message);
            }

            await error.WriteLineAsync("See --help.");
            return Usage;
        }

        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // The program itself listens to signals: it waits for what was accepted, however long that takes.
            ProcessTerminationTimeout = null,
        };
        return await RunAsync(() => parsed.InvokeAsync(configuration, cancellation), error, cancellation);
    }

    /// <summary>Turns whatever is thrown into one line and an exit code.</summary>
    internal static async Task<int> RunAsync(Func<Task<int>> command, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            return await command();
        }
        catch (SetUpException problem)
        {
            await error.WriteLineAsync(problem.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped before the end.");
        }
        catch (NpgsqlException down)
        {
            await error.WriteLineAsync($"The database could not be used to the end: {FirstLineOf(down)}");
        }
        catch (Exception fault)
        {
            await error.WriteLineAsync(
                $"This is a fault of the program ({fault.GetType().Name}): {FirstLineOf(fault)} "
                + $"The details are in {await KeepAsync(fault)}.");
        }

        return Refused;
    }

    private static string FirstLineOf(Exception fault) => fault.Message.Split('\n')[0].TrimEnd();

    /// <summary>Writes all of it into a file, so that it can be sent to whoever mends it.</summary>
    internal static async Task<string> KeepAsync(Exception fault)
    {
        var file = Path.Combine(Path.GetTempPath(), $"backoffice-fault-{Path.GetRandomFileName()}.txt");
        await using var text = new StreamWriter(OwnFile.Create(file));
        await text.WriteAsync(fault.ToString());
        return file;
    }

    /// <summary>The settings of a parsed command line.</summary>
    public static Settings SettingsOf(ParseResult parsed)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        return Settings.Read(
            parsed.GetValue(Urls), parsed.GetValue(Data), parsed.GetValue(Connection),
            parsed.GetResult(AllowSuperuser) is null ? null : true);
    }
}
