using Ledger.Projections;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Audit;

/// <summary>A verification in this process.</summary>
internal sealed class VerificationRun(Instant started) : IProgress<ProjectionProgress>
{
    private volatile ProjectionProgress progress = new("waiting to begin", 0, 0);
    private volatile VerificationOutcome? outcome;

    public Instant Started { get; } = started;

    /// <summary>By a clock that nobody sets, as <see cref="VerificationOutcome.At"/>.</summary>
    public long Began { get; } = TimeProvider.System.GetTimestamp();

    public ProjectionProgress Progress => progress;

    /// <summary>Null while it runs.</summary>
    public VerificationOutcome? Outcome
    {
        get => outcome;
        set => outcome = value;
    }

    public void Report(ProjectionProgress value) => progress = value;
}

/// <summary>How a verification ended.</summary>
/// <param name="Report">Null where it broke off.</param>
/// <param name="Failure">Why it did, for whoever asks.</param>
/// <param name="At">When it ended, by a clock that nobody sets.</param>
internal sealed record VerificationOutcome(Instant Ended, FullReport? Report, string? Failure, long At);

/// <summary>
/// Verifies the whole ledger in the service: one verification at a time, whoever asks, with a pause after each that is
/// as long as it took, so that at most half of the time goes into it. What the last one came to stays until the next;
/// a verification ends with the service.
/// </summary>
/// <param name="pauseSeconds">As <see cref="PauseOf"/> reads them.</param>
internal sealed partial class VerificationRuns(LedgerHost ledger, int pauseSeconds, ILogger<VerificationRuns> log)
    : IHostedService, IDisposable
{
    /// <summary>Seconds for which another one cannot be begun, at least.</summary>
    public const string PauseSetting = "Audit:VerificationPauseSeconds";

    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly TimeSpan pause = TimeSpan.FromSeconds(pauseSeconds);

    private VerificationRun? last;
    private Task running = Task.CompletedTask;

    /// <exception cref="SetUpException">The setting cannot be read.</exception>
    public static int PauseOf(IConfiguration configuration) =>
        WholeSetting.Read(configuration, PauseSetting, byDefault: 60, least: 0, most: 86_400);

    /// <summary>The one that runs, or ran last; the first who asks begins one.</summary>
    /// <param name="another">Begins another unless one runs.</param>
    /// <exception cref="RequestException">The last one has only just ended.</exception>
    public VerificationRun Find(bool another)
    {
        lock (gate)
        {
            if (last is { } known && (known.Outcome is null || !another))
            {
                return known;
            }

            if (last is { Outcome: { } outcome } && StillPauses(last.Began, outcome.At) is var left
                && left > TimeSpan.Zero)
            {
                var earliest = Now() + Duration.FromTimeSpan(left);
                throw new RequestException(RequestProblems.Of(
                    RequestProblems.VerificationTooSoon,
                    $"The last verification ended at {Text(outcome.Ended)}. Send this again from {Text(earliest)} on, "
                        + "or leave out new to read what it came to.") with
                {
                    RetryAfter = (int)Math.Ceiling(left.TotalSeconds),
                });
            }

            var run = last = new(Now());
            running = Task.Run(() => RunAsync(run));
            return run;
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing of a verification that runs is left behind.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        Task begun;
        lock (gate)
        {
            begun = running;
        }

        await begun.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    private TimeSpan StillPauses(long began, long ended)
    {
        var took = TimeProvider.System.GetElapsedTime(began, ended);
        return (took > pause ? took : pause) - TimeProvider.System.GetElapsedTime(ended);
    }

    /// <summary>To the microsecond, as all instants are shown.</summary>
    private Instant Now() => Instant.FromUnixTimeTicks(
        ledger.Clock.GetCurrentInstant().ToUnixTimeTicks() / TimeSpan.TicksPerMicrosecond
            * TimeSpan.TicksPerMicrosecond);

    private static string Text(Instant instant) => InstantPattern.ExtendedIso.Format(instant);

    private async Task RunAsync(VerificationRun run)
    {
        FullReport? report = null;
        string? failure = null;
        try
        {
            report = await FullVerification.RunAsync(ledger, [], run, stopping.Token);
        }
        catch (ProjectionException refused)
        {
            failure = refused.ForCallers;
        }
        catch (OperationCanceledException)
        {
            failure = "The service stopped: begin another with new=true.";
        }
        catch (Exception fault)
        {
            // The service goes on. What the fault says may be another company's.
            BrokeOff(fault);
            failure = "It broke off; the log of the service says why. Begin another with new=true.";
        }

        run.Outcome = new(Now(), report, failure, TimeProvider.System.GetTimestamp());
    }

    [LoggerMessage(LogLevel.Error, "A verification broke off.")]
    private partial void BrokeOff(Exception fault);
}
