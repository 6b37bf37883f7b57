using Ledger.Benchmarks.Faults;

namespace Ledger.Tests.Faults;

/// <summary>
/// Two services run as processes on one private PostgreSQL, callers post to both, and something goes wrong in the
/// middle. All tests share the machinery, and each of them its invariants.
/// </summary>
public sealed class FaultTests(FaultTests.Machinery machinery) : IClassFixture<FaultTests.Machinery>
{
    private const int Seed = 20260131;
    private const int CallersCount = 6;
    private const int AcknowledgedMin = 30;

    /// <summary>In a test, so that there are months for all tests.</summary>
    private const int ClosingsMax = 8;
    private static readonly TimeSpan CloseEvery = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What callers may not notice, because services wait for it to pass.</summary>
    private static readonly string[] Quiet =
    [
        "SIGSTOP of a service, woken later", "appends held up by a lock", "clock that jumps back",
        "network to PostgreSQL slow", "network to callers slow", "pg_cancel_backend at random",
    ];

    private FaultyLedger Ledger => machinery.Ledger;

    public static TheoryData<string> Kinds => [.. FaultKinds.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Under_load_it_loses_nothing_doubles_nothing_and_never_acknowledges_what_is_unknown(string fault)
    {
        var kind = FaultKinds.All.Single(kind => kind.Name == fault);

        var hits = 0L;
        var told = await UnderLoadAsync(async random => hits = await kind.CauseAsync(Ledger, random));

        Assert.True(hits > 0, $"It hit nothing: {fault}");
        var noticed = told.Unknown + told.Unavailable + told.ReadsUnavailable;
        Assert.True(noticed > 0 || Quiet.Contains(fault), $"Nobody noticed: {fault}");
    }

    [Fact]
    public async Task Requests_that_the_network_sends_twice_and_in_another_order_are_recorded_once()
    {
        await UnderLoadAsync(async _ =>
        {
            foreach (var service in Ledger.Services)
            {
                service.ToCallers.CutAll();
                service.ToCallers.Duplicates = true;
                service.ToCallers.DelayMillisecondsMax = 20;
            }

            await Task.Delay(TimeSpan.FromSeconds(2));
            Assert.All(Ledger.Services, service => Assert.InRange(service.ToCallers.Doubled, 1, int.MaxValue));
            foreach (var service in Ledger.Services)
            {
                service.ToCallers.Duplicates = false;
                service.ToCallers.DelayMillisecondsMax = 0;
                service.ToCallers.CutAll();
            }
        });
    }

    [Fact]
    public async Task A_service_that_was_frozen_and_is_woken_writes_nothing_on_what_it_knew_before()
    {
        var (frozen, other) = (Ledger.Services[0], Ledger.Services[1]);
        var (told, months) = (new Told(), new Months(Machinery.Closed));
        var callers = new Callers([frozen, other], told, "frozen");
        Document Entry(string id) => Document.Entry(Machinery.Closed, id, "2010-01-15", 100);
        Assert.True(await callers.SendAsync(frozen, Entry("frozen-before")));

        // What is on its way when it freezes is decided on an open month, by what the service knows.
        var waiting = Enumerable.Range(0, 40).Select(i => callers.SendAsync(frozen, Entry($"frozen-{i}"))).ToArray();
        frozen.Freeze();
        Assert.True(await callers.SendAsync(other, Document.Closing(Machinery.Closed, months.Next!)));
        frozen.Wake();
        await Task.WhenAll(waiting);

        Assert.False(await callers.SendAsync(frozen, Entry("frozen-after")));
        Assert.InRange(told.Refused, 1, int.MaxValue);
        await callers.SettleAsync([Machinery.Closed], Seed);
        await machinery.LookAsync(told);
    }

    /// <summary>Callers post before, during and after it; then everything is looked at.</summary>
    private async Task<Told> UnderLoadAsync(Func<Random, Task> cause)
    {
        var (told, open, busy) = (new Told(), new Months(Machinery.Open), machinery.Busy);
        var (callers, next) = (new Callers(Ledger.Services, told, $"t{Guid.NewGuid():N}"), busy.Next);
        using var stop = new CancellationTokenSource();
        var calling = Task.WhenAll(
            callers.RunAsync(CallersCount, Seed, [open, busy], stop.Token),
            callers.CloseAsync(busy, CloseEvery, Seed, stop.Token, ClosingsMax));
        try
        {
            await AcknowledgedAsync(told, AcknowledgedMin);
            await cause(new Random(Seed));
            await Task.WhenAll(Ledger.Services.Select(async service =>
            {
                await service.RestartAsync();
                await callers.ProbeAsync(service, Machinery.Open);
            }));
            await AcknowledgedAsync(told, told.Acknowledged + AcknowledgedMin);
            await UntilAsync(() => busy.Next != next, "No month was closed.");
        }
        finally
        {
            await stop.CancelAsync();
            await calling;
        }

        await callers.SettleAsync([Machinery.Open, Machinery.Busied], Seed);
        await machinery.LookAsync(told);
        return told;
    }

    private static Task AcknowledgedAsync(Told told, int count) =>
        UntilAsync(() => told.Acknowledged >= count, $"Fewer than {count} were acknowledged.");

    private static async Task UntilAsync(Func<bool> holds, string orElse)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!holds())
        {
            Assert.False(patience.IsCancellationRequested, orElse);
            await Task.Delay(10);
        }
    }

    public sealed class Machinery : IAsyncLifetime
    {
        public const string Open = FaultKinds.OpenCompany;
        public const string Closed = "closed";
        public const string Busied = "busy";
        private readonly List<Told> before = [];

        /// <summary>Closed one after the other, over all tests.</summary>
        public Months Busy { get; } = new(Busied);

        public FaultyLedger Ledger { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Ledger = await FaultyLedger.StartAsync(2, Seed, [Open, Closed, Busied]);

            // The first entry of all is in a month that stays open.
            await new Callers(Ledger.Services, new Told(), "first").ProbeAsync(Ledger.Services[0], Open);
        }

        /// <summary>Looks at all that callers were told in this test, and in those before it on the same
        /// ledger.</summary>
        public async Task LookAsync(Told told)
        {
            Assert.Empty(await new Invariants(Ledger.Database, told, before).BrokenAsync());
            before.Add(told);
        }

        public async Task DisposeAsync() => await Ledger.DisposeAsync();
    }
}
