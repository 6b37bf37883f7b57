using Ledger.Api.Audit;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Api.PayRuns;

/// <summary>What deriving all payslips again came to.</summary>
/// <param name="Companies">Of each company that has any.</param>
/// <param name="Findings">Those that came out otherwise: the first hundred.</param>
public sealed record PayslipReport(
    IReadOnlyDictionary<string, ReplayFigures> Companies, IReadOnlyList<VerificationFinding> Findings)
{
    public static PayslipReport Empty { get; } =
        new(new Dictionary<string, ReplayFigures>(StringComparer.Ordinal), []);

    public ReplayFigures Total => ReplayFigures.Sum(Companies.Values);
}

/// <summary>
/// Derives every payslip of every run again, from the events that were known then and by the law that was known then,
/// and compares.
/// </summary>
public static class PayslipVerification
{
    public const string Check = "payslips come out the same from the events that were known then";

    public static async Task<PayslipReport> RunAsync(
        LedgerHost host, IProgress<ProjectionProgress>? progress, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(host);
        var (companies, done) = (new Dictionary<string, ReplayFigures>(StringComparer.Ordinal), 0L);
        var findings = new List<VerificationFinding>();
        foreach (var company in await CompaniesAsync(host.Database, ct))
        {
            var (reproduced, missing) = (0L, 0L);
            foreach (var (id, run) in await host.PayRunFacts.RunsAsync(company, ct: ct))
            {
                if (run.Calculated is null)
                {
                    continue;
                }

                progress?.Report(new(Check, done + reproduced, 0));
                var asKnown = await host.PayRuns.AsKnownAsync(company, id, run, ct);
                await foreach (var chunk in host.PayRuns.Slips.MakeAsync(asKnown, ct: ct))
                {
                    foreach (var made in chunk)
                    {
                        if (IsOfMissingEngine(made.Before.Slip))
                        {
                            missing++;
                        }
                        else if (made.Before.Slip != made.Slip && made.Slip?.Reproduces(made.Before.Slip) != true)
                        {
                            Find(findings, company, Streams.Payslip(id, made.Employee));
                        }
                        else if (made.Slip is not null)
                        {
                            reproduced++;
                        }
                    }
                }
            }

            companies.Add(company, new(reproduced, missing));
            done += reproduced + missing;
        }

        return new(companies, findings);
    }

    private static bool IsOfMissingEngine(Payslip? slip) =>
        slip is not null && Packs.Find(slip.Pack)?.EngineVersion != slip.EngineVersion;

    private static void Find(List<VerificationFinding> findings, string company, string stream)
    {
        if (findings.Count < Verification.FindingsMax)
        {
            findings.Add(new(Check, $"{stream} of {company}", "it comes out otherwise now", company));
        }
    }

    private static async Task<List<string>> CompaniesAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(
            "select distinct tenant_id from public.mt_streams where starts_with(id, $1) order by 1");
        command.CommandTimeout = 0;
        command.Parameters.Add(new() { Value = PayRun.StreamPrefix });
        var companies = new List<string>();
        await using var rows = await command.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            companies.Add(rows.GetString(0));
        }

        return companies;
    }
}
