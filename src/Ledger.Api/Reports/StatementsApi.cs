using Ledger.Api.Queries;
using Ledger.Domain.Keys;
using Ledger.Projections.Queries;
using Ledger.Projections.Statements;
using NodaTime;

namespace Ledger.Api.Reports;

/// <summary>Balance sheet and income statement over HTTP.</summary>
public static class StatementsApi
{
    /// <summary>So that a typing error in a year is an answer at once, and no table of thousands of columns.</summary>
    private const int MonthsMax = 120;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        Describe(
            surface.Get("/companies/{company}/reports/balance-sheet", BalanceSheetAsync)
                .Needs(Permission.ReadReports).Is(
                "getBalanceSheet", "Reports", "Gives the balance sheet at the end of a day",
                "In the functional currency, with natural signs, by the hierarchy of the chart: a row of kind "
                    + "`subtotal` "
                + "is an account with everything below it, and its parts follow one level deeper. Accounts with "
                + "`bySign` "
                + "are assets while they are debit, else liabilities. The result of the year, and what earlier years "
                + "left "
                + "unclosed, are rows of kind `computed` beside the company's `retainedEarnings`. Off-balance accounts "
                + "stay out. `difference` is zero, unless a dimension leaves lines out.")
            .Query("asOf", ParameterKind.Date, "The last day that counts; today by default.", "2026-03-31")
            .Query(
                "from", ParameterKind.Date, "With columns=month: the first month; that of the fiscal year by default.",
                "2026-01-01"),
            "The end of another day, or `previousYear`.", "2025-12-31", SheetExample);
        Describe(
            surface.Get("/companies/{company}/reports/income-statement", IncomeStatementAsync)
                .Needs(Permission.ReadReports).Is(
                "getIncomeStatement", "Reports", "Gives the income statement from a day to another",
                "In the functional currency, with natural signs, by the hierarchy of the chart. Entries of kind "
                    + "closing are "
                + "left out, so that a closed year still shows what it came to.")
            .Query("from", ParameterKind.Date, "The first day; by default the fiscal year of `to` begins it.",
                "2026-01-01")
            .Query("to", ParameterKind.Date, "The last day; today by default.", "2026-03-31"),
            "Other days, or `previousYear`: the same days a year before.", "2025-01-01..2025-03-31", IncomeExample);
    }

    private static void Describe(Operation operation, string compare, string compareExample, string example) =>
        operation
        .Query("compare", ParameterKind.Text, compare + " It makes a second column.", compareExample)
        .Query(
            "compareKnownAt", ParameterKind.Knowledge,
            "What the second column knows: then it is `asPublished`, otherwise `restated`. Alone it compares the "
                + "same days.",
            "2026-01-20")
        .QueryOneOf("columns", "A column for each month.", "month")
        .QueryOneOf("before", "Leaves out the year's entries of kind closing, or of kinds adjustment and closing.",
            "closing", "adjustment")
        .Groups()
        .Knows()
        .AnswersTable<Statement, StatementRow>(example, "amount");

    private static async ValueTask BalanceSheetAsync(Call call)
    {
        var (from, asOf, read) = (call.Day("from"), call.Day("asOf"), Reading.Of(call));
        if (from is not null && !read.ByMonth)
        {
            throw Call.Malformed("from", call.Query("from")!, "it only together with columns=month");
        }

        if (from > asOf)
        {
            throw Call.Malformed("from", call.Query("from")!, "a day that is not behind asOf");
        }

        var answer = await call.AskAsync(call.KnownAt(), snapshot =>
        {
            var (first, last) = new Days(from, asOf, read.Now).In(snapshot);
            return StatementQueries.BalanceSheetAsync(snapshot, read.Request(call, first, last, ofDay: true));
        });
        await WriteAsync(call, answer);
    }

    private static async ValueTask IncomeStatementAsync(Call call)
    {
        var (days, read) = (call.Days(), Reading.Of(call));
        var answer = await call.AskAsync(call.KnownAt(), snapshot =>
        {
            var (from, to) = days.In(snapshot);
            return StatementQueries.IncomeStatementAsync(snapshot, read.Request(call, from, to, ofDay: false));
        });
        await WriteAsync(call, answer);
    }

    private static ValueTask WriteAsync(Call call, Answer<Statement> answer) => call.WriteTableAsync(
        answer,
        statement => statement.Rows,
        amounts: statement => [.. statement.Columns.Select(column => column.Name)]);

    /// <summary>The parameters that both statements have.</summary>
    private sealed record Reading(
        string? Compare, KnownAt? CompareKnownAt, bool ByMonth, DimensionQuery Dimension, BeforeKind Before,
        Instant Now)
    {
        public static Reading Of(Call call)
        {
            var columns = call.Query("columns");
            if (columns is not (null or "month"))
            {
                throw Call.Malformed("columns", columns, "month");
            }

            return new(
                call.Query("compare"),
                call.KnownAt("compareKnownAt"),
                columns is not null,
                call.Dimension(),
                call.Before(),
                call.Ledger.Clock.GetCurrentInstant());
        }

        public StatementRequest Request(Call call, LocalDate from, LocalDate to, bool ofDay)
        {
            if (ByMonth && Period.Between(from, to, PeriodUnits.Months).Months >= MonthsMax)
            {
                throw Call.Malformed("columns", "month", $"it with at most {MonthsMax} months");
            }

            return new(from, to, Comparison(call, from, to, ofDay), ByMonth, Dimension, Before);
        }

        private Comparison? Comparison(Call call, LocalDate from, LocalDate to, bool ofDay)
        {
            if (Compare is null)
            {
                return CompareKnownAt is null ? null : new(from, to, CompareKnownAt);
            }

            if (Compare == "previousYear")
            {
                return new(from.PlusYears(-1), SameDayBefore(to), CompareKnownAt);
            }

            var parts = Compare.Split("..");
            var days = parts.Select(part => call.DayIn("compare", part)).ToArray();
            return (ofDay, days) switch
            {
                (true, [var day]) => new(null, day, CompareKnownAt),
                (false, [var first, var last]) when first <= last => new(first, last, CompareKnownAt),
                _ => throw Call.Malformed("compare", Compare, ofDay
                    ? "a day such as 2025-12-31, or previousYear"
                    : "days such as 2025-01-01..2025-03-31, or previousYear"),
            };
        }

        /// <summary>The end of a month stays the end of a month.</summary>
        private static LocalDate SameDayBefore(LocalDate day) =>
            day.Day == day.Calendar.GetDaysInMonth(day.Year, day.Month)
            ? new LocalDate(day.Year - 1, day.Month, 1).PlusMonths(1).PlusDays(-1)
            : day.PlusYears(-1);
    }

    private const string SheetExample = """
        {"company": "acme", "from": null, "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "currency": "EUR", "fiscalYear": "2026-01-01", "before": "nothing", "columns": [{
        "name": "amount", "from": null, "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742,
        "basis": null, "value": null, "valueName": null}], "rows": [{"section": "assets", "kind": "account",
        "account": "501", "name": "Bank", "level": 0, "amounts": ["900.00"]}, {"section": "assets", "kind": "total",
        "account": null, "name": "Total assets", "level": 0, "amounts": ["900.00"]}], "difference": ["0.00"],
        "asOf": "2026-03-31"}
        """;

    private const string IncomeExample = """
        {"company": "acme", "from": "2026-01-01", "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence": 1742, "currency": "EUR", "fiscalYear": "2026-01-01", "before": "closing", "columns": [{
        "name": "amount", "from": "2026-01-01", "to": "2026-03-31", "knownAt": "2026-04-02T08:15:00.123456Z",
        "knownAtSequence":
        1742, "basis": null, "value": null, "valueName": null}], "rows": [{"section": "income", "kind": "account",
        "account": "701", "name": "Sales", "level": 0, "amounts": ["900.00"]}], "difference": [],
        "asOf": null}
        """;
}
