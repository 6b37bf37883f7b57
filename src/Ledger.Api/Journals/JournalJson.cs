using System.Runtime.InteropServices;
using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Api.Journals;

/// <summary>Reads entries and reversals as callers send them.</summary>
public static class JournalJson
{
    private const string IdField = "id";

    private static readonly string[] EntryNames =
    [
        "bookedOn", "description", "reference", "lines", "kind", "document", "counterparty", "reverseOn", "corrects",
    ];

    private static readonly Members Entry = new(EntryNames);

    private static readonly Members EntryWithId = new([IdField, .. EntryNames]);

    private static readonly Members Line = new(
        "account", "side", "amount", "currency", "baseAmount", "rate", "memo", "dimensions");

    private static readonly Members Person = new("person", "name");

    private static readonly Members Document = new("type", "number", "date", "sha256");

    private static readonly Members Reversal = new("bookedOn", "reason", "method");

    [ThreadStatic]
    private static List<JournalLine>? lines;

    /// <summary>An entry whose id stands in the path.</summary>
    public static PostJournalEntry ReadEntry(ref JsonInput input, string id) => ReadEntry(ref input, Entry, id);

    /// <summary>An entry of a batch or file, with its id among its fields.</summary>
    public static PostJournalEntry ReadEntryWithId(ref JsonInput input, int unused) =>
        ReadEntry(ref input, EntryWithId, null);

    /// <summary>The same, but an entry without an id has the empty one.</summary>
    public static PostJournalEntry ReadEntryOfFile(ref JsonInput input, int unused) =>
        ReadEntry(ref input, EntryWithId, "");

    public static ReverseJournalEntry ReadReversal(ref JsonInput input, string id)
    {
        LocalDate? bookedOn = null;
        string? reason = null;
        ReversalMethod? method = null;
        var seen = input.Object();
        while (input.Next(Reversal, ref seen))
        {
            switch (Reversal[seen.Last])
            {
                case "bookedOn":
                    bookedOn = input.Date();
                    break;
                case "reason":
                    reason = input.Text();
                    break;
                case "method":
                    method = input.Null() ? null : input.One(Choice<ReversalMethod>.Instance);
                    break;
            }
        }

        return new(
            id, bookedOn ?? throw input.Missing("bookedOn"), reason ?? throw input.Missing("reason"), method);
    }

    private static PostJournalEntry ReadEntry(ref JsonInput input, Members members, string? id)
    {
        LocalDate? bookedOn = null, reverseOn = null;
        string? description = null, reference = null, counterparty = null, corrects = null;
        ValueList<JournalLine>? entryLines = null;
        EntryKind? kind = null;
        EntryDocument? document = null;
        PersonalText? person = null;
        var seen = input.Object();
        while (input.Next(members, ref seen))
        {
            switch (members[seen.Last])
            {
                case IdField:
                    id = input.Text();
                    break;
                case "bookedOn":
                    bookedOn = input.Date();
                    break;
                case "description":
                    description = input.Text();
                    break;
                case "reference":
                    reference = input.Null() ? null : input.Text();
                    break;
                case "lines":
                    entryLines = ReadLines(ref input);
                    break;
                case "kind":
                    kind = input.Null() ? null : input.One(Choice<EntryKind>.Instance);
                    break;
                case "document":
                    document = input.Null() ? null : ReadDocument(ref input);
                    break;
                case "counterparty":
                    if (input.IsObject())
                    {
                        person = ReadPerson(ref input);
                    }
                    else
                    {
                        counterparty = input.Null() ? null : input.Text();
                    }

                    break;
                case "reverseOn":
                    reverseOn = input.Null() ? null : input.Date();
                    break;
                case "corrects":
                    corrects = input.Null() ? null : input.Text();
                    break;
            }
        }

        return new(
            id ?? throw input.Missing(IdField),
            bookedOn ?? throw input.Missing("bookedOn"),
            description ?? throw input.Missing("description"),
            entryLines ?? throw input.Missing("lines"),
            kind,
            reference,
            document,
            counterparty,
            reverseOn,
            corrects,
            person);
    }

    /// <summary>A counterparty who is a natural person; without a name where it was erased elsewhere.</summary>
    private static PersonalText ReadPerson(ref JsonInput input)
    {
        string? id = null, name = null;
        var seen = input.Object();
        while (input.Next(Person, ref seen))
        {
            if (Person[seen.Last] == "person")
            {
                id = input.Text();
            }
            else
            {
                name = input.Null() ? null : input.Text();
            }
        }

        return id is null ? throw input.Missing("person")
            : name is null ? PersonalText.Erased(id, Purpose.Bookkeeping)
            : PersonalText.Open(id, Purpose.Bookkeeping, name);
    }

    private static ValueList<JournalLine> ReadLines(ref JsonInput input)
    {
        var read = lines ??= [];
        read.Clear();
        var count = 0;
        while (input.NextItem(ref count))
        {
            if (read.Count == JournalDecider.LinesMax)
            {
                throw new RequestException(Http.ProblemOf(JournalRefusals.TooManyLines(JournalDecider.LinesMax)));
            }

            read.Add(ReadLine(ref input));
        }

        return ValueList.Create<JournalLine>(CollectionsMarshal.AsSpan(read));
    }

    private static JournalLine ReadLine(ref JsonInput input)
    {
        string? account = null, currency = null, memo = null;
        Side? side = null;
        decimal? amount = null, baseAmount = null, rate = null;
        ValueMap<string>? dimensions = null;
        var seen = input.Object();
        while (input.Next(Line, ref seen))
        {
            switch (Line[seen.Last])
            {
                case "account":
                    account = input.Text();
                    break;
                case "side":
                    side = input.One(Choice<Side>.Instance);
                    break;
                case "amount":
                    amount = input.Amount();
                    break;
                case "currency":
                    currency = input.Null() ? null : input.Text();
                    break;
                case "baseAmount":
                    baseAmount = input.Null() ? null : input.Amount();
                    break;
                case "rate":
                    rate = input.Null() ? null : input.Amount();
                    break;
                case "memo":
                    memo = input.Null() ? null : input.Text();
                    break;
                case "dimensions":
                    dimensions = input.Null() ? null : input.Map(static (ref JsonInput value, int _) => value.Text());
                    break;
            }
        }

        return new(
            new AccountCode(account ?? throw input.Missing("account")),
            side ?? throw input.Missing("side"),
            amount ?? throw input.Missing("amount"),
            currency is null ? null : new UnitCode(currency),
            baseAmount,
            rate,
            memo,
            dimensions);
    }

    private static EntryDocument ReadDocument(ref JsonInput input)
    {
        string? type = null, number = null, sha256 = null;
        LocalDate? date = null;
        var seen = input.Object();
        while (input.Next(Document, ref seen))
        {
            switch (Document[seen.Last])
            {
                case "type":
                    type = input.Null() ? null : input.Text();
                    break;
                case "number":
                    number = input.Null() ? null : input.Text();
                    break;
                case "date":
                    date = input.Null() ? null : input.Date();
                    break;
                case "sha256":
                    sha256 = input.Null() ? null : input.Text();
                    break;
            }
        }

        return new(type, number, date, sha256);
    }
}
