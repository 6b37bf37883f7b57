using Ledger.Benchmarks.Faults;

namespace Ledger.Tests.Faults;

public sealed class SoakTests
{
    [Fact]
    public async Task Some_seconds_of_the_long_run_break_nothing_and_are_told_in_figures()
    {
        var said = new List<string>();

        var report = await new Soak(TimeSpan.FromSeconds(4), 3, said.Add).RunAsync();

        Assert.Empty(report.Broken);
        Assert.InRange(report.Faults.Count, 1, FaultKinds.All.Count);
        Assert.InRange(report.Told.Acknowledged, 50, report.Told.Requests);
        var text = SoakCommand.Text(report);
        Assert.Contains(report.Faults[0].Name, text, StringComparison.Ordinal);
        Assert.EndsWith("and verify finds nothing.", text, StringComparison.Ordinal);
        Assert.Contains("findings: send the seed 3", SoakCommand.Text(report with { Broken = ["x"] }),
            StringComparison.Ordinal);
        Assert.NotEmpty(said);
    }

    [Fact]
    public async Task Whatever_ends_a_step_of_the_run_is_told_with_the_seed_and_all_else_is_still_looked_at()
    {
        var broken = new List<string>();
        await Soak.TryAsync(() => throw new KeyNotFoundException("no such document"), broken);
        await Soak.TryAsync(() => throw new TimeoutException("never"), broken);
        await Soak.TryAsync(() => Task.CompletedTask, broken);

        Assert.Equal(2, broken.Count);
        Assert.Contains("no such document", broken[0], StringComparison.Ordinal);
        Assert.Equal("never", broken[1]);
        Assert.EndsWith(
            "2 findings: send the seed 9 with them.",
            SoakCommand.Text(new(9, TimeSpan.Zero, new Told(), 0, [], 0, broken)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--minutes")]
    [InlineData("--minutes", "0")]
    [InlineData("--minutes", "1", "--seed", "x")]
    public async Task Options_that_cannot_be_read_are_refused(params string[] args) =>
        Assert.Equal(2, await SoakCommand.RunAsync(args));
}
