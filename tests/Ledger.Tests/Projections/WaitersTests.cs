using Ledger.Projections;

namespace Ledger.Tests.Projections;

public sealed class WaitersTests
{
    [Fact]
    public async Task Who_waited_in_vain_or_gave_up_no_longer_waits()
    {
        var waiters = new Waiters();
        using var givenUp = new CancellationTokenSource();
        var patient = waiters.WaitAsync(7, TimeSpan.FromMinutes(1), default);
        var cancelled = waiters.WaitAsync(8, TimeSpan.FromMinutes(1), givenUp.Token);
        Assert.Equal(2, waiters.Count);

        Assert.False(await waiters.WaitAsync(9, TimeSpan.Zero, default));
        await givenUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Assert.Equal(1, waiters.Count);

        waiters.Reach(7);
        Assert.True(await patient);
        Assert.Equal(0, waiters.Count);
    }

    [Fact]
    public async Task Those_whose_sequence_is_reached_are_told_and_all_others_when_it_goes_no_further()
    {
        var waiters = new Waiters();
        var (near, far) = (waiters.WaitAsync(5, TimeSpan.FromMinutes(1), default),
            waiters.WaitAsync(6, TimeSpan.FromMinutes(1), default));

        waiters.Reach(5);
        Assert.True(await near);
        Assert.True(await waiters.WaitAsync(4, TimeSpan.Zero, default));
        Assert.False(far.IsCompleted);

        waiters.Stop();
        Assert.False(await far);
        Assert.False(await waiters.WaitAsync(6, TimeSpan.FromMinutes(1), default));
    }
}
