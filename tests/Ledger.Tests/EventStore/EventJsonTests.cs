using System.Reflection;
using System.Text;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Tests.EventStore;

public sealed class EventJsonTests
{
    private static readonly JournalEntryPosted Entry = new(
        new LocalDate(2026, 1, 31),
        "Наем \"януари\" / \t",
        new UnitCode("EUR"),
        [
            new(new AccountCode("Assets:Bank"), Side.Debit, 1_200.00m, Memo: "m"),
            new(
                new AccountCode("702"), Side.Credit, 1_000.10m, new UnitCode("USD"), 1_200.00m, 1.199880011m,
                Dimensions: ValueMap<string>.From([new("project", "x"), new("cost-center", "y")]),
                Resolved: new(new UnitCode("USD"), 1_200.00m)),
        ],
        EntryKind.Adjustment,
        Document: new("invoice", null, new LocalDate(2025, 12, 31), null));

    [Fact]
    public void An_event_is_written_as_it_will_be_read_for_ever() =>
        Assert.Equal(
            string.Concat("""
                {"bookedOn":"2026-01-31","description":"Наем \"януари\" / \t","currency":"EUR","lines":[
                {"account":"Assets:Bank","side":"debit","amount":"1200.00","memo":"m"},
                {"account":"702","side":"credit","amount":"1000.10","currency":"USD","baseAmount":"1200.00",
                "rate":"1.199880011","dimensions":{"cost-center":"y","project":"x"},
                "resolved":{"unit":"USD","baseAmount":"1200.00"}}],"kind":"adjustment",
                "document":{"type":"invoice","date":"2025-12-31"}}
                """.Split('\n')),
            Encoding.UTF8.GetString(EventCatalog.Ledger.ToStore(Entry).Data.Span));

