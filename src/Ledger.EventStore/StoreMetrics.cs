using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ledger.EventStore;

/// <summary>What the store tells about itself: the meter and the activity source <c>Ledger.EventStore</c>.</summary>
public static class StoreMetrics
{
    public const string Name = "Ledger.EventStore";

    internal static readonly ActivitySource Activities = new(Name);

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

    private static readonly UpDownCounter<int> Waiting = Meter.CreateUpDownCounter<int>(
        "ledger.append.queue", "{request}", "Requests that wait for the writer or are with it.");

    internal static void Accepted(int requests) => Waiting.Add(requests);

    internal static void Completed(Pending request, AppendResult result)
    {
        Waiting.Add(-1);
        if (AppendDuration.Enabled)
        {
            AppendDuration.Record(Stopwatch.GetElapsedTime(request.Since).TotalSeconds);
        }

        if (Results.Enabled)
        {
            Results.Add(1, new KeyValuePair<string, object?>("result", NameOf(result)));
        }
    }

    internal static void Statement(int requests, int events, long started)
    {
        BatchRequests.Record(requests);
        BatchEvents.Record(events);
        if (StatementDuration.Enabled)
        {
            StatementDuration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
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
