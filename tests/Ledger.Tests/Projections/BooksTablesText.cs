namespace Ledger.Tests.Projections;

/// <summary>All rows of the books' tables as text: what two ways of filling them must agree in.</summary>
internal static class BooksTablesText
{
    private static readonly string[] Views =
    [
        "journal_entry", "journal_line", "movement_cell", "account_history", "company_history",
        "dimension_value_history", "period_history", "employee_history", "contract_history", "termination_history",
        "opening_figure_history", "personal_data", "pay_run_history", "payslip_history", "payslip_line", "books_state",
    ];

    public static async Task<string[]> ReadAsync(BooksDatabase books)
    {
        var rows = new List<string>();
        foreach (var view in Views)
        {
            rows.AddRange((await books.RowsAsync($"select * from views.{view}")).Order(StringComparer.Ordinal)
                .Select(row => $"{view}: {row}"));
        }

        return [.. rows];
    }
}
