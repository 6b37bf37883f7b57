using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>What of a run goes into the books: its posting, and its reversal.</summary>
public static class PostingDecider
{
    /// <param name="command">Which run.</param>
    /// <param name="run">As it is.</param>
    /// <param name="changed">An employee of whom something was recorded since; null when nobody is.</param>
    /// <param name="lines">Of the run's entry.</param>
    /// <param name="books">To book in.</param>
    public static Decision<PayRunEvent> Decide(
        PostPayRun command, PayRun run, string? changed, IReadOnlyCollection<JournalLine> lines, Books books)
    {
        if (run.Posted is not null && run.Reversed is null)
        {
            return Decision<PayRunEvent>.Nothing;
        }

        if (PayRunDecider.CheckOpen(command.Id, run) is { } refusal)
        {
            return refusal;
        }

        if (run.Approved is null)
        {
            return PayRunRefusals.NotApproved(command.Id);
        }

        if (changed is not null)
        {
            return PayRunRefusals.InputsChanged(changed);
        }

        if (lines.Count == 0)
        {
            return PayRunRefusals.NothingToPost(command.Id);
        }

        return lines.Count > JournalDecider.LinesMax
            ? PayRunRefusals.TooManyLines(lines.Count, JournalDecider.LinesMax)
            : new PayRunPosted(PayRun.EntryOf(command.Id), BookingDay(run.Through, books));
    }

    public static Decision<PayRunEvent> Decide(ReversePayRun command, PayRun run)
    {
        if (run.Reversed is { } reversed && reversed.BookedOn == command.BookedOn
            && reversed.Reason == command.Reason)
        {
            return Decision<PayRunEvent>.Nothing;
        }

        if (!run.Exists)
        {
            return PayRunRefusals.Unknown(command.Id);
        }

        if (run.Reversed is not null)
        {
            return PayRunRefusals.Reversed(command.Id);
        }

        if (Texts.CheckNeeded("reason", command.Reason, Texts.DescriptionLengthMax) is { } reason)
        {
            return reason;
        }

        return run.Files.Any(file => !IsWhollyReturned(file))
            ? PayRunRefusals.HasPayments(command.Id)
            : new PayRunReversed(command.BookedOn, command.Reason);
    }

    /// <summary>The last day of the period; where its month is closed, the first of the first open month after
    /// it.</summary>
    public static LocalDate BookingDay(LocalDate through, Books books)
    {
        ArgumentNullException.ThrowIfNull(books);
        var month = through.ToYearMonth();
        var last = books.Company.BookableDates(books.Today).Last;
        if (!books.Calendar.IsClosed(month))
        {
            return through;
        }

        while (books.Calendar.IsClosed(month) && month.OnDayOfMonth(1) <= last)
        {
            month = month.PlusMonths(1);
        }

        return month.OnDayOfMonth(1);
    }

    private static bool IsWhollyReturned(PaymentFile file) => file.Returned.Distinct().Count() == file.Issued.Count;
}
