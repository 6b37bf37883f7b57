using System.CommandLine;
using Ledger.Api.Audit;
using Ledger.Api.Export;
using Ledger.Api.Import;
using Ledger.Domain.Audit;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;

namespace Ledger.Api.CommandLine;

/// <summary><c>audit</c>: bundles for auditors, their verification, and the keys that sign the audit logs.</summary>
public static class AuditCommand
{
    private static readonly Option<string> Company = new("--company")
    {
        Description = "The company", Required = true, HelpName = "id",
    };

    private static readonly Option<string?> Period = new("--period")
    {
        Description = "Discloses only what the statements up to this month rest on", HelpName = "yyyy-MM",
    };

    private static readonly Option<FileInfo> Offline = new("--offline")
    {
        Description = "The bundle, or the proof of a single entry", Required = true, HelpName = "file",
    };

    private static readonly Option<string> Key = new("--key")
    {
        Description = "The verifier key, from somebody you trust and not from the file", Required = true,
        HelpName = "name+id+key",
    };

    private static readonly Option<string[]> Witness = new("--witness")
    {
        Description = "The key of a witness whose signature is to be checked", HelpName = "name+id+key",
        AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<FileInfo?> Since = new("--since")
    {
        Description = "A checkpoint that you kept from earlier, which the log of the bundle must go on from",
        HelpName = "file",
    };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why; it is recorded", Required = true, HelpName = "text",
    };

    private static readonly Argument<string> File = new("file") { Description = "Is written; must not exist yet" };

    public static Command Build()
    {
        var bundle = new Command("bundle", "Write all that an auditor needs to check a company's books without us")
        {
            Company, Period, File, CommandLine.Replace,
        };
        bundle.SetAction(BundleAsync);
        var verify = new Command("verify", "Check a bundle or a proof, without database and network")
        {
            Offline, Key, Witness, Since,
        };
        verify.SetAction(VerifyAsync);
        var show = new Command("key", "Print the verifier key of a company's log") { Company };
        show.SetAction(ShowAsync);
        var rotate = new Command(
            "rotate-key", "Make a new key, which signs beside the old one; also where the old one is lost");
        rotate.SetAction(RotateAsync);
        var retire = new Command("retire-keys", "End the signatures of all keys but the newest") { Reason };
        retire.SetAction(RetireAsync);
        return new Command("audit", "What an auditor is given, and the keys that sign it")
        {
            bundle, verify, show, rotate, retire,
        };
    }

    private static async Task<int> BundleAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var period = parsed.GetValue(Period);
        if (period is not null && !NodaTime.Text.YearMonthPattern.Iso.Parse(period).Success)
        {
            throw new SetUpException($"--period is '{period}': name a month as yyyy-MM.");
        }

        var replace = parsed.GetValue(CommandLine.Replace);
        OutputFile.Require(parsed.GetValue(File)!, replace);

        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        var progress = new ProgressLines(error);
        if (await host.AuditKeys.SignerAsync(cancellation) is not null)
        {
            await CatchUpAsync(host, progress, cancellation);
        }

        var path = parsed.GetValue(File)!;
        var company = parsed.GetValue(Company)!;
        try
        {
            await CommandAccess.NoteReadAsync(host, company, "audit bundle", cancellation);
            var written = await OutputFile.WriteAsync(path, replace, stream => AuditBundle.WriteAsync(
                host, company, period, stream, progress, cancellation));
            await output.WriteLineAsync(
                $"{path}: {ImportReport.Number(written.Leaves)} events, {ImportReport.Number(written.Disclosed)} of "
                    + "them "
                + "with their content.");
            if (written.Deleted > 0)
            {
                await output.WriteLineAsync(
                    $"The salts of {ImportReport.Number(written.Deleted)} events were deleted: nobody can prove any "
                        + "more what these say.");
            }

            if (!written.HasOutsideWitness)
            {
                await output.WriteLineAsync(
                    "No witness from outside has signed: every time in it is claimed by the operator.");
            }

            await output.WriteLineAsync($"Check it with: ./run audit verify --offline {path} --key KEY");
            return CommandLine.Ok;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{path}' cannot be written: {problem.Message}", problem);
        }
        catch (AuditLogException changed)
        {
            throw new SetUpException(changed.Message, changed);
        }
    }

    private static async Task<int> VerifyAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = parsed.InvocationConfiguration.Output;
        var key = KeyOf(parsed.GetValue(Key)!, SignatureKind.Log);
        var witnesses = (parsed.GetValue(Witness) ?? []).Select(each => KeyOf(each, SignatureKind.Cosignature));
        var report = await OfflineVerification.RunAsync(
            parsed.GetValue(Offline)!, key, [.. witnesses], await SinceAsync(parsed.GetValue(Since), cancellation),
            cancellation);
        foreach (var line in report.Lines)
        {
            await output.WriteLineAsync(line);
        }

        return report.Holds ? CommandLine.Ok : CommandLine.Refused;
    }

    private static async Task CatchUpAsync(LedgerHost host, ProgressLines progress, CancellationToken cancellation)
    {
        try
        {
            await host.AuditLog.CatchUpAsync(progress, cancellation);
        }
        catch (AuditLogException contradicted)
        {
            throw new SetUpException(contradicted.Message, contradicted);
        }
    }

    private static async Task<SignedNote?> SinceAsync(FileInfo? file, CancellationToken cancellation)
    {
        if (file is null)
        {
            return null;
        }

        try
        {
            return SignedNote.ParseKept(await System.IO.File.ReadAllTextAsync(file.FullName, cancellation))
                ?? throw new SetUpException(
                    $"'{file.FullName}' is no signed checkpoint: give what GET /companies/{{company}}/audit/checkpoint "
                        + "answered once, or the file 'checkpoint' of an earlier bundle.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{file.FullName}' cannot be read: {problem.Message}", problem);
        }
    }

    internal static VerifierKey KeyOf(string text, SignatureKind kind) =>
        VerifierKey.Parse(text) is { } key && key.Kind == kind ? key
        : throw new SetUpException($"'{text}' is no key of {(kind == SignatureKind.Log ? "a log" : "a witness")}: "
            + "it is written NAME+ID+KEY, as GET /companies/{company}/audit/key answers it.");

    private static async Task<int> ShowAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        var keys = await host.AuditKeys.KeysAsync(cancellation);
        foreach (var key in ProofsApi.KeysUnder(
            keys, AuditSigner.OriginOf(keys.Ledger!, parsed.GetValue(Company)!)))
        {
            await output.WriteLineAsync(key);
        }

        return CommandLine.Ok;
    }

    private static async Task<int> RotateAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        await PrintAsync(output, await host.AuditKeys.RotateAsync(host.OwnerActor, cancellation));

        // What is served already gets the signature of the new key, too.
        await CatchUpAsync(host, new ProgressLines(error), cancellation);
        await output.WriteLineAsync(
            "Checkpoints carry the signatures of all these keys that are here. Give the newest to whoever verifies, "
                + "then "
            + "end the others: ./run audit retire-keys --reason …");
        return CommandLine.Ok;
    }

    private static async Task<int> RetireAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        await PrintAsync(
            output,
            await host.AuditKeys.RetireAsync(host.OwnerActor, parsed.GetValue(Reason)!, cancellation));
        return CommandLine.Ok;
    }

    private static async Task PrintAsync(TextWriter output, AuditKeys keys)
    {
        foreach (var key in ProofsApi.KeysUnder(keys, keys.Ledger!))
        {
            await output.WriteLineAsync(key);
        }
    }
}
