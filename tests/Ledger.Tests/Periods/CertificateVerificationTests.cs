using System.Text;
using System.Text.RegularExpressions;
using Ledger.Api;
using Ledger.Api.Audit;
using Ledger.Api.Periods;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.Periods.CertifiedBooks;

namespace Ledger.Tests.Periods;

/// <summary>Certificates that are derived again from the events, and closings that wait for theirs.</summary>
public sealed class CertificateVerificationTests
{
    private static readonly Regex OutcomeLine = new(
        "^[^ ]+ period-certificate/[^ ]+ version [0-9]+: ", RegexOptions.None, TimeSpan.FromSeconds(1));

    [Fact]
    public async Task A_closing_is_certified_by_the_next_service_when_the_first_stopped_before()
    {
        var settings = new Dictionary<string, string?> { ["Audit:Certificates"] = "false" };
        var host = new ApiHost { Configuration = settings };
        await host.InitializeAsync();
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2026-03-15"), Closed("2026-03")]);
        await books.PrepareAsync();
        (await books.SendAsync(Certificate("2026-03"))).IsProblem(409, "not-yet-certified");

        settings["Audit:Certificates"] = "true";
        await host.RestartAsync();

        var body = BodyOf(await books.CertifiedAsync("2026-03"));
        Assert.Equal("1", Member(body, "entries"));
        await host.RestartAsync();
        await books.CertifiedAsync("2026-03");
        Assert.Single(await books.EventsAsync(), "period_certified");
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Certificates_are_reproduced_byte_for_byte_and_what_differs_is_named()
    {
        var host = await ApiHost.StartAsync(("Audit:Certificates", "true"));
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2026-02-15"), Closed("2026-02"),
            Sale("e2", "2026-03-15", "1200.00"), Closed("2026-03")]);
        await books.PrepareAsync();
        await books.CertifiedAsync("2026-03");
        (await books.SendAsync(Reopened("2026-03"))).Is(201);
        (await books.SendAsync(Sale("e3", "2026-03-16"))).Is(201);
        (await books.SendAsync(Closed("2026-03"))).Is(201);
        var file = (await books.CertifiedAsync("2026-03")).GetRawText();

        Assert.Equal(
            (true, 2, "reproduced"), await VerifiedAsync(host.Ledger, file));
        Assert.Equal(
            (false, 2, "differs: member credit is \"1213\", not \"1212\""),
            await VerifiedAsync(host.Ledger, file.Replace("\"1212\"", "\"1213\"", StringComparison.Ordinal)));
        var later = file.Replace("\"format\":\"1\"", "\"format\":\"9\"", StringComparison.Ordinal)
            .Replace("\"format\": \"1\"", "\"format\": \"9\"", StringComparison.Ordinal);
        Assert.Equal((false, 2, "engine missing"), await VerifiedAsync(host.Ledger, later));
        await Assert.ThrowsAsync<SetUpException>(() => VerifiedAsync(host.Ledger, "{}"));

        var report = await CertificateVerification.RunAsync(host.Ledger, null, CancellationToken.None, TimeSpan.Zero);
        Assert.Equal(new ReplayFigures(3, 0), report.Total);
        Assert.Empty(report.Findings);
        Assert.Empty(report.Waiting);