    [Fact]
    public void An_event_is_read_back_equal_with_the_digits_of_its_amounts()
    {
        var read = (JournalEntryPosted)EventCatalog.Ledger.Read(
            "journal_entry_posted", EventCatalog.Ledger.ToStore(Entry).Data.Span);

        Assert.Equal(Entry, read);
        Assert.Equal("1200.00", read.Lines[0].Amount.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Members_are_read_in_any_order_and_unknown_ones_are_passed_over() =>
        Assert.Equal(
            new JournalEntryReversed("b", new LocalDate(2026, 2, 28), "typo", ReversalMethod.Red),
            EventCatalog.Ledger.Read("journal_entry_reversed", """
                {"method": "red", "new": {"deep": [1, {"by": "x"}]}, "by": "b", "reason": "typo", "old": null,
                 "\u0062ookedOn": "2026-02-28"}
                """u8));

    [Theory]
    [InlineData("""{"by": "b", "reason": "typo", "method": "red"}""", "bookedOn")]
    [InlineData("""{"by": "b", "bookedOn": "2026-02-30", "reason": "typo", "method": "red"}""", "A LocalDate is not")]
    [InlineData("""{"by": "b", "bookedOn": "2026-02-28", "reason": "typo", "method": "RED"}""", "mirror, red")]
    [InlineData("""{"by": 7, "bookedOn": "2026-02-28", "reason": "typo", "method": "red"}""", "Number")]
    [InlineData("""{"by": null, "bookedOn": "2026-02-28", "reason": "typo", "method": "red"}""", "'by' is null")]
    [InlineData("""{"by": "b", "bookedOn": null, "reason": "typo", "method": "red"}""", "LocalDate")]
    [InlineData("""["b"]""", "StartArray")]
    [InlineData("""{"by": """, "")]
    public void An_event_that_does_not_fit_its_record_is_named_with_what_is_wrong(string json, string says)
    {
        var recorded = new RecordedEvent(
            7, Guid.NewGuid(), "acme", "journal-entry/1", 2, "journal_entry_reversed", Encoding.UTF8.GetBytes(json),
            Instant.FromUnixTimeSeconds(0), null, null, null, null);

        var unreadable = Assert.Throws<UnreadableEventException>(() => EventCatalog.Ledger.Read(recorded));

        Assert.StartsWith(
            "Event 7 (version 2 of 'journal-entry/1' in 'acme') 'journal_entry_reversed' cannot be read:",
            unreadable.Message, StringComparison.Ordinal);
        Assert.Contains(says, unreadable.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("2026-02-30", unreadable.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_type_is_named_with_the_event_that_has_it()
    {
        var recorded = new RecordedEvent(
            7, Guid.NewGuid(), "acme", "pay-run/1", 1, "shift_planned", "{}"u8.ToArray(),
            Instant.FromUnixTimeSeconds(0), null, null, null, null);

        var unknown = Assert.Throws<UnknownEventException>(() => EventCatalog.Ledger.Read(recorded));

        Assert.Equal("shift_planned", unknown.Name);
        Assert.Contains("Event 7 (version 1 of 'pay-run/1' in 'acme')", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_events_of_one_name_and_an_event_without_a_name_are_refused()
    {
        Assert.Contains("month_closed", Assert.Throws<ArgumentException>(
            () => new EventCatalog([typeof(MonthClosed), typeof(MonthClosedToo)])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new EventCatalog([typeof(Nameless)]));
        Assert.Throws<ArgumentException>(() => EventCatalog.Ledger.ToStore(new Nameless()));
    }

    [Fact]
    public void An_event_whose_meaning_changed_is_read_as_the_event_of_today()
    {
        var catalog = new EventCatalog(
            [typeof(MonthClosed), typeof(MonthClosedV2)],
            Upcaster.From<MonthClosed, MonthClosedV2>(old => new(old.Month, "unknown")));

        Assert.Equal(new MonthClosedV2(3, "unknown"), catalog.Read("month_closed", """{"month": 3}"""u8));
        Assert.Equal(
            new MonthClosedV2(4, "ivan"), catalog.Read("month_closed_v2", """{"month": 4, "by": "ivan"}"""u8));
    }

    [Fact]
    public void Every_event_of_the_domain_is_written_alike_by_the_serializer_itself_and_by_the_code_made_for_records()
    {
        object[] events =
        [
            Entry,
            new CompanyRegistered(
                new CompanySettings("Acme", new UnitCode("EUR"), "BG", Digits: ValueMap<int>.From([new("HOUR", 2)])),
                "Europe/Sofia", new AnnualDate(7, 1)),
            new AccountOpened(
                new AccountCode("a"), new AccountDetails("n", AccountType.OffBalance, Requires: ["x"], BySign: true)),
        ];
        foreach (var e in events)
        {
            var json = EventCatalog.Ledger.ToStore(e).Data.Span;
            Assert.Equal(JsonSerializer.Serialize(e, e.GetType(), EventJson.Options), Encoding.UTF8.GetString(json));
            Assert.Equal(e, EventCatalog.Ledger.Read(EventCatalog.Ledger.NameOf(e.GetType()), json));
        }
    }

    [Fact]
    public void Every_event_and_every_record_in_it_has_the_fast_way()
    {
        var seen = new HashSet<Type>();
        var slow = new List<Type>();
        foreach (var name in EventCatalog.Ledger.Names)
        {
            Visit(EventCatalog.Ledger.TypeOf(name));
        }

        Assert.Contains(typeof(JournalLine), seen);
        Assert.Empty(slow);

        void Visit(Type type)
        {
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (!seen.Add(type) || type.Assembly != typeof(JournalLine).Assembly)
            {
                return;
            }

            var isRecordClass = type.IsClass && type.GetMethod("<Clone>$") is not null;
            var converter = EventJson.Records.GetConverter(type).GetType();
            if (isRecordClass && converter.Name != "RecordConverter`1" && converter != typeof(PersonalTextConverter))
            {
                slow.Add(type);
            }

            Array.ForEach(type.GenericTypeArguments, Visit);
            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                Visit(property.PropertyType);
            }
        }
    }

    [EventName("month_closed")]
    private sealed record MonthClosedToo(int Month);

    [EventName("month_closed_v2")]
    private sealed record MonthClosedV2(int Month, string By);

    private sealed record Nameless;
}
