using System.Globalization;
using Ledger.Api.Import;
using Ledger.Domain.Journals;

namespace Ledger.Api.Export;

/// <summary>
/// Writes CSV in the columns of hledger, and three more: the entry's id, and what a line that is not in the functional
/// currency is worth in it. The import reads all of it.
/// </summary>
internal sealed class CsvWriter(TextWriter text) : IBooksWriter
{
    public const string Heading = "txnidx,date,date2,status,code,description,comment,account,amount,commodity,credit,"
        + "debit,posting-status,posting-comment,base-amount,base-commodity,id";

    private long number;

    public void Begin(ExportedCompany company) => text.Write($"{Heading}\r\n");

    public void Write(string id, JournalEntryPosted entry)
    {
        number++;
        var comment = entry.Reverses is null ? "" : $"reversal of {entry.Reverses}: {entry.Reason}";
        foreach (var line in entry.Lines)
        {
            var unit = line.UnitIn(entry.Currency);
            var amount = line.Side == Side.Debit ? line.Amount : -line.Amount;
            var worth = line.Side == Side.Debit ? line.InFunctionalCurrency() : -line.InFunctionalCurrency();
            var isForeign = unit != entry.Currency;
            Write(
                number.ToString(CultureInfo.InvariantCulture),
                entry.BookedOn.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture),
                "",
                "",
                entry.Reference ?? "",
                entry.Description,
                comment,
                AccountNames.FromCode(line.Account),
                Invariant(amount),
                unit.Value,
                amount < 0 ? Invariant(-amount) : "",
                amount < 0 ? "" : Invariant(amount),
                "",
                line.Memo ?? "",
                isForeign ? Invariant(worth) : "",
                isForeign ? entry.Currency.Value : "",
                id);
        }
    }

    public void Write(string id, JournalEntryReversed reversal)
    {
    }

    public void End(ExportedCompany company)
    {
    }

    private static string Invariant(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    private void Write(params ReadOnlySpan<string> fields)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            if (i > 0)
            {
                text.Write(',');
            }

            Write(fields[i]);
        }

        text.Write("\r\n");
    }

    private void Write(string field)
    {
        if (field.AsSpan().IndexOfAny(",\"\r\n;") < 0)
        {
            text.Write(field);
            return;
        }

        text.Write('"');
        text.Write(field.Replace("\"", "\"\"", StringComparison.Ordinal));
        text.Write('"');
    }
}
