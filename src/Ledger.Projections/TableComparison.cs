using System.Globalization;
using Ledger.Projections.Books;

namespace Ledger.Projections;

/// <summary>Compares a live table with the rebuilt one, row by row over their key.</summary>
internal static class TableComparison
{
    /// <summary>One pass over each: whether they hold the same rows, without saying which differ.</summary>
    public static string AreEqual(string table, BooksVersion live, BooksVersion rebuilt)
    {
        return $"select ({Hash(live)}) = ({Hash(rebuilt)})";

        string Hash(BooksVersion version) => $"""
            select (count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)) from {Name(table, version)} t
            """;
    }

    /// <summary>Where they differ.</summary>
    public static VerificationCheck Check(string table, BooksVersion live, BooksVersion rebuilt)
    {
        var (ours, theirs) = (Name(table, live), Name(table, rebuilt));
        var key = KeyOf(table);

        // Whole rows are compared as text: also the digits behind the point must be the same.
        return new($"{table} as rebuilt", $"""
            select '{table} ' || concat_ws(', ', {key}),
                case when l.row is null then 'is missing: ' || r.row
                    when r.row is null then 'should not be there: ' || l.row
                    else 'is ' || l.row || ', rebuilt ' || r.row end,
                company
            from (select {key}, t::text as row from {ours} t) l
            full join (select {key}, t::text as row from {theirs} t) r using ({key})
            where l.row is distinct from r.row
            """);
    }

    private static string Name(string table, BooksVersion version) =>
        string.Create(CultureInfo.InvariantCulture, $"ledger_read.{table}_{version.Version}");

    private static string KeyOf(string table) => table switch
    {
        "journal_entry" or "period_history" or "company_history" => "company, position",
        "journal_line" => "company, position, line",
        "account_history" => "company, code, position",
        "dimension_value_history" => "company, dimension, value, position",
        "employee_history" or "termination_history" => "company, employee, position",
        "contract_history" => "company, employee, contract, position",
        "opening_figure_history" => "company, employee, year, position",
        "pay_run_history" => "company, run, position",
        "payslip_history" => "company, run, employee, position",
        "payslip_line" => "company, position, line",
        "personal_data" => "company, person, position, path",
        "books_state" => "company",
        "movement_cell" =>
            "company, recorded_level, block, dimension, booked_level, period, value, unit, kind",
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "A table without a known key."),
    };
}
