using Ledger.Api.Employees;
using Ledger.Api.Import;
using Ledger.Api.Journals;
using Ledger.Api.PayGroups;
using Ledger.Api.PayRuns;
using Ledger.Api.TimeSheets;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Employees;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using NodaTime.Text;

namespace Ledger.Api.Demo;

/// <summary>
/// Records the shop's people and pays them for a year, company by company and month by month, through the same
/// decisions as everybody: each run is calculated, approved, posted, paid and confirmed. What is done already stays as
/// it is.
/// </summary>
internal sealed class StaffRun(LedgerHost host, string company, Action<string> say)
{
    private static readonly AccountCode Bank = new(ShopFacts.Account.Bank);

    private readonly RequestMetadata who = new(host.OwnerActor, null, null, null);

    /// <returns>How many payslips were posted, those of before included.</returns>
    /// <exception cref="SetUpException">A company has other books.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        var payslips = 0;
        foreach (var employer in StaffFacts.Employers())
        {
            var id = $"{company}-{employer.Suffix}";
            await RegisterAsync(id, employer);
            var posted = 0;
            foreach (var month in employer.Months)
            {
                posted += await PayAsync(id, employer, month, cancellation);
            }

            say(FormattableString.Invariant($"{employer.Settings.Name} ({id}): {posted} payslips"));
            payslips += posted;
        }

        await BooksFollowing.CatchUpAsync(host, say, cancellation);
        return payslips;
    }

    private async Task RegisterAsync(string id, Employer employer)
    {
        var books = await BooksTarget.OpenAsync(host, id, who);
        Require(id, await books.RegisterAsync(employer.Settings));
        if (books.Company.Settings != employer.Settings)
        {
            throw new SetUpException(
                $"The company '{id}' is there already and is not the demo's: '{books.Company.Settings!.Name}'. Name "
                + $"another with --company, such as --company {company}-2.");
        }

        var chart = ChartTemplates.Find(ShopFacts.Chart)!;
        Require(id, await books.OpenAccountsAsync([.. chart.Select(each => new PutAccount(each.Code, each.Account))]));
        foreach (var value in StaffFacts.Departments)
        {
            Require(id, await books.PutDimensionValueAsync(value, before: null));
        }

        await DoAsync(id, reading => PayGroupWrites.PutAsync(
            new(StaffFacts.Group, employer.Group, null), reading, host.Facts, host.PayRunFacts));
    }

    private async Task<int> PayAsync(string id, Employer employer, StaffMonth month, CancellationToken cancellation)
    {
        var period = YearMonthPattern.Iso.Format(month.Month);
        var run = $"{StaffFacts.Group}-{period}";
        var details = new PayRunDetails(StaffFacts.Group, period, month.PayDate, PayRunKind.Regular);
        if (!(await RunOfAsync(id, run)).Exists)
        {
            await RecordAsync(id, month.Before);
            foreach (var entry in month.Worked)
            {
                await DoAsync(id, reading => TimeSheetWrites.PutAsync(entry, reading, host, own: null));
            }
        }

        if (month.Found.Count > 0 && (await RunOfAsync(id, run)).Approved is null)
        {
            await CalculateAsync(id, run, details, cancellation);
            await RecordAsync(id, month.Found);
        }

        var count = await FinishAsync(id, run, details, employer, cancellation);
        if (month.Extra.Count == 0)
        {
            return count;
        }

        var extra = $"{run}-extra";
        if (!(await RunOfAsync(id, extra)).Exists)
        {
            await RecordAsync(id, month.Extra);
        }

        return count + await FinishAsync(
            id, extra, details with { Kind = PayRunKind.Supplementary }, employer, cancellation);
    }

    private async Task RecordAsync(string id, IReadOnlyList<EmployeeCommand> commands)
    {
        foreach (var command in commands)
        {
            await DoAsync(id, reading => EmployeeWrites.PutAsync(command, reading, host, host.Owner));
        }
    }

    private async Task CalculateAsync(string id, string run, PayRunDetails details, CancellationToken cancellation)
    {
        await DoAsync(id, reading => PayRunWrites.OpenAsync(new(run, details), reading, host.PayRunFacts));
        var started = DoneOf(id, await host.PayRuns.StartAsync(
            id, run, host.Owner, who, static _ => ValueTask.FromResult<Refusal?>(null)));
        DoneOf(id, await host.PayRuns.RunAsync(id, run, started, who, cancellation));
    }

    /// <summary>Goes on from wherever the run is.</summary>
    /// <returns>How many payslips it has.</returns>
    private async Task<int> FinishAsync(
        string id, string run, PayRunDetails details, Employer employer, CancellationToken cancellation)
    {
        if ((await RunOfAsync(id, run)).Approved is null)
        {
            await CalculateAsync(id, run, details, cancellation);
            var sha256 = (await RunOfAsync(id, run)).Calculated!.Sha256;
            await DoAsync(id, reading => PayRunWrites.ApproveAsync(
                new(run, sha256, host.Owner.Caller.Holder), reading, host.PayRunFacts, host.Owner));
        }

        if ((await RunOfAsync(id, run)).Posted is null)
        {
            var booking = await host.PayRuns.BookingAsync(id, run, cancellation);
            await DoAsync(id, reading => PayRunWrites.PostAsync(
                new(run), reading, host.PayRunFacts, booking, host.Owner));
        }

        var payments = await host.PayRuns.Reads.PaymentsAsync(id, run, details.PayDate, ct: cancellation)
            .ToListAsync(cancellation);
        var order = new PaymentOrder(Bank, employer.Iban, details.PayDate);
        await DoAsync(id, reading => PaymentWrites.IssueAsync(
            new(run, order), reading, payments, host.Owner));
        await DoAsync(id, reading => PaymentWrites.ConfirmAsync(
            new(run, 1, details.PayDate), reading, payments, host.PayRuns, host.Owner));
        return (await RunOfAsync(id, run)).Calculated!.Count;
    }

    private async Task<PayRun> RunOfAsync(string id, string run) => host.PayRunFacts.Fold(
        Streams.PayRunFold, await host.Store.ReadStreamAsync(id, Streams.PayRun(run)));

    private async Task DoAsync(string id, Func<Reading, ValueTask<Verdict<Written>>> decide) =>
        DoneOf(id, await host.Transact.RunAsync(id, who, decide));

    private T DoneOf<T>(string id, Transacted<T> outcome)
    {
        Require(id, (outcome as Transacted<T>.Refused)?.Refusal);
        return outcome is Transacted<T>.Done done ? done.Answer : throw BooksTarget.Stopped(outcome);
    }

    /// <summary>The story breaks no rule: a refusal means that the company's books went another way.</summary>
    private void Require(string id, Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new SetUpException(
                $"The books of '{id}' are no longer the demo's: {refusal.Message} "
                + $"Name another company with --company, such as --company {company}-2.");
        }
    }
}
