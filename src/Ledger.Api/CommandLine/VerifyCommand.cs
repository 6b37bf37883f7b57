using System.CommandLine;
using System.Globalization;
using Ledger.Api.Audit;
using Ledger.Api.Periods;
using Ledger.Api.Witnesses;
using Ledger.EventStore.Audit;
using Ledger.Projections;

namespace Ledger.Api.CommandLine;

/// <summary>
/// <c>verify</c>: looks through the whole store for what must not be, and says what it looked at. Exit code 1 when it
/// finds something.
/// </summary>
public static class VerifyCommand
{
    private static readonly Option<string?> Certificate = new("--certificate")
    {
        Description = "Only check the certificate of a month, from the file that the API gave, and derive it again",
        HelpName = "file",
    };

    private static readonly Option<string[]> Key = new("--key")
    {
        Description = "A verifier key that must have signed: of the log over all logs, by default those of the key "
            + "file here; with --certificate that of the company's log [default: the ledger's own]",
        HelpName = "name+id+key", AllowMultipleArgumentsPerToken = false,
    };

    private static readonly Option<string[]> Witness = new("--witness")
    {
        Description = "The key of a witness that must have signed the certificate's checkpoint",
        HelpName = "name+id+key", AllowMultipleArgumentsPerToken = false,
    };

    public static Command Build()
    {
        var command = new Command("verify", "Check the order, the entries, the sums, and the tables against a rebuild")
        {
            Certificate, Key, Witness,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var keys = (parsed.GetValue(Key) ?? []).Select(each => AuditCommand.KeyOf(each, SignatureKind.Log)).ToArray();
        var witnesses = (parsed.GetValue(Witness) ?? [])
            .Select(each => AuditCommand.KeyOf(each, SignatureKind.Cosignature)).ToArray();
        if (parsed.GetValue(Certificate) is null && witnesses.Length > 0)
        {
            throw new SetUpException("--witness is for a file: name it by --certificate.");
        }

        if (parsed.GetValue(Certificate) is not null && keys.Length > 1)
        {
            throw new SetUpException("A certificate's file is held against one key: name one by --key.");
        }

        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        try
        {
            if (parsed.GetValue(Certificate) is { } file)
            {
                return await CertificateFile.VerifyAsync(
                    host, file, keys.SingleOrDefault(), witnesses, output, cancellation)
                    ? CommandLine.Ok : CommandLine.Refused;
            }

            var report = await FullVerification.RunAsync(host, keys, new ProgressLines(error), cancellation);
            await PrintAsync(report.Store, output);
            await PrintAsync(report.Witnesses, output);
            await PrintReplayedAsync(report, output);
            return report.Store.Passed ? CommandLine.Ok : CommandLine.Refused;
        }
        catch (ProjectionException refused)
        {
            await error.WriteLineAsync(refused.Message);
            return CommandLine.Refused;
        }
    }

    private static async Task PrintReplayedAsync(FullReport report, TextWriter output)
    {
        var (payslips, certificates) = (report.Payslips.Total, report.Certificates.Total);
        if (payslips != ReplayFigures.None)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Payslips: {payslips.Reproduced:#,0} reproduced, {payslips.EngineMissing:#,0} by formulas that "
                    + $"are not here."));
        }

        if (certificates != ReplayFigures.None)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Certificates: {certificates.Reproduced:#,0} reproduced, {certificates.EngineMissing:#,0} by "
                    + $"formats that are not here, in {report.Certificates.Elapsed.TotalSeconds:0.0} s."));
        }

        foreach (var waiting in report.Certificates.Waiting)
        {
            await output.WriteLineAsync($"Waits for its certificate, which a service makes: {waiting}.");
        }
    }

    private static async Task PrintAsync(WitnessReport witnesses, TextWriter output)
    {
        if (witnesses.Cosigned > 0)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"Witnesses that stand by the log as it is: {witnesses.Cosigned:#,0}."));
        }

        foreach (var silent in witnesses.NotAsked)
        {
            await output.WriteLineAsync($"Not asked: {silent}.");
        }
    }

    private static async Task PrintAsync(VerificationReport report, TextWriter output)
    {
        foreach (var check in report.Checks)
        {
            var found = report.Findings.Count(finding => finding.Check == check);
            await output.WriteLineAsync(found == 0 ? $"ok       {check}" : $"FOUND {found,2} {check}");
        }

        foreach (var finding in report.Findings)
        {
            await output.WriteLineAsync($"  {finding}");
        }

        foreach (var adopted in report.Adopted)
        {
            await output.WriteLineAsync(
                $"Adopted: event {adopted.Sequence} of {adopted.Company}, {adopted.Stream} ({adopted.Type}), "
                + $"was appended by another program ({adopted.DotnetType}).");
        }

        if (report.SinglePersonCount > 0)
        {
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"Approved by a single person, because there was nobody else: {report.SinglePersonCount:#,0}."));
        }

        foreach (var alone in report.SinglePerson)
        {
            var revoked = alone.Revoked.Count == 0
                ? ""
                : $", after these keys of others were revoked: {string.Join(' ', alone.Revoked)}";
            await output.WriteLineAsync(
                $"  event {alone.Sequence} of {alone.Company}: {alone.Kind} {alone.Subject}, by {alone.Holder}"
                + revoked);
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"Audit logs: {report.Audit.Leaves:#,0} leaves hashed anew, {report.Audit.Checkpoints:#,0} signed "
            + $"checkpoints checked; {report.Audit.Unprovable:#,0} bodies can no longer be proven."));
        await output.WriteLineAsync(report.Audit.KeysAreBelieved
            ? "The keys that signed them are those that the database itself names: hold them against one that you know "
                + "from elsewhere with --key."
            : "The newest of each log is held against the keys that are known here:");
        foreach (var key in report.Audit.Keys)
        {
            await output.WriteLineAsync($"  {key}");
        }

        var result = report.Passed ? "nothing wrong" : $"{report.Findings.Count} findings";
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Events:#,0} events looked at in {report.Elapsed.TotalSeconds:0.0} s "
            + $"({report.EventsPerSecond:#,0}/s): {result}."));
    }
}
