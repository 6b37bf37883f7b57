using NodaTime;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.Periods;

public static class PeriodRefusals
{
    public static Refusal OutsideBooks(YearMonth period, YearMonth first, YearMonth last) => new(
        "period-outside-books",
        $"{Shown(period)} lies outside the company's books: send a month from {Shown(first)} to {Shown(last)}.");

    public static Refusal EarlierPeriodOpen(YearMonth period, YearMonth earlier) => new(
        "earlier-period-open",
        $"{Shown(period)} cannot be closed while {Shown(earlier)} is open: close {Shown(earlier)} first, "
        + "or send \"through\": true to close all months up to this one.");

    public static Refusal Final(YearMonth period, YearMonth finalThrough) => new(
        "fiscal-year-final",
        $"{Shown(period)} belongs to a final fiscal year; everything up to {Shown(finalThrough)} is never reopened: "
        + "book the correction in an open month.");

    public static Refusal NotFiscalYearEnd(YearMonth period, YearMonth last) => new(
        "not-fiscal-year-end",
        $"{Shown(period)} is not the last month of a fiscal year: a whole fiscal year is made final, "
        + $"so send {Shown(last)}.");

    public static Refusal FiscalYearNotClosed(YearMonth last, YearMonth firstOpen) => new(
        "fiscal-year-not-closed",
        $"The fiscal year up to {Shown(last)} cannot be final while {Shown(firstOpen)} is open: "
        + $"close {Shown(last)} first.");

    public static Refusal Closed(YearMonth period) => new(
        "period-closed",
        $"{Shown(period)} is closed: book in an open month, or reopen {Shown(period)} with a reason.");
}
