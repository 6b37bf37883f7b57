using Ledger.Domain;
using Ledger.EventStore;

namespace Ledger.Tests.EventStore;

[EventName("month_closed")]
public sealed record MonthClosed(int Month);

[EventName("entry_posted")]
public sealed record EntryPosted(int Month, string Text);

/// <summary>The smallest books that can go wrong: entries that belong to a month, and months that are closed.</summary>
internal static class MonthBooks
{
    public static readonly EventCatalog Catalog = new([typeof(MonthClosed), typeof(EntryPosted)]);
    public static readonly Refusal Closed = new("period-closed", "The month is closed.");
    public static readonly Refusal Different = new("entry-exists", "Another entry has this id.");
    public static readonly Refusal Unknown = new("entry-unknown", "There is no such entry.");
    public static readonly RequestMetadata Who = new("user:tester", null, null, null);

    public static readonly Fold<ValueList<int>> Months =
        new([], (closed, e) => e is MonthClosed each ? [.. closed, each.Month] : closed);

    public static readonly Fold<EntryPosted?> Entry = new(null, (_, e) => (EntryPosted)e);

    public static Func<Reading, ValueTask<Verdict<string>>> Post(string id, int month, string text = "rent") =>
        async reading =>
        {
            var (posted, version) = await reading.NewDocumentAsync($"entry/{id}", Entry);
            var asked = new EntryPosted(month, text);
            if (version > 0)
            {
                return posted == asked ? Verdict.Nothing(id) : Different;
            }

            var (closed, _) = await reading.StateAsync("months", Months);
            return closed.Contains(month) ? Closed : Verdict.Append(id, ($"entry/{id}", [asked]));
        };

    /// <summary>Posts an entry that must come after another one, as a correction does.</summary>
    public static Func<Reading, ValueTask<Verdict<string>>> Follow(string id, string? after) => async reading =>
    {
        var (_, version) = await reading.NewDocumentAsync($"entry/{id}", Entry);
        if (version > 0)
        {
            return Verdict.Nothing(id);
        }

        return after is not null && (await reading.DocumentAsync($"entry/{after}", Entry)).Version == 0
            ? Unknown
            : Verdict.Append(id, ($"entry/{id}", [new EntryPosted(1, after ?? "first")]));
    };

    public static Func<Reading, ValueTask<Verdict<string>>> Close(int month) => async reading =>
    {
        var (closed, _) = await reading.StateAsync("months", Months);
        return closed.Contains(month)
            ? Verdict.Nothing("closed")
            : Verdict.Append("closed", ("months", [new MonthClosed(month)]));
    };

    public static Task<Transacted<string>> PostAsync(
        this Transact books, string company, string id, int month, string text = "rent") =>
        books.RunAsync(company, Who, Post(id, month, text));

    public static Task<Transacted<string>> CloseAsync(this Transact books, string company, int month) =>
        books.RunAsync(company, Who, Close(month));
}
