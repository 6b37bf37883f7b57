using Ledger.EventStore;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class AppendTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Fact]
    public async Task What_was_appended_is_read_back_whole()
    {
        await using var store = new Store(database.Source);
        var first = Event("a_happened", """{"x": "1.20"}""");
        var second = Event("b_happened", """{"текст": "да"}""");
        var who = new RequestMetadata("key:7", "corr", "cause", """{"ip": "::1"}""");

        var result = (AppendResult.Appended)await store.AppendAsync(
            new("whole", [new("things", 0, [first, second])], [], who));

        var events = await store.ReadStreamAsync("whole", "things");
        Assert.Equal(
            [
                new(result.FirstSequence, first.Id, "whole", "things", 1, "a_happened", events[0].Data,
                    result.Recorded, "key:7", "corr", "cause", """{"ip": "::1"}"""),
                new(result.LastSequence, second.Id, "whole", "things", 2, "b_happened", events[1].Data,
                    result.Recorded, "key:7", "corr", "cause", """{"ip": "::1"}"""),
            ],
            events);
        Assert.Equal("""{"x": "1.20"}"""u8, events[0].Data.Span);
        Assert.Equal("""{"текст": "да"}"""u8, events[1].Data.Span);
        Assert.Equal(result.FirstSequence + 1, result.LastSequence);
    }
}
