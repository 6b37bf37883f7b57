using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Projections.Companies;
using Ledger.Projections.People;
using Ledger.Projections.Queries;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Journals;

/// <summary>An entry with its number, its links and its audit fields.</summary>
/// <param name="Number">Gap-free in its fiscal year, in the order of recording.</param>
/// <param name="FiscalYear">By the calendar year in which it begins.</param>
/// <param name="Reverses">The entry that this one takes back; <paramref name="Reason"/> says why.</param>
/// <param name="ReversedBy">The entry that takes this one back, if it was known then.</param>
/// <param name="Total">Of the debits, in the functional currency.</param>
/// <param name="Position">Its number among the events of the company.</param>
/// <param name="Sequence">Its number among all events.</param>
/// <param name="CounterpartyPerson">A counterparty who is a natural person; <c>counterparty</c> is null then.</param>
public sealed record JournalRow(
    string Id,
    int FiscalYear,
    long Number,
    LocalDate BookedOn,
    string Description,
    EntryKind Kind,
    string? Reference,
    string? DocumentType,
    string? DocumentNumber,
    LocalDate? DocumentDate,
    string? DocumentSha256,
    string? Counterparty,
    LocalDate? ReverseOn,
    string? Corrects,
    string? Reverses,
    string? ReversedBy,
    string? Reason,
    string? Method,
    string Currency,
    Amount Total,
    int LineCount,
    long Position,
    long Sequence,
    Instant Recorded,
    string? Actor,
    string? Correlation,
    string? Causation,
    CounterpartyPerson? CounterpartyPerson) : INamesCounterparty<JournalRow>
{
    public JournalRow Naming(CounterpartyPerson person) => this with { CounterpartyPerson = person };

    /// <summary>The columns that <see cref="Read"/> reads, of the entry <c>e</c>; $2 is the last position that
    /// counts.</summary>
    internal const string Columns = $$"""
        e.id, e.fiscal_year, e.number, e.booked_on, e.description, e.kind, e.reference, e.document_type,
            e.document_number, e.document_date, e.document_sha256, e.counterparty, e.reverse_on, e.corrects, e.reverses,
            (select min(r.id) from (
                select r.id from ledger_read.journal_entry_{v} r
                where r.company = e.company and r.reverses = e.id and r.position <= $2 offset 0) r),
            e.reason, e.method, e.currency, e.total, e.lines, e.position, e.sequence, e.recorded, e.actor,
            e.correlation, e.causation, {{CounterpartyPerson.Columns}}
        """;

    internal static JournalRow Read(NpgsqlDataReader row, CompanyThen company) => new(
        row.GetString(0),
        row.GetInt32(1),
        row.GetInt64(2),
        row.GetDay(3),
        row.GetString(4),
        (EntryKind)row.GetInt16(5),
        row.GetText(6),
        row.GetText(7),
        row.GetText(8),
        row.GetDayOrNull(9),
        row.GetText(10),
        row.GetText(11),
        row.GetDayOrNull(12),
        row.GetText(13),
        row.GetText(14),
        row.GetText(15),
        row.GetText(16),
        row.GetText(17),
        row.GetString(18),
        company.In(row.GetString(18), row.GetSum(19)),
        row.GetInt32(20),
        row.GetInt64(21),
        row.GetInt64(22),
        row.GetInstant(23),
        row.GetText(24),
        row.GetText(25),
        row.GetText(26),
        CounterpartyPerson.Read(row, 27, company.Code, row.GetString(0)));
}

/// <summary>A line of an entry: amounts in its unit and in the functional currency.</summary>
public sealed record JournalLineRow(
    int Line,
    string Account,
    string AccountName,
    string Unit,
    Amount Debit,
    Amount Credit,
    Amount BaseDebit,
    Amount BaseCredit,
    string? Memo,
    ValueMap<string> Dimensions)
{
    /// <summary>The columns that <see cref="Read"/> reads, of the line <c>l</c>.</summary>
    internal const string Columns =
        "l.line, l.account, l.unit, l.debit, l.credit, l.base_debit, l.base_credit, l.memo, l.dimensions::text";

    internal static JournalLineRow Read(
        NpgsqlDataReader row, int at, CompanyThen company, string currency, Func<string, string> nameOf)
    {
        var (account, unit) = (row.GetString(at + 1), row.GetString(at + 2));
        return new(
            row.GetInt32(at),
            account,
            nameOf(account),
            unit,
            company.In(unit, row.GetSum(at + 3)),
            company.In(unit, row.GetSum(at + 4)),
            company.In(currency, row.GetSum(at + 5)),
            company.In(currency, row.GetSum(at + 6)),
            row.GetText(at + 7),
            DimensionsIn(row.GetText(at + 8)));
    }

    internal static ValueMap<string> DimensionsIn(string? json) => json is null
        ? ValueMap<string>.Empty
        : ValueMap<string>.From(JsonSerializer.Deserialize<Dictionary<string, string>>(json)!);
}
