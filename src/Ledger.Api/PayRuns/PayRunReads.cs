using System.Runtime.CompilerServices;
using Ledger.Domain.PayGroups;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>An employee's payslip in a run.</summary>
public sealed record RunPayslip(string Employee, PayslipState State);

/// <summary>Reads the payslips of a run from their streams, some hundred at once.</summary>
public sealed class PayRunReads(Store store, PayRunFacts facts)
{
    private const int ChunkPayslips = 500;

    /// <summary>In the order of employees; also those whose payslip failed or was withdrawn.</summary>
    /// <param name="company">Whose run it is.</param>
    /// <param name="run">Its id.</param>
    /// <param name="after">An employee behind whom to begin.</param>
    /// <param name="knownAtSequence">Nothing recorded after it counts.</param>
    /// <param name="ct">Gives up.</param>
    public async IAsyncEnumerable<RunPayslip> PayslipsAsync(
        string company, string run, string? after = null, long? knownAtSequence = null,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var ids = await facts.IdsAsync(company, Streams.Payslips(run), ct);
        foreach (var chunk in ids.Where(id => string.CompareOrdinal(id, after) > 0).Chunk(ChunkPayslips))
        {
            var streams = await store.ReadStreamsAsync(
                company, [.. chunk.Select(id => new StreamPosition(Streams.Payslip(run, id), 0))], ct);
            for (var i = 0; i < chunk.Length; i++)
            {
                yield return new(chunk[i], facts.Fold(Streams.PayslipFold, streams[i], knownAtSequence));
            }
        }
    }

    /// <summary>All payslips of an employee, as far as they were known at a sequence.</summary>
    public async Task<IReadOnlyList<(string Run, PayRun State, Payslip Slip)>> OfEmployeeAsync(
        string company, string employee, long? knownAtSequence, CancellationToken ct)
    {
        var runs = await facts.RunsAsync(company, knownAtSequence, ct);
        var streams = await store.ReadStreamsAsync(
            company, [.. runs.Select(run => new StreamPosition(Streams.Payslip(run.Key, employee), 0))], ct);
        return
        [
            .. runs.Zip(streams, (run, events) => (
                    run.Key, run.Value, facts.Fold(Streams.PayslipFold, events, knownAtSequence).Slip))
                .Where(each => each.Slip is not null)
                .Select(each => (each.Key, each.Value, each.Slip!)),
        ];
    }

    /// <summary>The lines of the run's entry, and the hash of the payslips that they are of.</summary>
    public async Task<PayRunBooking> BookingAsync(
        string company, string run, PayGroupDetails group, CancellationToken ct)
    {
        var posting = new PayRunPosting(group);
        using var hash = new SlipHash();
        await foreach (var (employee, state) in PayslipsAsync(company, run, ct: ct))
        {
            hash.Add(employee, state.Slip);
            if (state.Slip is { } slip)
            {
                posting.Add(slip);
            }
        }

        return new(posting.Lines(), hash.Sha256());
    }

    /// <summary>What each payslip pays, in the order of employees, and whether there is an account on that
    /// day.</summary>
    public async IAsyncEnumerable<Payment> PaymentsAsync(
        string company, string run, LocalDate payOn, string? after = null, long? knownAtSequence = null,
        [EnumeratorCancellation] CancellationToken ct = default)
    {
        var slips = PayslipsAsync(company, run, after, knownAtSequence, ct).Where(each => each.State.Slip is not null);
        await foreach (var chunk in slips.Chunk(ChunkPayslips).WithCancellation(ct))
        {
            var employees = await store.ReadStreamsAsync(
                company, [.. chunk.Select(each => new StreamPosition(Streams.Employee(each.Employee), 0))], ct);
            for (var i = 0; i < chunk.Length; i++)
            {
                var employee = facts.Fold(Streams.EmployeeFold, employees[i], knownAtSequence);
                yield return new(
                    chunk[i].Employee, chunk[i].State.Slip!.Net(),
                    employee.BankAccountOn(payOn) is { Details.Account.IsErased: false });
            }
        }
    }
}
