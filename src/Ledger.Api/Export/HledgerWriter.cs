using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Journals;

namespace Ledger.Api.Export;

/// <summary>
/// Writes a journal of hledger. An amount that is not in the functional currency has its base amount as its total cost,
/// so that hledger balances the transaction as the books do.
/// </summary>
/// <remarks> A difference of exchange has an amount of 0 and a base amount, which a journal cannot say: the base amount
/// goes to an account of its own, <see cref="ExchangeDifferences"/>, and all others keep the balances that the books
/// have. </remarks>
internal sealed class HledgerWriter(TextWriter text) : IBooksWriter
{
    public const string ExchangeDifferences = "equity:exchange differences";

    private readonly Dictionary<UnitCode, decimal> unpriced = [];

    public void Begin(ExportedCompany company)
    {
        text.WriteLine($"; {HledgerNames.OneLine(company.Company.Settings!.Name)}, in {company.Currency}");
        text.WriteLine();
        foreach (var (unit, digits) in company.Units)
        {
            var zeros = digits == 0 ? "" : new string('0', digits);
            text.WriteLine($"commodity 1000.{zeros} {HledgerNames.Commodity(unit)}");
        }

        text.WriteLine();
        foreach (var account in company.Accounts)
        {
            var name = HledgerNames.Account(account.Code);
            var type = account.Details.Type switch
            {
                AccountType.Asset => "  ; type:A",
                AccountType.Liability => "  ; type:L",
                AccountType.Equity => "  ; type:E",
                AccountType.Income => "  ; type:R",
                AccountType.Expense => "  ; type:X",
                _ => "",
            };
            text.WriteLine($"account {name}{type}");
        }

        text.WriteLine();
    }

    public void Write(string id, JournalEntryPosted entry)
    {
        NoteUnpriced(entry);
        text.Write(entry.BookedOn.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture));
        text.Write(' ');
        text.Write(HledgerNames.Heading(entry.Description, entry.Reference));
        if (entry.Reverses is not null)
        {
            text.Write($"  ; reversal of {entry.Reverses}: {HledgerNames.OneLine(entry.Reason ?? "")}");
        }

        text.WriteLine();
        foreach (var line in entry.Lines)
        {
            Write(line, entry.Currency);
        }

        text.WriteLine();
    }

    public void Write(string id, JournalEntryReversed reversal)
    {
    }

    public void End(ExportedCompany company)
    {
    }

    private static string Invariant(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

    /// <summary>Sums what has no price: where it does not balance by itself, its price of 0 must be written.</summary>
    private void NoteUnpriced(JournalEntryPosted entry)
    {
        unpriced.Clear();
        foreach (var line in entry.Lines)
        {
            if (line.UnitIn(entry.Currency) is var unit && unit != entry.Currency && line.InFunctionalCurrency() == 0)
            {
                unpriced[unit] = unpriced.GetValueOrDefault(unit) + Signed(line, line.Amount);
            }
        }
    }

    private void Write(JournalLine line, UnitCode currency)
    {
        var unit = line.UnitIn(currency);
        var worth = line.InFunctionalCurrency();
        var amount = Invariant(Signed(line, line.Amount));
        text.Write($"    {HledgerNames.Account(line.Account)}  {amount} {HledgerNames.Commodity(unit)}");
        if (unit != currency && line.Amount != 0 && (worth != 0 || unpriced[unit] != 0))
        {
            text.Write($" @@ {Invariant(Math.Abs(worth))} {HledgerNames.Commodity(currency)}");
        }

        WriteMemo(line.Memo);
        if (line.Amount == 0)
        {
            text.WriteLine(
                $"    {ExchangeDifferences}  {Invariant(Signed(line, worth))} {HledgerNames.Commodity(currency)}");
        }
    }

    private void WriteMemo(string? memo)
    {
        var lines = memo?.Split('\n') ?? [];
        for (var i = 0; i < lines.Length; i++)
        {
            text.Write($"{(i == 0 ? "" : "\n      ")}  ; {HledgerNames.OneLine(lines[i])}");
        }

        text.WriteLine();
    }

    private static decimal Signed(JournalLine line, decimal amount) => line.Side == Side.Debit ? amount : -amount;
}
