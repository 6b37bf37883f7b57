using Ledger.Domain.PayRuns;
using NodaTime;

namespace Ledger.Projections.PayRuns;

/// <summary>A step of a pay run.</summary>
internal static class PayRunRows
{
    public static void Add(CopyBuffer runs, in LoggedEvent at, PayRunEvent @event)
    {
        switch (@event)
        {
            case PayRunOpened e:
                Begin(runs, at, "opened")
                    .Text(e.Details.PayGroup).Text(e.Details.Kind == PayRunKind.Regular ? "regular" : "supplementary")
                    .Date(e.From).Date(e.Through).Date(e.Details.PayDate).Null();
                break;
            case PayRunCalculationStarted:
                Add(runs, at, "calculating", null);
                break;
            case PayRunCalculated:
                Add(runs, at, "calculated", null);
                break;
            case PayRunApproved:
                Add(runs, at, "approved", null);
                break;
            case PayRunPosted e:
                Add(runs, at, "posted", e.BookedOn);
                break;
            case PayRunReversed e:
                Add(runs, at, "reversed", e.BookedOn);
                break;
            default:
                // Whether its money has arrived says nothing of what was paid to whom.
                break;
        }
    }

    private static void Add(CopyBuffer runs, in LoggedEvent at, string what, LocalDate? bookedOn) =>
        Begin(runs, at, what).Null().Null().Null().Null().Null().Date(bookedOn);

    private static CopyBuffer Begin(CopyBuffer runs, in LoggedEvent at, string what) =>
        at.Stream.StartsWith(PayRun.StreamPrefix, StringComparison.Ordinal)
            ? runs.Row(12)
                .Text(at.Company).Text(at.Stream[PayRun.StreamPrefix.Length..]).Long(at.Position).Long(at.Sequence)
                .Long(at.Recorded).Text(what)
            : throw new FormatException(
                $"A pay run stands in the stream '{at.Stream}' instead of '{PayRun.StreamPrefix}…'.");
}
