using Ledger.Domain;
using Ledger.Domain.Journals;

namespace Ledger.Api.Import;

/// <summary>
/// Reads what <c>hledger print -O csv</c> writes: a row for each posting, which repeats its transaction's fields. The
/// rows of one transaction stand together; the order of transactions does not matter, and headings may come again
/// (files that were joined). A bad row gives up its whole transaction, and every other that it may belong to.
/// </summary>
internal sealed class HledgerCsv
{
    private readonly DelimitedReader rows;
    private readonly HledgerCsvColumns columns;

    /// <summary>
    /// Transactions given up since the last whole one: rows of theirs that come now are no transaction.
    /// </summary>
    private readonly Dictionary<string, long> givenUp = new(StringComparer.Ordinal);
    private long strayLine;
    private Group? group;

    /// <exception cref="InvalidDataException">The first line does not name the columns; the message says
    /// which.</exception>
    public HledgerCsv(DelimitedReader rows)
    {
        this.rows = rows;
        if (!rows.Read())
        {
            throw new InvalidDataException("There is nothing in it, not even the line that names the columns.");
        }

        columns = rows.Problem is { } problem
            ? throw new InvalidDataException($"Line {rows.Line}: {problem}")
            : HledgerCsvColumns.Of(rows);
    }

    public IEnumerable<FileItem> Read()
    {
        while (rows.Read())
        {
            var fault = rows.Problem is { } problem ? new FileFault(rows.Line, problem)
                : rows.Count != columns.Count ? new FileFault(
                    rows.Line, $"It has {rows.Count} fields where the heading has {columns.Count}.")
                : null;
            if (fault is null && group?.Key is { } same && IsOf(same))
            {
                AddRow(group.Transaction, same, null);
                continue;
            }

            var transaction = rows.Problem is not null ? columns.Transaction == 0 ? rows.FirstFieldOfBad : null
                : rows.Count > columns.Transaction ? rows[columns.Transaction]
                : null;
            var isHeading = transaction == HledgerCsvColumns.TransactionName;
            var key = fault is null && !isHeading ? KeyOfRow() : (GroupKey?)null;
            if (group is not null && (isHeading || !group.Holds(transaction, key)))
            {
                yield return Finish();
            }

            if (!isHeading)
            {
                AddRow(transaction, key, fault);
            }
        }

        if (group is not null)
        {
            yield return Finish();
        }
    }

    private FileItem Finish()
    {
        var finished = group!.Finish();
        if (finished is FileTransaction)
        {
            givenUp.Clear();
        }
        else if (group.Transaction is { } transaction)
        {
            givenUp.TryAdd(transaction, finished.Line);
        }

        group = null;
        return finished;
    }

    private void AddRow(string? transaction, GroupKey? key, FileFault? fault)
    {
        if (group is null)
        {
            group = new(rows.Line, transaction);
            if (transaction is not null && givenUp.TryGetValue(transaction, out var line))
            {
                fault ??= new(rows.Line, $"It may belong to the transaction that line {line} spoils.");
            }
            else if (strayLine > 0)
            {
                fault ??= new(rows.Line, $"Line {strayLine}, just before it, cannot be read and may belong to it.");
            }
        }

        group.Key ??= key;
        group.Fault ??= fault;
        group.Rows++;
        strayLine = transaction is null ? rows.Line : 0;
        if (group.Fault is null && group.Rows <= JournalDecider.LinesMax)
        {
            group.Fault = group.Rows == 1 ? ReadTransaction(group) ?? ReadPosting(group) : ReadPosting(group);
        }
    }

    private FileFault? ReadTransaction(Group target)
    {
        var (transaction, dateText, description, code) = target.Key!.Value;
        if (transaction.Length == 0)
        {
            return new(rows.Line, $"It has no {HledgerCsvColumns.TransactionName}.");
        }

        if (!Dates.TryParse(dateText, out var date))
        {
            return new(rows.Line, $"'{Texts.Shown(dateText)}' is no date such as 2026-01-31.");
        }

        var comment = Optional(columns.Comment).Trim();
        var date2 = Optional(columns.Date2);
        target.Read = new(
            target.Line,
            date,
            description.Trim(),
            code.Trim(),
            date2.Length == 0 ? comment : comment.Length == 0 ? $"date2:{date2}" : $"{comment}, date2:{date2}",
            target.Postings);
        return null;
    }

