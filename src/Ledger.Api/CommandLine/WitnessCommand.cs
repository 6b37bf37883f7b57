using System.CommandLine;
using System.Net.Sockets;
using Ledger.Api.Witnesses;
using Ledger.EventStore.Audit;
using Microsoft.AspNetCore.Connections;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>witness</c>: a process of its own, without a database, that somebody else than the operator of a ledger runs. It
/// cosigns what the ledger's log comes to, and keeps the evidence when that does not go on from what it saw.
/// </summary>
public static class WitnessCommand
{
    private static readonly Option<string> Listen = new("--listen")
    {
        Description = "Where the witness listens",
        HelpName = "url",
        DefaultValueFactory = _ => "http://127.0.0.1:5090",
    };

    private static readonly Option<string> Name = new("--name")
    {
        Description = "The name in its signatures: an address of yours without https://, such as witness.example/w1",
        HelpName = "name",
        Required = true,
    };

    private static readonly Option<string[]> Logs = new("--log")
    {
        Description = "A key of a log to watch, as GET /audit/key of the ledger tells it; may be given several times",
        HelpName = "key",
        Required = true,
    };

    private static readonly Option<string> State = new("--state")
    {
        Description = "The folder of its key, of the last checkpoints, and of evidence",
        HelpName = "folder",
        DefaultValueFactory = _ => ".witness",
    };

    public static Command Build()
    {
        var command = new Command("witness", "Cosign the log of a ledger as an independent witness, without a database")
        {
            Listen,
            Name,
            Logs,
            State,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var output = TextWriter.Synchronized(parsed.InvocationConfiguration.Output);
        var name = parsed.GetValue(Name)!;
        if (!VerifierKey.IsName(name))
        {
            throw new SetUpException($"--name is '{name}': name it without blanks and plus signs.");
        }

        var logs = parsed.GetValue(Logs)!.Select(text =>
            VerifierKey.Parse(text) is { Kind: SignatureKind.Log } key ? key
                : throw new SetUpException(
                    $"--log is '{text}', which is no key of a log. GET /audit/key of the ledger tells it.")).ToArray();
        using var folder = WitnessFolder.Open(parsed.GetValue(State)!);
        var witness = new Witness(folder, name, logs, LedgerHost.TheClock, output.WriteLine);
        var url = parsed.GetValue(Listen)!;
        await using var app = WitnessHost.Build(witness, url);
        try
        {
            foreach (var (origin, last) in witness.Seen())
            {
                await output.WriteLineAsync($"Watches {origin}, of which it cosigned {last?.Size ?? 0} leaves.");
            }

            await app.StartAsync(stop);
        }
        catch (InvalidDataException damaged)
        {
            throw new SetUpException(damaged.Message, damaged);
        }
        catch (Exception refused) when (refused is IOException or SocketException or FormatException
            or ArgumentException or InvalidOperationException or AddressInUseException)
        {
            throw new SetUpException(
                $"The witness cannot listen on {url}: {refused.Message.Split('\n')[0].TrimEnd()} Name another address "
                    + "with --listen.",
                refused);
        }

        await output.WriteLineAsync($"The witness listens on {string.Join(", ", app.Urls)}. Ctrl+C stops it.");
        await output.WriteLineAsync($"Its key: {witness.Key}");
        await app.WaitForShutdownAsync(stop);
        return CommandLine.Ok;
    }
}
