using System.Text;
using Ledger.Api;
using Ledger.Api.Periods;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.Periods.CertifiedBooks;

namespace Ledger.Tests.Periods;

/// <summary>Certificates that are derived again from the events, and closings that wait for theirs.</summary>
public sealed class CertificateVerificationTests
{
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

        var report = await CertificateVerification.RunAsync(host.Ledger, null, CancellationToken.None);
        Assert.Equal((3, 0), (report.Reproduced, report.EngineMissing));
        Assert.Empty(report.Findings);

        // A digit of an entry of February: all three rest on it.
        await host.ExecuteAsSuperuserAsync("""
            set session_replication_role = replica;
            update public.mt_events set data = replace(data::text, '12.00', '13.00')::jsonb
            where seq_id = (select min(seq_id) from public.mt_events where type = 'journal_entry_posted')
            """);
        report = await CertificateVerification.RunAsync(host.Ledger, null, CancellationToken.None);
        Assert.Equal((0, 0), (report.Reproduced, report.EngineMissing));
        Assert.Contains("member credit is \"12\", not \"13\"", report.Findings[0].What, StringComparison.Ordinal);
        Assert.Contains("member trialBalance is", report.Findings[1].What, StringComparison.Ordinal);
        Assert.Contains("member root is", (await VerifiedAsync(host.Ledger, file)).Last, StringComparison.Ordinal);
        await host.DisposeAsync();
    }

    /// <summary>Whether all was reproduced, how many certificates were looked at, and the outcome of the
    /// last.</summary>
    private static async Task<(bool Passed, int Count, string Last)> VerifiedAsync(LedgerHost ledger, string file)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(path, file, new UTF8Encoding(false));
            var output = new StringWriter();
            var passed = await CertificateVerification.RunFileAsync(ledger, path, output, CancellationToken.None);
            var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return (passed, lines.Length, lines[^1][(lines[^1].IndexOf(": ", StringComparison.Ordinal) + 2)..]);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
