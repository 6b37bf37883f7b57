using System.CommandLine;
using System.Globalization;
using Ledger.Api.PayRuns;
using Ledger.Domain;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.CommandLine;

/// <summary><c>payroll run</c>: opens a pay run and calculates it, with progress; others approve and post it.</summary>
public static class PayRunCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private static readonly Option<string> Company = new("--company")
    {
        Description = "Whose people are paid", Required = true, HelpName = "id",
    };

    private static readonly Option<string> Group = new("--pay-group")
    {
        Description = "The group that is paid", Required = true, HelpName = "id",
    };

    private static readonly Option<string> PeriodOption = new("--period")
    {
        Description = "A month like 2026-03, or the first day of another period", Required = true, HelpName = "period",
    };

    private static readonly Option<string?> PayDate = new("--pay-date")
    {
        Description = "The day on which it is paid [default: the period's last day]", HelpName = "yyyy-mm-dd",
    };

    private static readonly Option<bool> Supplementary = new("--supplementary")
    {
        Description = "Pay only what is still owed for periods that were paid",
    };

    private static readonly Option<string?> Id = new("--id")
    {
        Description = "The run's id [default: the group and the period]", HelpName = "id",
    };

    public static Command Build()
    {
        var command = new Command("run", "Open a pay run and calculate its payslips")
        {
            Company, Group, PeriodOption, PayDate, Supplementary, Id,
        };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        var company = parsed.GetValue(Company)!;
        if (!Ids.IsValid(company))
        {
            await error.WriteLineAsync("--company takes 1–100 of A-Z a-z 0-9 . _ ~ -");
            return CommandLine.Usage;
        }

        LocalDate? payDate = null;
        if (parsed.GetValue(PayDate) is { } text)
        {
            if (LocalDatePattern.Iso.Parse(text) is not { Success: true, Value: var day })
            {
                await error.WriteLineAsync("--pay-date takes a day like 2026-04-05.");
                return CommandLine.Usage;
            }

            payDate = day;
        }

        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        var (group, period) = (parsed.GetValue(Group)!, parsed.GetValue(PeriodOption)!);
        var groups = host.PayRunFacts.Fold(
            Streams.PayGroupsFold, await host.Store.ReadStreamAsync(company, Streams.PayGroups, 0, cancellation));
        if (payDate is null && groups.Find(group) is { } known
            && PayPeriods.Parse(known.Details, period, out var parsedPeriod) is null)
        {
            payDate = parsedPeriod.Through;
        }

        var kind = parsed.GetValue(Supplementary) ? PayRunKind.Supplementary : PayRunKind.Regular;
        var id = parsed.GetValue(Id) ?? $"{group}-{period}";
        var details = new PayRunDetails(group, period, payDate ?? default, kind);
        return await CalculateAsync(host, company, id, details, output, error, cancellation)
            ? CommandLine.Ok : CommandLine.Refused;
    }

    private static async Task<bool> CalculateAsync(
        LedgerHost host, string company, string id, PayRunDetails details, TextWriter output, TextWriter error,
        CancellationToken cancellation)
    {
        var who = new RequestMetadata(host.OwnerActor, null, null, null);
        var command = new OpenPayRun(id, details);
        var opened = await host.Transact.RunAsync(
            company, who, reading => PayRunWrites.OpenAsync(command, reading, host.PayRunFacts));
        if (Http.ProblemOf(opened) is { } problem)
        {
            await error.WriteLineAsync(problem.Detail);
            return false;
        }

        var started = await host.PayRuns.StartAsync(
            company, id, host.Owner, who, static _ => ValueTask.FromResult<Refusal?>(null));
        if (started is not Transacted<PayRun>.Done { Answer: var run })
        {
            await error.WriteLineAsync(Http.ProblemOf(started)!.Detail);
            return false;
        }

        var calculation = host.PayRuns.RunAsync(company, id, run, who, cancellation);
        while (await Task.WhenAny(calculation, Task.Delay(Pause, cancellation)) != calculation)
        {
            await error.WriteLineAsync(Shown(host.PayRuns.ProgressOf(company, id)));
        }

        var ended = await calculation;
        if (ended is not Transacted<PayRun>.Done { Answer: var calculated })
        {
            await error.WriteLineAsync(Http.ProblemOf(ended)!.Detail);
            return false;
        }

        await PrintAsync(host, company, id, calculated, output, cancellation);
        return true;
    }

    private static string Shown(CalculationProgress? progress) => progress is null ? "…" : string.Create(
        CultureInfo.InvariantCulture,
        $"{progress.Employees:#,0} employees, {progress.Payslips:#,0} payslips, {progress.Failed:#,0} failed");

    private static async Task PrintAsync(
        LedgerHost host, string company, string id, PayRun run, TextWriter output, CancellationToken cancellation)
    {
        var (gross, net, employer) = (0m, 0m, 0m);
        await foreach (var (employee, state) in host.PayRuns.Reads.PayslipsAsync(company, id, ct: cancellation))
        {
            gross += state.Slip?.Gross() ?? 0;
            net += state.Slip?.Net() ?? 0;
            employer += state.Slip?.EmployerContributions() ?? 0;
            if (state.Failed is { } failed)
            {
                await output.WriteLineAsync($"{employee}: {failed.Message}");
            }
        }

        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{id}: {run.Calculated!.Count:#,0} payslips, {run.Calculated.Failed:#,0} failed; gross {gross:#,0.00}, "
            + $"net {net:#,0.00}, employer's contributions {employer:#,0.00}"));
        await output.WriteLineAsync($"to be approved: {run.Calculated.Sha256}");
    }
}
