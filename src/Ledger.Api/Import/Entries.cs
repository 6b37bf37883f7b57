using System.Globalization;
using Ledger.Domain;
using Ledger.Domain.Journals;

namespace Ledger.Api.Import;

internal static class Entries
{
    /// <summary>
    /// An entry in one line, for people: date, description, and what was debited in the functional currency.
    /// </summary>
    public static string Describe(JournalEntryPosted entry)
    {
        var total = entry.Lines.Where(line => line.Side == Side.Debit).Sum(line => line.InFunctionalCurrency());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.BookedOn:uuuu-MM-dd} {Texts.Shown(entry.Description)} {total} {entry.Currency}");
    }
}
