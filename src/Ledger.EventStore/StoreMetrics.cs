using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ledger.EventStore;

/// <summary>What the store tells about itself: the meter and the activity source <c>Ledger.EventStore</c>.</summary>
public static class StoreMetrics
{
    public const string Name = "Ledger.EventStore";

    private static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> AppendDuration = Meter.CreateHistogram<double>(
        "ledger.append.duration", "s", "From handing a request over to its answer.");

    private static readonly Histogram<int> BatchRequests = Meter.CreateHistogram<int>(
        "ledger.append.batch.requests", "{request}", "Requests in one statement.");

    private static readonly Histogram<int> BatchEvents = Meter.CreateHistogram<int>(
        "ledger.append.batch.events", "{event}", "Events in one statement.");

    private static readonly Histogram<double> StatementDuration = Meter.CreateHistogram<double>(
        "ledger.append.statement.duration", "s", "One statement of the writer, with its commit.");

    private static readonly Counter<long> Results = Meter.CreateCounter<long>(
        "ledger.append.results", "{request}", "Answered requests by result.");

    private static readonly Counter<int> Faults = Meter.CreateCounter<int>(
        "ledger.append.listener.faults", "{fault}", "Exceptions of those who are told what was appended.");

    private static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>(
        "ledger.append.queue", "{request}", "Requests that wait for the writer or are with it.");

    internal static void Accepted(int requests) => Tell(requests, static told => Waiting.Add(told));

    internal static void Completed(Pending request, AppendResult result) => Tell((request, result), static told =>
    {
        Waiting.Add(-1);
        if (AppendDuration.Enabled)
        {
            AppendDuration.Record(Stopwatch.GetElapsedTime(told.request.Since).TotalSeconds);
        }

        if (Results.Enabled)
        {
            Results.Add(1, new KeyValuePair<string, object?>("result", NameOf(told.result)));
        }
    });

    internal static Activity? StatementStarts(int requests)
    {
        Activity? activity = null;
        Tell(requests, told =>
        {
            activity = Activities.StartActivity("append");
            activity?.SetTag("ledger.requests", told);
        });
        return activity;
    }

    internal static void StatementEnds(Activity? activity) => Tell(activity, static told => told?.Dispose());

    internal static void Statement(int requests, int events, long started) =>
        Tell((requests, events, started), static told =>
        {
            BatchRequests.Record(told.requests);
            BatchEvents.Record(told.events);
            if (StatementDuration.Enabled)
            {
                StatementDuration.Record(Stopwatch.GetElapsedTime(told.started).TotalSeconds);
            }
        });

    /// <summary>
    /// Whoever listens, to a meter or to the store, is called on the threads that append. Its fault must not become an
    /// answer about what was recorded, so it is counted and goes no further.
    /// </summary>
    internal static void Tell<T>(T what, Action<T> tell)
    {
        try
        {
            tell(what);
        }
        catch (Exception)
        {
            CountFault();
        }
    }

    private static void CountFault()
    {
        try
        {
            Faults.Add(1);
        }
        catch (Exception)
        {
            // The faulty listener listens to this counter, too.
        }
    }

    private static string NameOf(AppendResult result) => result switch
    {
        AppendResult.Appended => "appended",
        AppendResult.Moved => "moved",
        AppendResult.QueueFull => "queue-full",
        AppendResult.Poisoned => "poisoned",
        AppendResult.Unavailable => "unavailable",
        _ => "unknown",
    };
}
