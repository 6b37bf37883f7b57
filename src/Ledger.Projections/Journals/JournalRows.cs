using System.Text.Json;
using Ledger.Domain.Journals;
using Ledger.EventStore;

namespace Ledger.Projections.Journals;

/// <summary>The rows of an entry and its lines.</summary>
internal static class JournalRows
{
    public static void Add(
        CopyBuffer entries, CopyBuffer lines, in LoggedEvent at, JournalEntryPosted posted, int fiscalYear, long number)
    {
        if (!at.Stream.StartsWith(EntryIds.StreamPrefix, StringComparison.Ordinal))
        {
            throw new FormatException(
                $"An entry stands in the stream '{at.Stream}' instead of '{EntryIds.StreamPrefix}…'.");
        }

        var kind = (short)(posted.Kind ?? EntryKind.Normal);
        var total = 0m;
        for (var i = 0; i < posted.Lines.Count; i++)
        {
            total += AddLine(lines, at, posted, posted.Lines[i], i + 1, kind);
        }

        entries.Row(30)
            .Text(at.Company).Long(at.Position).Long(at.Sequence).Long(at.Recorded)
            .Text(at.Stream[EntryIds.StreamPrefix.Length..])
            .Int(fiscalYear).Long(number)
            .Date(posted.BookedOn).Text(posted.Description).Text(posted.Reference).Short(kind)
            .Text(posted.Document?.Type).Text(posted.Document?.Number)
            .Date(posted.Document?.Date).Text(posted.Document?.Sha256)
            .Text(posted.Counterparty).Date(posted.ReverseOn)
            .Text(posted.Corrects).Text(posted.Reverses).Text(posted.Reason)
            .Text(posted.Method switch { null => null, ReversalMethod.Red => "red", _ => "mirror" })
            .Text(posted.Currency.Value).Int(posted.Lines.Count).Numeric(total)
            .Text(at.Actor).Text(at.Correlation).Text(at.Causation);
        if (posted.CounterpartyPerson is { } person)
        {
            entries.Text(person.Person)
                .Jsonb(JsonSerializer.SerializeToUtf8Bytes(person, EventJson.Options)).Uuid(at.Id);
        }
        else
        {
            entries.Null().Null().Null();
        }
    }

    private static decimal AddLine(
        CopyBuffer lines, in LoggedEvent at, JournalEntryPosted posted, JournalLine line, int lineNumber, short kind)
    {
        var amount = line.Amount;
        var baseAmount = line.InFunctionalCurrency();
        var debit = line.Side == Side.Debit;
        lines.Row(13)
            .Text(at.Company).Long(at.Position).Int(lineNumber)
            .Date(posted.BookedOn).Short(kind)
            .Text(line.Account.Value).Text(line.UnitIn(posted.Currency).Value)
            .Numeric(debit ? amount : 0m).Numeric(debit ? 0m : amount)
            .Numeric(debit ? baseAmount : 0m).Numeric(debit ? 0m : baseAmount)
            .Text(line.Memo).Json(line.Dimensions is { Count: > 0 } dimensions ? dimensions : null);
        return debit ? baseAmount : 0m;
    }
}