    private FileFault? ReadPosting(Group target)
    {
        var account = rows[columns.Account].Trim();
        var kind = PostingKind.Real;
        if (account is ['(', .., ')'] or ['[', .., ']'])
        {
            kind = account[0] == '(' ? PostingKind.UnbalancedVirtual : PostingKind.BalancedVirtual;
            account = account[1..^1].Trim();
        }

        if (!TryReadAmount(out var amount, out var commodity, out var cost, out var reason)
            || !TryReadWorth(ref cost, out reason))
        {
            return new(rows.Line, reason);
        }

        target.Postings.Add(new(account, kind, amount, commodity, cost, Optional(columns.PostingComment).Trim()));
        return null;
    }

    private bool TryReadAmount(out decimal amount, out string commodity, out FileCost? cost, out string reason)
    {
        commodity = Optional(columns.Commodity);
        var text = Optional(columns.Amount);
        if (text.Length > 0)
        {
            return PostingAmount.TryRead(text, ref commodity, out amount, out cost, out reason);
        }

        // Without an amount there are its two halves, of which one is empty.
        amount = 0;
        cost = null;
        var debit = Optional(columns.Debit);
        var credit = Optional(columns.Credit);
        if (debit.Length == 0 && credit.Length == 0)
        {
            reason = "It has no amount.";
            return false;
        }

        if (!PostingAmount.TryRead(
            debit.Length > 0 ? debit : credit, ref commodity, out amount, out cost, out reason))
        {
            return false;
        }

        if (debit.Length == 0)
        {
            amount = -amount;
            cost = cost is { } paid ? paid with { Amount = -paid.Amount } : null;
        }

        return true;
    }

    private bool TryReadWorth(ref FileCost? cost, out string reason)
    {
        reason = "";
        var worth = Optional(columns.BaseAmount);
        if (worth.Length == 0)
        {
            return true;
        }

        if (!FileAmounts.TryParseNumber(worth, out var amount))
        {
            reason = $"'{Texts.Shown(worth)}' is no base amount of at most 28 digits.";
            return false;
        }

        cost = new(amount, Optional(columns.BaseCommodity), IsTotal: true);
        return true;
    }

    private string Optional(int column) => column < 0 ? "" : rows[column];

    private GroupKey KeyOfRow() => new(
        rows[columns.Transaction], rows[columns.Date], Optional(columns.Description), Optional(columns.Code));

    /// <summary>Whether the row repeats these fields; asked of every row, so it makes no texts.</summary>
    private bool IsOf(GroupKey key) =>
        rows.Is(columns.Transaction, key.Transaction) && rows.Is(columns.Date, key.Date)
        && (columns.Description < 0 || rows.Is(columns.Description, key.Description))
        && (columns.Code < 0 || rows.Is(columns.Code, key.Code));

    /// <summary>What all rows of one transaction have in common.</summary>
    private readonly record struct GroupKey(string Transaction, string Date, string Description, string Code);

    private sealed class Group(long line, string? transaction)
    {
        public long Line { get; } = line;

        public string? Transaction { get; } = transaction;

        public GroupKey? Key { get; set; }

        public int Rows { get; set; }

        public FileFault? Fault { get; set; }

        public FileTransaction? Read { get; set; }

        public List<FilePosting> Postings { get; } = [];

        /// <summary>Whether a row belongs here; one that cannot be read belongs to what stands before it.</summary>
        public bool Holds(string? other, GroupKey? otherKey) => other is null
            || (other == Transaction && (Key is null || otherKey is null || Key == otherKey));

        public FileItem Finish() => Fault is not null ? Fault
            : Rows > JournalDecider.LinesMax ? new FileFault(
                Line, $"The transaction has {Rows} lines, more than the {JournalDecider.LinesMax} of an entry.")
            : Read!;
    }
}
