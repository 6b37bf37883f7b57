using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Tests.Golden;

/// <summary>
/// Events are permanent: each has a golden file of its JSON, fully filled, as production writes it. A file is never
/// changed but by added members; older forms that must still be read stay beside it as <c>name.1.json</c> and so on.
/// </summary>
public sealed class EventGoldenTests
{
    private const string Folder = "tests/Ledger.Tests/Golden/events";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Names => [.. EventCatalog.Ledger.Names];

    public static TheoryData<string> Files =>
        [.. new DirectoryInfo(Path.Combine(GoldenFile.Root, Folder)).GetFiles("*.json").Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_is_written_as_its_golden_file_says(string name) =>
        GoldenFile.Matches($"{Folder}/{name}.json", Pretty(Stored(SampleEvents.Of(name))));

    [Theory]
    [MemberData(nameof(Names))]
    public void An_event_is_read_back_as_it_was_written(string name)
    {
        var sample = SampleEvents.Of(name);
        Assert.Equal(sample, EventCatalog.Ledger.Read(name, Stored(sample)));
        Assert.Equal(name, EventCatalog.Ledger.NameOf(sample.GetType()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_sample_leaves_no_member_empty(string name)
    {
        var sample = SampleEvents.Of(name);
        Assert.Empty(EmptyMembers(sample, name));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_golden_file_old_or_new_is_read_as_an_event(string file)
    {
        var name = file.Split('.')[0];
        var json = File.ReadAllBytes(Path.Combine(GoldenFile.Root, Folder, file));
        Assert.IsType(EventCatalog.Ledger.TypeOf(name), EventCatalog.Ledger.Read(name, json));
    }

    [Fact]
    public void What_an_older_program_left_out_is_null_and_what_a_newer_one_added_is_passed_over()
    {
        var file = Path.Combine(GoldenFile.Root, Folder, "journal_entry_posted.1.json");
        Assert.Equal(
            new JournalEntryPosted(
                new LocalDate(2026, 1, 31), "", SmallBooks.Eur,
                [SmallBooks.Debit("602", 1200.00m), SmallBooks.Credit("503", 1200.00m)]),
            EventCatalog.Ledger.Read("journal_entry_posted", File.ReadAllBytes(file)));
    }

    [Fact]
    public void The_names_of_events_are_a_golden_list() => GoldenFile.Matches(
        "tests/Ledger.Tests/Golden/event-names.txt",
        string.Concat(EventCatalog.Ledger.Names.Select(name => name + "\n")));

    private static byte[] Stored(object sample) => EventCatalog.Ledger.ToStore(sample).Data.ToArray();

    private static string Pretty(byte[] json) => JsonNode.Parse(json)!.ToJsonString(Indented) + "\n";

    /// <summary>Members that are null in the event, or in every element of one of its lists.</summary>
    private static IEnumerable<string> EmptyMembers(object value, string path)
    {
        foreach (var property in value.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var member = property.GetValue(value);
            if (member is null)
            {
                yield return $"{path}.{property.Name}";
            }
            else if (member is System.Collections.IEnumerable items and not string)
            {
                var empty = items.Cast<object>()
                    .Where(item => item.GetType().IsClass && item is not string)
                    .Select(item => EmptyMembers(item, $"{path}.{property.Name}").ToHashSet())
                    .ToList();
                foreach (var name in empty.Count == 0 ? [] : empty.Aggregate((all, more) => [.. all.Intersect(more)]))
                {
                    yield return name;
                }
            }
            else if (property.PropertyType.IsClass && member is not string)
            {
                foreach (var name in EmptyMembers(member, $"{path}.{property.Name}"))
                {
                    yield return name;
                }
            }
        }
    }
}
