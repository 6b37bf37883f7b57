using System.Text.Json;
using Ledger.Api.Approvals;
using Ledger.Domain.Approvals;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.People;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>What the request for another account for somebody's pay tells everybody: nothing of the account.</summary>
/// <param name="Fingerprint">Of all of the account, by a key: another account is another request.</param>
public sealed record BankAccountSeen(LocalDate EffectiveFrom, string Fingerprint, bool IsIban);

/// <summary>What whoever is to agree sees besides; it is stored sealed, and erased with the employee's data.</summary>
/// <param name="Ending">The account's last four characters, to compare with what the employee wrote.</param>
public sealed record BankAccountEnding(string Ending, string? Bank);

/// <summary>On which streams commands of employees are decided, and what they write.</summary>
public static class EmployeeWrites
{
    private const int EndingLength = 4;

    public static async ValueTask<Verdict<Written>> PutAsync(
        EmployeeCommand command, Reading reading, LedgerHost ledger, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(ledger);
        var stream = Streams.Employee(command.Employee);

        // It is never kept in memory: it holds what is personal, and what was erased must be gone everywhere.
        var employee = await reading.NewDocumentAsync(stream, Streams.EmployeeFold);
        var decision = EmployeeDecider.Decide(command, employee.State, await WorkplaceAsync(command, reading));
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count == 0)
        {
            var version = EmployeeDecider.VersionOf(command, employee.State);
            return Verdict.Nothing(new Written(version, await ledger.Facts.PlaceAsync(reading, stream, version)));
        }

        var verdict = Verdict.Append(new Written(employee.Version + 1), (stream, decision.Events));
        return command is PutBankAccount account && !employee.State.BankAccounts.IsEmpty
            ? await SecondPerson.SeeAsync(verdict, await DeedOfAsync(account, reading, ledger), reading, doer)
            : verdict;
    }

    /// <summary>Only what the command looks at: whatever is read must not move until it is recorded.</summary>
    private static async ValueTask<Workplace> WorkplaceAsync(EmployeeCommand command, Reading reading)
    {
        var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var (person, _) = await reading.RareStateAsync(Streams.Person(command.Employee), Streams.PersonFold);
        var dimensions = command is PutContract
            ? (await reading.StateAsync(Streams.Dimensions, Streams.DimensionsFold)).State
            : DimensionCatalog.Initial;
        var groups = command is PutContract or PutPay or PutOpeningFigures or PutLeaveEntitlement
            ? (await reading.StateAsync(Streams.PayGroups, Streams.PayGroupsFold)).State
            : PayGroupCatalog.Initial;
        return new(company, dimensions, groups, person);
    }

    /// <summary>Events of approvals stay when the person is erased, so nothing of an account stands in them in
    /// plain.</summary>
    private static async ValueTask<Deed> DeedOfAsync(PutBankAccount command, Reading reading, LedgerHost ledger)
    {
        var details = command.Details;
        var account = details.Account.Text!;
        var fingerprint = await ledger.Vault.FingerprintAsync(
            reading.Company, [command.Employee, account, details.Bank, details.Holder?.Text]);
        var shown = new BankAccountEnding(account[^Math.Min(EndingLength, account.Length)..], details.Bank);
        return new(
            ApprovalKind.ChangeBankAccount, command.Employee,
            new BankAccountSeen(command.EffectiveFrom, fingerprint, details.IsIban),
            PersonalText.Open(
                command.Employee, Purpose.Payroll, JsonSerializer.Serialize(shown, EventJson.Options)));
    }
}
