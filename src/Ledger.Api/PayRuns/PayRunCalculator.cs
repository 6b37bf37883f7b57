using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Api.Companies;
using Ledger.Domain;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;

namespace Ledger.Api.PayRuns;

/// <summary>How far a calculation in this process is.</summary>
/// <param name="Employees">Whom it has looked at.</param>
/// <param name="Payslips">Which it has made.</param>
/// <param name="Failed">Employees without one.</param>
public sealed record CalculationProgress(int Attempt, int Employees, int Payslips, int Failed)
{
    /// <summary>Why it came to nothing; null while it goes on, or when it is done.</summary>
    public string? Stopped { get; init; }

    /// <summary>The run has it as its last attempt that ended.</summary>
    public bool IsDone { get; init; }
}

/// <summary>
/// Calculates runs and records their payslips, a hundred or so in one request. Every request rests on the version of
/// the run that the attempt began with, so that nothing of an attempt is recorded once another has begun. A payslip
/// that comes to what is there stays as it is.
/// </summary>
public sealed class PayRunCalculator(LedgerHost ledger, PayRunFacts facts) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private const int TriesMax = 50;

    private readonly ConcurrentDictionary<(string Company, string Run), CalculationProgress> progress = new();

    private readonly ConcurrentDictionary<Task, bool> running = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>What stopped a calculation that nobody waits for.</summary>
    public event Action<string, Exception>? Faulted;

    public PayRunReads Reads { get; } = new(ledger.Store, facts);

    public PayRunQuestions Questions { get; } = new(ledger, facts);

    public PayRunSlips Slips { get; } = new(ledger.Store, facts);

    /// <summary>Null when this process has not calculated it.</summary>
    public CalculationProgress? ProgressOf(string company, string run) => progress.GetValueOrDefault((company, run));

    /// <summary>Whether this process is at it.</summary>
    public bool IsCalculating(string company, string run) =>
        ProgressOf(company, run) is { Stopped: null, IsDone: false };

    /// <summary>Carries out an attempt that began, while others go on; it ends with the process.</summary>
    public void RunInBackground(string company, string id, PayRun started, RequestMetadata who)
    {
        var task = Task.Run(() => RunAsync(company, id, started, who, stopping.Token));
        running.TryAdd(task, true);
        _ = task.ContinueWith(
            ended =>
            {
                running.TryRemove(ended, out _);
                if (ended.Exception is { } fault)
                {
                    Faulted?.Invoke(id, fault.GetBaseException());
                }
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        foreach (var task in running.Keys)
        {
            await task.ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        stopping.Dispose();
    }

    /// <summary>Begins an attempt; <see cref="RunAsync"/> carries it out.</summary>
    public async Task<Transacted<PayRun>> StartAsync(
        string company, string run, Approvals.Doer doer, RequestMetadata who,
        Func<Reading, ValueTask<Refusal?>> stands)
    {
        ArgumentNullException.ThrowIfNull(stands);
        var head = await ledger.Store.HeadAsync();
        return await ledger.Transact.RunAsync<PayRun>(company, who, async reading =>
        {
            var (settings, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
            return await stands(reading) is { } refusal ? refusal
                : !settings.Exists ? Domain.Companies.CompanyRefusals.Unknown()
                : await PayRunWrites.StartAsync(
                    new(run, head, CompanyWrites.TodayOf(settings, doer.Clock), doer.Caller.Holder), reading);
        });
    }

    /// <summary>Makes and records the payslips of an attempt that began.</summary>
    /// <param name="company">Whose run it is.</param>
    /// <param name="id">The run's.</param>
    /// <param name="started">As it was when the attempt had begun.</param>
    /// <param name="who">Stored beside each event.</param>
    /// <param name="ct">Gives up: nothing counts of an attempt that did not end.</param>
    /// <returns>The run as it is then, or what stopped it.</returns>
    public async Task<Transacted<PayRun>> RunAsync(
        string company, string id, PayRun started, RequestMetadata who, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(started);
        var attempt = started.Started!.Attempt;
        var at = new CalculationProgress(attempt, 0, 0, 0);
        progress[(company, id)] = at;
        try
        {
            var asKnown = await AsKnownAsync(company, id, started, ct);
            using var hash = new SlipHash();
            await foreach (var made in Slips.MakeAsync(asKnown, ct: ct))
            {
                if (await RecordAsync(company, id, started, made, who, ct) is { } stopped)
                {
                    return Ended(stopped);
                }

                foreach (var each in made)
                {
                    var slip = SlipAfter(each);
                    hash.Add(each.Employee, slip);
                    at = at with
                    {
                        Employees = at.Employees + 1,
                        Payslips = at.Payslips + (slip is null ? 0 : 1),
                        Failed = at.Failed + (each.Refusal is null ? 0 : 1),
                    };
                }

                progress[(company, id)] = at;
            }

            var command = new FinishPayRunCalculation(id, attempt, at.Payslips, at.Failed, hash.Sha256());
            return Ended(await ledger.Transact.RunAsync(
                company, who, reading => PayRunWrites.FinishAsync(command, reading)));
        }
        catch (Exception fault)
        {
            progress[(company, id)] = at with { Stopped = fault.GetType().Name };
            throw;
        }

        Transacted<PayRun> Ended(Transacted<PayRun> outcome)
        {
            progress[(company, id)] = outcome is Transacted<PayRun>.Done
                ? at with { IsDone = true } : at with { Stopped = outcome.GetType().Name };

            return outcome;
        }
    }

    /// <summary>What posting the run would book; nothing while it is not approved.</summary>
    public async Task<PayRunBooking> BookingAsync(string company, string id, CancellationToken ct)
    {
        var run = facts.Fold(
            Streams.PayRunFold, await ledger.Store.ReadStreamAsync(company, Streams.PayRun(id), 0, ct));
        return run.Approved is null ? new([], "")
            : await Reads.BookingAsync(company, id, (await AsKnownAsync(company, id, run, ct)).Group, ct);
    }

    /// <summary>The run with its group, as of what its attempt knows.</summary>
    public async Task<RunAsKnown> AsKnownAsync(string company, string id, PayRun run, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(run);
        var known = run.Started!.KnownAtSequence;
        var groups = facts.Fold(
            Streams.PayGroupsFold, await ledger.Store.ReadStreamAsync(company, Streams.PayGroups, 0, ct), known);
        var group = groups.Find(run.Details!.PayGroup)
            ?? throw new InvalidOperationException($"The pay group of the run {id} was not there when it began.");
        var law = await ledger.PackPublications.KnownAsync(group.Details.Pack, run.Started.LawKnownOn, known, ct);
        return new(company, id, run, group.Details, known, law);
    }

    /// <summary>Of an employee who is in the run as they are, what was stored; else what is made now.</summary>
    private static Payslip? SlipAfter(MadeSlip made) =>
        made.Refusal is not null || made.Slip is null ? null
        : made.Before.Slip == made.Slip ? made.Before.Slip : made.Slip;

    private async Task<Transacted<PayRun>?> RecordAsync(
        string company, string id, PayRun started, IReadOnlyList<MadeSlip> made, RequestMetadata who,
        CancellationToken ct)
    {
        var writes = new List<Write>();
        foreach (var each in made)
        {
            if (each.Before.Next(started.Started!.Attempt, each.Slip, each.Refusal) is { } @event)
            {
                writes.Add(new(
                    Streams.Payslip(id, each.Employee), each.Before.Version, [EventCatalog.Ledger.ToStore(@event)]));
            }
        }

        if (writes.Count == 0)
        {
            return null;
        }

        var request = new AppendRequest(
            company, writes, [new VersionCondition(Streams.PayRun(id), started.Version)], who);
        for (var tries = 0; ; tries++)
        {
            switch (await ledger.Store.AppendAsync(request))
            {
                case AppendResult.Appended:
                    return null;
                case AppendResult.Moved:
                    return new Transacted<PayRun>.Busy();
                case AppendResult.Poisoned poisoned:
                    return new Transacted<PayRun>.Poisoned(poisoned.SqlState, poisoned.Message);
                case AppendResult.Unknown unknown:
                    return new Transacted<PayRun>.Unknown(unknown.Why);
                case AppendResult.Unavailable unavailable when tries >= TriesMax:
                    return new Transacted<PayRun>.Unavailable(unavailable.Why);
            }

            await Task.Delay(Pause, ct);
        }
    }
}

/// <summary>The hash over the payslips of a run, in the order of employees.</summary>
public sealed class SlipHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <param name="employee">An id.</param>
    /// <param name="slip">Nothing is added without one.</param>
    public void Add(string employee, Payslip? slip)
    {
        if (slip is null)
        {
            return;
        }

        hash.AppendData(Encoding.UTF8.GetBytes(employee));
        hash.AppendData("\n"u8);
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(slip, EventJson.Options));
        hash.AppendData("\n"u8);
    }

    /// <summary>64 lower-case hexadecimal digits.</summary>
    public string Sha256() => Convert.ToHexStringLower(hash.GetCurrentHash());

    public void Dispose() => hash.Dispose();
}
