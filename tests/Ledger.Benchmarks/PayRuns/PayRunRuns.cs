using System.Diagnostics;
using Ledger.Api;
using Ledger.Api.PayRuns;
using Ledger.Domain;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using NodaTime;
using Npgsql;

namespace Ledger.Benchmarks.PayRuns;

/// <summary>
/// Whole pay runs in the database: calculated, approved and posted, of a thousand people and more, and a month that
/// pays a raise of the whole year late.
/// </summary>
internal static class PayRunRuns
{
    private const int Months = 12;
    private static readonly RequestMetadata Who = new("key:bench", null, null, null);

    public static BenchmarkGroup Group { get; } = new("pay-runs", RunAsync);

    private static async IAsyncEnumerable<BenchmarkRow> RunAsync(BenchmarkContext context)
    {
        foreach (var employees in context.Quick ? [1_000] : new[] { 1_000, 10_000, 100_000 })
        {
            context.Say(FormattableString.Invariant($"pay-runs: {employees} employees"));
            await using var host = await OpenAsync(context);
            await PayRunSeed.FillAsync(host.Store, employees);
            var watch = Stopwatch.GetTimestamp();
            var slips = await CalculateAsync(host, 1);
            var calculated = Stopwatch.GetElapsedTime(watch).TotalSeconds;
            var posting = Stopwatch.GetTimestamp();
            await PostAsync(host, 1);
            var posted = Stopwatch.GetElapsedTime(posting).TotalSeconds;
            var memory = Process.GetCurrentProcess().PeakWorkingSet64 / 1e6;
            yield return new(
                FormattableString.Invariant($"pay run of {slips:N0}: calculated, approved and posted"),
                slips / (calculated + posted), "payslips/s",
                Note: FormattableString.Invariant(
                    $"calculated in {calculated:0.00} s, posted in {posted:0.00} s, peak {memory:0} MB"));
        }

        await foreach (var row in LateAsync(context, context.Quick ? 200 : 10_000))
        {
            yield return row;
        }
    }

    /// <summary>Eleven months are paid; then everybody's raise from January on is recorded.</summary>
    private static async IAsyncEnumerable<BenchmarkRow> LateAsync(BenchmarkContext context, int employees)
    {
        context.Say(FormattableString.Invariant($"pay-runs: {employees} employees, a raise of a year"));
        await using var host = await OpenAsync(context);
        await PayRunSeed.FillAsync(host.Store, employees);
        var seconds = 0d;
        for (var month = 1; month < Months; month++)
        {
            var before = Stopwatch.GetTimestamp();
            await CalculateAsync(host, month);
            seconds = Stopwatch.GetElapsedTime(before).TotalSeconds;
            await PostAsync(host, month);
        }

        yield return new(
            FormattableString.Invariant($"pay run of {employees:N0} after ten months"), employees / seconds,
            "payslips/s", Note: "calculated");
        await PayRunSeed.RaiseAsync(host.Store, employees);
        var watch = Stopwatch.GetTimestamp();
        await CalculateAsync(host, Months);
        var late = Stopwatch.GetElapsedTime(watch).TotalSeconds;
        yield return new(
            FormattableString.Invariant($"pay run of {employees:N0} with a raise of eleven months before"),
            employees / late, "payslips/s",
            Note: FormattableString.Invariant($"{employees * (double)Months / late:N0} months a second"));
    }

    private static async Task<LedgerHost> OpenAsync(BenchmarkContext context)
    {
        var connection = await context.NewDatabaseAsync();
        await using (var source = NpgsqlDataSource.Create(connection))
        {
            await LedgerHost.MigrateAsync(source, CancellationToken.None);
        }

        var folder = Directory.CreateTempSubdirectory("backoffice-pay-runs-");
        Environment.SetEnvironmentVariable("Projections__Paused", "true");
        return await LedgerHost.OpenAsync(
            Settings.Read(null, folder.FullName, BenchmarkDatabases.AsService(connection)), static _ => { });
    }

    private static string Id(int month) => FormattableString.Invariant($"2026-{month:D2}");

    private static async Task<int> CalculateAsync(LedgerHost host, int month)
    {
        var id = Id(month);
        var payDate = new YearMonth(2026, month).OnDayOfMonth(28);
        var open = new OpenPayRun(id, new(PayRunSeed.Group, id, payDate, PayRunKind.Regular));
        Required(await host.Transact.RunAsync(
            PayRunSeed.Company, Who, reading => PayRunWrites.OpenAsync(open, reading, host.PayRunFacts)));
        var started = Required(await host.PayRuns.StartAsync(
            PayRunSeed.Company, id, host.Owner, Who, static _ => ValueTask.FromResult<Refusal?>(null)));
        var run = Required(await host.PayRuns.RunAsync(
            PayRunSeed.Company, id, started, Who, CancellationToken.None));
        return run.Calculated is { Failed: 0, Count: > 0 and var count }
            ? count : throw new InvalidOperationException("Payslips failed.");
    }

    private static async Task PostAsync(LedgerHost host, int month)
    {
        var id = Id(month);
        var run = host.PayRunFacts.Fold(
            Streams.PayRunFold, await host.Store.ReadStreamAsync(PayRunSeed.Company, Streams.PayRun(id)));
        var approve = new ApprovePayRun(id, run.Calculated!.Sha256, "bench");
        Required(await host.Transact.RunAsync(PayRunSeed.Company, Who, reading =>
            PayRunWrites.ApproveAsync(approve, reading, host.PayRunFacts, host.Owner)));
        var booking = await host.PayRuns.BookingAsync(PayRunSeed.Company, id, CancellationToken.None);
        Required(await host.Transact.RunAsync(PayRunSeed.Company, Who, reading =>
            PayRunWrites.PostAsync(new(id), reading, host.PayRunFacts, booking, host.Owner)));
    }

    private static T Required<T>(Transacted<T> outcome) => outcome is Transacted<T>.Done done
        ? done.Answer : throw new InvalidOperationException($"The run went wrong: {outcome}");
}
