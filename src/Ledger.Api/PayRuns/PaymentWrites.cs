using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Api.Approvals;
using Ledger.Api.Journals;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Journals;
using Ledger.Domain.PayGroups;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;

namespace Ledger.Api.PayRuns;

/// <summary>On which streams commands of payments are decided, and what they write.</summary>
public static class PaymentWrites
{
    /// <summary>A second person sees each file of whoever may record people, or once could: they could pay somebody
    /// whom they made up. Whoever only pays does it alone.</summary>
    public static async ValueTask<Verdict<Written>> IssueAsync(
        IssuePaymentFile command, Reading reading, IReadOnlyList<Payment> payments, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(doer);
        var stream = Streams.PayRun(command.Id);
        var (run, version) = await reading.DocumentAsync(stream, Streams.PayRunFold);
        var (chart, _) = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
        var decision = PaymentDecider.Decide(command, run, payments, HashOf, chart);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        if (decision.Events.Count == 0)
        {
            return Verdict.Nothing(new Written(version), stream);
        }

        var verdict = Verdict.Append(new Written(version + 1), (stream, decision.Events));
        return await SecondPerson.CouldRecordPeopleAsync(reading, doer)
            ? await SecondPerson.SeeAsync(
                verdict, new(ApprovalKind.ReleasePayments, command.Id, Unnamed((PaymentFileIssued)decision.Events[0])),
                reading, doer)
            : verdict;
    }

    /// <summary>Whom it pays, the hash tells without names.</summary>
    private static PaymentFileIssued Unnamed(PaymentFileIssued issued) =>
        issued with { Employees = null, Without = null };

    /// <summary>What the bank carried out clears the net pay that was owed.</summary>
    public static async ValueTask<Verdict<Written>> ConfirmAsync(
        ConfirmPayments command, Reading reading, IReadOnlyList<Payment> payments, PayRunCalculator runs, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(doer);
        var stream = Streams.PayRun(command.Id);
        var (run, version) = await reading.DocumentAsync(stream, Streams.PayRunFold);
        var decision = PaymentDecider.Decide(command, run, payments);
        return decision.Refusal is { } refusal ? refusal
            : decision.Events is not [PaymentsConfirmed confirmed] ? Verdict.Nothing(new Written(version), stream)
            : await BookAsync(
                command.Id, run, version, command.Number, confirmed, confirmed.Entry, confirmed.BookedOn,
                confirmed.Sum, Side.Debit, reading, runs, doer);
    }

    /// <summary>What came back after it was confirmed is owed again.</summary>
    public static async ValueTask<Verdict<Written>> ReturnAsync(
        ReturnPayments command, Reading reading, IReadOnlyList<Payment> payments, PayRunCalculator runs, Doer doer)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reading);
        ArgumentNullException.ThrowIfNull(runs);
        ArgumentNullException.ThrowIfNull(doer);
        var stream = Streams.PayRun(command.Id);
        var (run, version) = await reading.DocumentAsync(stream, Streams.PayRunFold);
        var decision = PaymentDecider.Decide(command, run, payments);
        return decision.Refusal is { } refusal ? refusal
            : decision.Events is not [PaymentsReturned returned] ? Verdict.Nothing(new Written(version), stream)
            : returned.Entry is null ? Verdict.Append(new Written(version + 1), (stream, decision.Events))
            : await BookAsync(
                command.Id, run, version, command.Number, returned, returned.Entry, returned.BookedOn,
                PaymentDecider.ConfirmedSum(run, returned, payments), Side.Credit, reading, runs, doer);
    }

    private static async ValueTask<Verdict<Written>> BookAsync(
        string id, PayRun run, long version, int file, PayRunEvent paid, string entry, NodaTime.LocalDate bookedOn,
        decimal sum, Side netPay, Reading reading, PayRunCalculator runs, Doer doer)
    {
        // On the account on which the run's entry owes it, whatever the group says by now.
        var asKnown = await runs.AsKnownAsync(reading.Company, id, run, CancellationToken.None);
        var books = await JournalWrites.BooksAsync(reading, doer.Clock, withDimensions: false);
        var order = run.Files.First(each => each.Issued.Number == file).Issued.Order;
        var account = asKnown.Group.Accounts[PayAccounts.NetPay];
        ValueList<JournalLine> lines =
        [
            new(account, netPay, sum),
            new(order.Account, netPay == Side.Debit ? Side.Credit : Side.Debit, sum),
        ];
        return await PayRunWrites.EntryAsync(
            new(entry, bookedOn, $"Payments of {id}", lines, Reference: id), new Written(version + 1),
            (Streams.PayRun(id), [paid]), reading, books);
    }

    private static string HashOf(IEnumerable<Payment> payments)
    {
        var text = string.Concat(payments.Select(each => string.Create(
            CultureInfo.InvariantCulture, $"{each.Employee} {each.Amount:0.00}\n")));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