        // A digit of an entry of February: all three rest on it.
        await host.ExecuteAsSuperuserAsync("""
            set session_replication_role = replica;
            update public.mt_events set data = replace(data::text, '12.00', '13.00')::jsonb
            where seq_id = (select min(seq_id) from public.mt_events where type = 'journal_entry_posted')
            """);
        report = await CertificateVerification.RunAsync(host.Ledger, null, CancellationToken.None);
        Assert.Equal(ReplayFigures.None, report.Total);
        Assert.Contains("member credit is \"12\", not \"13\"", report.Findings[0].What, StringComparison.Ordinal);
        Assert.Contains("member trialBalance is", report.Findings[1].What, StringComparison.Ordinal);
        Assert.Contains("member root is", (await VerifiedAsync(host.Ledger, file)).Last, StringComparison.Ordinal);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_held_against_its_signatures_and_the_certificates_before_it_as_well()
    {
        var host = await ApiHost.StartAsync(("Audit:Certificates", "true"));
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2026-01-15"), Closed("2026-01"), Closed("2026-02"),
            Sale("e2", "2026-03-15"), Closed("2026-03")]);
        await books.PrepareAsync();
        var march = (await books.CertifiedAsync("2026-03")).GetRawText();
        var january = (await books.CertifiedAsync("2026-01")).GetRawText();
        var own = VerifierKey.Parse((await books.SendAsync(Step.Get("/audit/key"))).Is(200).Json
            .GetProperty("keys")[0].GetString()!)!;
        var name = $"{books.Company} period-certificate/2026-03 version 1";

        var (passed, lines) = await LinesAsync(host.Ledger, march);
        Assert.True(passed, string.Join('\n', lines));
        Assert.StartsWith($"Signatures and proofs hold, by the key {own}", lines[0], StringComparison.Ordinal);
        Assert.Equal(
            [
                $"{name}: reproduced",
                $"{name} goes on from 2 certificates, each with the hash that the next one names",
            ],
            lines[^2..]);
        Assert.EndsWith("goes on from none", (await LinesAsync(host.Ledger, january)).Lines[^1],
            StringComparison.Ordinal);

        // Another's key, a signature that was cut off, and a proof that leads elsewhere: the events know nothing of it.
        var stranger = new VerifierKey(own.Name, own.Kind, Ed25519.PublicKeyOf(new byte[32]));
        (passed, lines) = await LinesAsync(host.Ledger, march, stranger);
        Assert.False(passed);
        Assert.StartsWith("Signatures and proofs do NOT hold.", lines[0], StringComparison.Ordinal);
        Assert.Equal($"{name}: reproduced", lines[^2]);
        var shorter = march.Replace("\"index\":\"", "\"index\":\"1", StringComparison.Ordinal)
            .Replace("\"index\": \"", "\"index\": \"1", StringComparison.Ordinal);
        Assert.NotEqual(march, shorter);
        (passed, lines) = await LinesAsync(host.Ledger, shorter);
        Assert.False(passed);
        Assert.Contains("is not in the log", lines[1], StringComparison.Ordinal);

        // The certificate before it is another one than it names.
        await host.ExecuteAsSuperuserAsync("""
            set session_replication_role = replica;
            update public.mt_events set data = jsonb_set(data::jsonb, '{debit}', '"99"')
            where type = 'period_certified' and data ->> 'period' = '2026-02'
            """);
        (passed, lines) = await LinesAsync(host.Ledger, march);
        Assert.False(passed);
        Assert.EndsWith(
            "do NOT hold: that of 2026-03 does not name the one of 2026-02 that is here", lines[^1],
            StringComparison.Ordinal);
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_closing_that_was_passed_by_is_found_and_one_whose_turn_will_come_waits()
    {
        var host = await ApiHost.StartAsync(("Audit:Certificates", "true"));
        var books = host.Given([.. CompanyWithChart, Sale("e1", "2026-02-15"), Closed("2026-02"),
            Sale("e2", "2026-03-15"), Closed("2026-03")]);
        await books.PrepareAsync();
        await books.CertifiedAsync("2026-03");
        var february = (await books.RecordedAsync()).First(e => e.Type == "period_closed").Sequence;

        await host.ExecuteAsSuperuserAsync("""
            set session_replication_role = replica;
            delete from public.mt_events where type = 'period_certified' and data ->> 'period' = '2026-02'
            """);
        var report = await CertificateVerification.RunAsync(host.Ledger, null, CancellationToken.None, TimeSpan.Zero);

        Assert.Contains(
            new VerificationFinding(
                CertificateVerification.EachCheck,
                $"event {february} of {books.Company}, the closing of 2026-02",
                "has no certificate, and the service certified later closings or says that it was here",
                books.Company),
            report.Findings);
        report = await CertificateVerification.RunAsync(host.Ledger, null, CancellationToken.None);
        Assert.DoesNotContain(report.Findings, finding => finding.Check == CertificateVerification.EachCheck);
        await host.DisposeAsync();

        var without = await ApiHost.StartAsync();
        books = without.Given([.. CompanyWithChart, Sale("e1", "2026-02-15"), Closed("2026-02")]);
        await books.PrepareAsync();
        await without.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        (await books.SendAsync(Step.Get("/balances"))).Is(200);
        report = await CertificateVerification.RunAsync(
            without.Ledger, null, CancellationToken.None, TimeSpan.Zero);
        Assert.Empty(report.Findings);
        Assert.Equal(books.Company, Assert.Single(report.Waiting).Company);
        await without.DisposeAsync();
    }

    /// <summary>Whether all was reproduced, how many certificates were looked at, and the outcome of the
    /// last.</summary>
    private static async Task<(bool Passed, int Count, string Last)> VerifiedAsync(LedgerHost ledger, string file)
    {
        var (passed, lines) = await LinesAsync(ledger, file);
        var outcomes = lines.Where(line => OutcomeLine.IsMatch(line)).Select(line => OutcomeLine.Replace(line, ""))
            .ToArray();
        return (passed, outcomes.Length, outcomes[^1]);
    }

    private static async Task<(bool Passed, string[] Lines)> LinesAsync(
        LedgerHost ledger, string file, VerifierKey? key = null)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, file, new UTF8Encoding(false));
            var output = new StringWriter { NewLine = "\n" };
            var passed = await CertificateFile.VerifyAsync(ledger, path, key, [], output, CancellationToken.None);
            return (passed, output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
