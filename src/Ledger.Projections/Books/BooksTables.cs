using NodaTime.Text;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Projections.Books;

/// <summary>One version of the tables of the books: writes batches into them, and reads back what the loop
/// needs.</summary>
internal sealed class BooksTables(int version, int blockSize)
{
    private readonly MovementBlocks blocks = new(version, blockSize);

    public int Version { get; } = version;

    public int BlockSize { get; } = blockSize;

    /// <summary>Writes a batch inside the transaction of the connection: one statement a table.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, BooksBatch batch, CancellationToken ct)
    {
        await CopyAsync(connection, "company_history", batch.Companies, ct);
        await CopyAsync(connection, "account_history", batch.Accounts, ct);
        await CopyAsync(connection, "dimension_value_history", batch.DimensionValues, ct);
        await CopyAsync(connection, "period_history", batch.Periods, ct);
        await CopyAsync(connection, "employee_history", batch.Employees, ct);
        await CopyAsync(connection, "contract_history", batch.Contracts, ct);
        await CopyAsync(connection, "termination_history", batch.Terminations, ct);
        await CopyAsync(connection, "opening_figure_history", batch.OpeningFigures, ct);
        await CopyAsync(connection, "personal_data", batch.PersonalData, ct);
        await CopyAsync(connection, "pay_run_history", batch.PayRuns, ct);
        await CopyAsync(connection, "payslip_history", batch.Payslips, ct);
        await CopyAsync(connection, "payslip_line", batch.PayslipLines, ct);
        await CopyAsync(connection, "journal_entry", batch.Entries, ct);
        await CopyAsync(connection, "journal_line", batch.Lines, ct);
        await blocks.WriteAsync(connection, batch, ct);
        await WriteStateAsync(connection, batch.Progress, ct);
    }

    /// <summary>Reads what the tables say of companies; those without rows come back as new.</summary>
    public async Task<List<CompanyBooks>> LoadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> companies, CancellationToken ct)
    {
        await using var states = Command(connection, $"""
            select c.company, s.position, s.covered, h.fiscal_year_start
            from unnest($1) c (company)
            left join ledger_read.books_state_{Version} s on s.company = c.company
            left join lateral (
                select h.fiscal_year_start from ledger_read.company_history_{Version} h
                where h.company = c.company order by h.position desc limit 1) h on true
            """, companies);
        var books = new Dictionary<string, CompanyBooks>(StringComparer.Ordinal);
        await using (var rows = await states.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                var company = new CompanyBooks(rows.GetString(0));
                books.Add(company.Company, company);
                company.Position = rows.IsDBNull(1) ? 0 : rows.GetInt64(1);
                company.Covered = rows.IsDBNull(2) ? 0 : rows.GetInt64(2);
                company.FiscalYearStart = rows.IsDBNull(3)
                    ? null
                    : AnnualDatePattern.Iso.Parse(rows.GetString(3)).GetValueOrThrow();
                company.Sums = company.Position == company.Covered ? new BlockSums() : null;
            }
        }

        // A step a fiscal year, however many entries it has.
        await using var numbers = Command(connection, $"""
            with recursive year (company, fiscal_year) as (
                select c.company, (
                    select max(e.fiscal_year) from ledger_read.journal_entry_{Version} e where e.company = c.company)
                from unnest($1) c (company)
                union all
                select y.company, (
                    select max(e.fiscal_year) from ledger_read.journal_entry_{Version} e
                    where e.company = y.company and e.fiscal_year < y.fiscal_year)
                from year y
                where y.fiscal_year is not null
            )
            select y.company, y.fiscal_year, (
                select max(e.number) from ledger_read.journal_entry_{Version} e
                where e.company = y.company and e.fiscal_year = y.fiscal_year)
            from year y
            where y.fiscal_year is not null
            """, companies);
        await using (var rows = await numbers.ExecuteReaderAsync(ct))
        {
            while (await rows.ReadAsync(ct))
            {
                books[rows.GetString(0)].Numbers.Add(rows.GetInt32(1), rows.GetInt64(2));
            }
        }

        return [.. books.Values];
    }

    private static NpgsqlCommand Command(
        NpgsqlConnection connection, string sql, IReadOnlyCollection<string> companies) =>
        new(sql, connection)
        {
            Parameters =
                { new() { Value = companies.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text } },
            CommandTimeout = 0,
        };

    private Task CopyAsync(NpgsqlConnection connection, string table, CopyBuffer rows, CancellationToken ct) =>
        rows.SendAsync(connection, FormattableString.Invariant($"ledger_read.{table}_{Version}"), ct);

    private async Task WriteStateAsync(
        NpgsqlConnection connection, IReadOnlyList<CompanyProgress> progress, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand($"""
            insert into ledger_read.books_state_{Version} (company, position, covered)
            select p.company, p.position, p.covered from unnest($1, $2, $3) p (company, position, covered)
            on conflict (company) do update set position = excluded.position, covered = excluded.covered
            """, connection) { CommandTimeout = 0 };
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. progress.Select(p => p.Company)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. progress.Select(p => p.Position)] });
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. progress.Select(p => p.Covered)] });
        await command.ExecuteNonQueryAsync(ct);
    }
}
