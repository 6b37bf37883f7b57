using Ledger.Api.CommandLine;
using Ledger.Api.Keys;

namespace Ledger.Api.Demo;

/// <summary>One of the things to look at of the shop's people.</summary>
/// <param name="What">What there is to see.</param>
/// <param name="Path">What is asked for, behind the demo company's id and a hyphen.</param>
/// <param name="Type">What it is answered as.</param>
/// <param name="File">Where it is written to; null is the terminal.</param>
internal sealed record StaffSight(string What, string Path, string Type = "text/csv", string? File = null);

/// <summary>What the demo prints of the shop's people: what was paid, and where to look.</summary>
internal static class StaffTour
{
    public static IReadOnlyList<StaffSight> Sights { get; } =
    [
        new("Bulgaria in April: Ana's raise was recorded two months late, so this run pays the difference.",
            "bg/employees/ana/payslips/staff-2026-04", "application/json"),
        new("Why: the rule, the figures and the event behind a line of hers.",
            "bg/employees/ana/payslips/staff-2026-04/lines/2/explanation", "application/json"),
        new("What an approver saw in March, when Boris was ill: each payslip beside the last one, with the reason.",
            "bg/pay-runs/staff-2026-03/variances"),
        new("The run of May, in which Vera left.", "bg/pay-runs/staff-2026-05/payslips"),
        new("A year of payslips of a shop assistant in the United Kingdom.", "gb/employees/noah/payslips"),
        new("A payslip as employees get it, in Bulgarian; az/employees/leyla and gb/employees/olivia have theirs.",
            "bg/employees/ana/payslips/staff-2026-04", "application/pdf", "payslip.pdf"),
        new("Petar, one of the seasonal team, in July: his hours by day and kind, a Saturday among them.",
            "bg/employees/petar/hours?from=2026-07-01&to=2026-07-31"),
        new("What all of them cost in a year: the register of payslips, with a column for each levy.",
            "bg/reports/payroll-register?from=2026-01-01&to=2026-12-31"),
        new("What is due to whom in August, employees' and employer's part.",
            "bg/reports/contributions-due?from=2026-08-01&to=2026-08-31"),
        new("The leave that is owed at the end of the year, and what it is worth.",
            "bg/reports/leave-liability?asOf=2026-12-31"),
        new("The books of it: wages, what was paid, and what is still owed to authorities.",
            "bg/reports/trial-balance?to=2026-12-31"),
    ];

    public static IEnumerable<string> Lines(int payslips, string company, Settings settings)
    {
        yield return "The shop's people in Bulgaria, Azerbaijan, the United Kingdom and the United States were paid "
            + $"for {StaffFacts.Year}: {payslips} payslips,";
        yield return "each run approved, posted, paid and confirmed. Paste this once:";
        yield return "";
        var key = OwnerKey.PathIn(settings.Data).Replace("'", @"'\''", StringComparison.Ordinal);
        var address = new Uri(HealthCommand.AddressOf(settings.Urls), $"companies/{company}-");
        yield return $"pay() {{ curl -sS -H \"Authorization: Bearer $(cat '{key}')\" -H \"Accept: ${{2:-text/csv}}\" "
            + $"\"{address}$1\"; [ ! -t 1 ] || echo; }}";
        var number = 0;
        foreach (var sight in Sights)
        {
            yield return "";
            yield return $"{++number}. {sight.What}";
            yield return $"pay '{sight.Path}'{(sight.Type == "text/csv" ? "" : " " + sight.Type)}"
                + (sight.File is null ? "" : $" > {sight.File}");
        }
    }
}
