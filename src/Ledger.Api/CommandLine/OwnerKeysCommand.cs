using System.CommandLine;
using System.Diagnostics;
using Ledger.Api.Keys;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>keys list|rotate|revoke --owner</c>: the owner's keys of the whole ledger, of which one is in the file of the
/// data folder. Services that run learn of it within a second.
/// </summary>
internal static class OwnerKeysCommand
{
    /// <summary>Puts another secret into the file.</summary>
    public static async Task<int> RotateAsync(ParseResult parsed, Duration overlap, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var host = await OpenAsync(parsed, cancellation);
        var held = await InFileAsync(host, cancellation);
        var (text, secret) = KeyText.MakeSecret();
        var file = OwnerKey.PathIn(host.Settings.Data);
        var draft = await OwnerKey.WriteDraftAsync(host.Settings.Data, text, cancellation);
        var command = new RotateKey(held.Key.Id, secret, host.Clock.GetCurrentInstant() + overlap, held.Prefix);
        var outcome = await RunAsync(host, reading => KeyWrites.RotateAsync(command, overlap, reading, host.Owner));
        if (outcome is Transacted<Written>.Done)
        {
            File.Move(draft, file, overwrite: true);
            OwnFile.KeepName(file);
            await output.WriteLineAsync($"The owner's key in {file} is another one now.");
            return CommandLine.Ok;
        }

        await error.WriteLineAsync(Http.ProblemOf(outcome)!.Detail);
        if (outcome is Transacted<Written>.Unknown)
        {
            await error.WriteLineAsync($"If it was recorded, the new key is the one in {draft}.");
        }
        else
        {
            File.Delete(draft);
        }

        return CommandLine.Refused;
    }

    /// <summary>Ends a key for ever; without an id the one in the file, which goes with it.</summary>
    public static async Task<int> RevokeAsync(
        ParseResult parsed, string? id, string reason, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var host = await OpenAsync(parsed, cancellation);
        var held = await InFileAsync(host, cancellation);
        var command = new RevokeKey(id ?? held.Key.Id, reason);
        var outcome = await RunAsync(host, reading => KeyWrites.RevokeAsync(command, reading));
        if (outcome is not Transacted<Written>.Done done)
        {
            await error.WriteLineAsync(Http.ProblemOf(outcome)!.Detail);
            return CommandLine.Refused;
        }

        await output.WriteLineAsync(
            done.Appended ? $"The owner's key {command.Id} is revoked." : "This key was revoked before.");
        if (command.Id == held.Key.Id)
        {
            var file = OwnerKey.PathIn(host.Settings.Data);
            File.Delete(file);
            await output.WriteLineAsync($"Its file {file} is deleted: the next start or command makes another key.");
        }

        return CommandLine.Ok;
    }

    private static Task<LedgerHost> OpenAsync(ParseResult parsed, CancellationToken cancellation) =>
        LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), parsed.InvocationConfiguration.Error.WriteLine, cancellation);

    private static async Task<(Key Key, string Prefix)> InFileAsync(LedgerHost host, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(OwnerKey.PathIn(host.Settings.Data), cancellation);
        var prefix = KeyText.PrefixOf(text.AsSpan().Trim())!;
        var known = await host.Keys.Of(OwnerKey.Tenant).AsOfAsync(Stopwatch.GetTimestamp());
        return (known.Ring.FindByPrefix(prefix)!, prefix);
    }

    private static Task<Transacted<Written>> RunAsync(
        LedgerHost host, Func<Reading, ValueTask<Verdict<Written>>> decide) =>
        host.Transact.RunAsync(OwnerKey.Tenant, new(host.OwnerActor, null, null, null), decide);
}
