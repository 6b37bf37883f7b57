using Ledger.EventStore;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class ConditionTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Theory]
    [InlineData("known", 1, "Appended")]
    [InlineData("known", 0, "Moved")]
    [InlineData("known", 2, "Moved")]
    [InlineData("unknown", 0, "Appended")]
    [InlineData("unknown", 1, "Moved")]
    public async Task A_version_condition_holds_for_exactly_the_version_of_the_stream(
        string stream, long version, string expected)
    {
        await using var store = new Store(database.Source);
        var company = $"version-{stream}-{version}";
        await store.AppendAsync(Of(company, To("known", 0)));

        var result = await store.AppendAsync(Of(company, To("entry", 0), new VersionCondition(stream, version)));

        Assert.Equal(expected, Kind(result));
        Assert.Equal(
            expected == "Appended" ? ["known@1", "entry@1"] : ["known@1"], await database.EventsOf(company));
    }

    [Theory]
    [InlineData(0, "Appended")]
    [InlineData(1, "Moved")]
    public async Task A_write_is_recorded_only_on_the_version_it_was_decided_on(long expected, string result)
    {
        await using var store = new Store(database.Source);
        var company = $"expected-{expected}";
        Assert.Equal(result, Kind(await store.AppendAsync(Of(company, To("stream", expected)))));
        Assert.Equal("Moved", Kind(await store.AppendAsync(Of(company, To("stream", 5)))));
    }

    [Fact]
    public async Task A_request_with_several_writes_is_recorded_whole_or_not_at_all()
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("whole", To("old", 0)));

        Assert.Equal("Moved", Kind(await store.AppendAsync(Of("whole", [To("new", 0), To("old", 2)]))));
        Assert.Equal("Moved", Kind(await store.AppendAsync(Of("whole", [To("new", 0), To("old", 0)]))));
        Assert.Equal(
            "Appended", Kind(await store.AppendAsync(Of("whole", [To("new", 0, Event(), Event()), To("old", 1)]))));

        Assert.Equal(["old@1", "new@1", "new@2", "old@2"], await database.EventsOf("whole"));
    }

    [Fact]
    public async Task Conditions_of_one_company_say_nothing_about_another()
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("one", To("months", 0)));

        Assert.Equal(
            "Appended",
            Kind(await store.AppendAsync(Of("another", To("months", 0), new VersionCondition("chart", 0)))));
    }

    [Fact]
    public async Task A_tail_condition_holds_while_none_of_its_types_was_recorded_in_the_company_since()
    {
        await using var store = new Store(database.Source);
        var before = await AppendOneAsync(store, "tail", "closed");
        var after = await AppendOneAsync(store, "tail", "posted");
        await AppendOneAsync(store, "another", "reopened");
        var entry = 0;

        async Task<string> With(long sequence, params string[] types) => Kind(await store.AppendAsync(
            Of("tail", To($"entry/{++entry}", 0, Event("checked")), new TailCondition(types, sequence))));

        Assert.Equal("Appended", await With(after, "posted", "closed", "reopened"));
        Assert.Equal("Appended", await With(before, "closed", "reopened"));
        Assert.Equal("Moved", await With(before, "closed", "posted"));
        Assert.Equal("Moved", await With(before - 1, "closed"));
    }

    [Fact]
    public async Task A_tail_condition_older_than_ten_thousand_events_counts_as_moved()
    {
        await using var store = new Store(database.Source);
        var seen = await AppendOneAsync(store, "old", "posted");
        NewEvent[] thousand = [.. Enumerable.Range(0, 1_000).Select(_ => Event("other"))];
        for (var i = 0; i < 10; i++)
        {
            await store.AppendAsync(Of("old", To($"bulk/{i}", 0, thousand)));
        }

        var tail = new TailCondition(["posted"], seen);
        Assert.Equal("Appended", Kind(await store.AppendAsync(Of("old", To("a", 0, Event("other")), tail))));
        Assert.Equal("Moved", Kind(await store.AppendAsync(Of("old", To("b", 0, Event("other")), tail))));
    }

    [Fact]
    public async Task What_moved_within_the_same_batch_is_answered_moved_and_the_rest_of_the_batch_is_recorded()
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("batch", To("months", 0, Event("closed"))));
        var head = await store.HeadAsync();
        Task<AppendResult>[] results;
        await using (await HeldAppends.OfAsync(database, store))
        {
            results =
            [
                .. new[]
                {
                    Of("batch", To("before", 0), new VersionCondition("months", 1)),
                    Of("batch", To("after", 0), new VersionCondition("months", 1)),
                    Of("batch", To("months", 1, Event("closed"))),
                    Of("batch", To("months", 1, Event("closed"))),
                    Of("batch", To("tail", 0, Event("other")), new TailCondition(["closed"], head + 1)),
                    Of("batch", To("unrelated", 0, Event("closed"))),
                    Of("elsewhere", To("months", 0), new VersionCondition("chart", 0)),
                }.Select(request => store.AppendAsync(request).AsTask()),
            ];
            await HeldAppends.UntilWaitingAsync(store, results.Length);
        }

        // Those that name the months come first and go in; writing the months then has to wait for the next batch.
        Assert.Equal(
            ["Appended", "Appended", "Moved", "Moved", "Appended", "Moved", "Appended"],
            (await Task.WhenAll(results)).Select(Kind));
        Assert.Equal(["months@1", "before@1", "after@1", "tail@1"], await database.EventsOf("batch"));
    }

    [Fact]
    public async Task A_writer_that_comes_first_in_a_batch_makes_those_behind_it_decide_again()
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("first", To("months", 0, Event("closed"))));
        var head = await store.HeadAsync();
        Task<AppendResult>[] results;
        await using (await HeldAppends.OfAsync(database, store))
        {
            results =
            [
                .. new[]
                {
                    Of("first", To("months", 1, Event("closed"))),
                    Of("first", To("entry", 0), new VersionCondition("months", 1)),
                    Of("first", To("tail", 0, Event("other")), new TailCondition(["closed"], head + 1)),
                    Of("first", To("free", 0, Event("other"))),
                }.Select(request => store.AppendAsync(request).AsTask()),
            ];
            await HeldAppends.UntilWaitingAsync(store, results.Length);
        }

        Assert.Equal(["Appended", "Moved", "Moved", "Appended"], (await Task.WhenAll(results)).Select(Kind));
        Assert.Equal(["months@1", "months@2", "free@1"], await database.EventsOf("first"));
    }

    [Fact]
    public void Malformed_requests_are_refused_before_they_reach_the_queue()
    {
        var store = new Store(database.Source);
        NewEvent[] many = [.. Enumerable.Range(0, AppendRequest.EventsMax + 1).Select(_ => Event())];

        Assert.Throws<ArgumentException>(() => { _ = store.AppendAsync(Of("x", [])); });
        Assert.Throws<ArgumentException>(() => { _ = store.AppendAsync(Of("x", new Write("a", 0, []))); });
        Assert.Throws<ArgumentException>(() => { _ = store.AppendAsync(Of("x", [To("a", 0), To("a", 0)])); });
        Assert.Throws<ArgumentException>(() => { _ = store.AppendAsync(Of("x", To("a", 0, many))); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = store.AppendAsync(Of("x", To("a", -1))); });
        Assert.Equal(0, store.Statements);
    }

    private static async Task<long> AppendOneAsync(Store store, string company, string type)
    {
        var stream = $"{type}/{Guid.NewGuid()}";
        return ((AppendResult.Appended)await store.AppendAsync(Of(company, To(stream, 0, Event(type))))).LastSequence;
    }
}
