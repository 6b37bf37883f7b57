using Ledger.EventStore.Sealing;

namespace Ledger.EventStore;

/// <content>From a verdict to a request, and from its result to what is answered.</content>
public sealed partial class Transact
{
    private AppendRequest Request<TAnswer>(
        Verdict<TAnswer> verdict, Reading reading, RequestMetadata who, Sealer? sealer = null)
    {
        var writes = new List<Write>(verdict.Writes.Length);

        // Documents come last: a retry finds the document, and is answered with the number it had the first time.
        foreach (var isDocument in (ReadOnlySpan<bool>)[false, true])
        {
            foreach (var (stream, events) in verdict.Writes)
            {
                var named = reading.Find(stream) ?? throw new InvalidOperationException(
                    $"The verdict writes '{stream}', which was not read: read its state first.");
                if (named.IsDocument == isDocument)
                {
                    writes.Add(new(stream, named.State.Version, sealer is null
                        ? [.. events.Select(catalog.ToStore)]
                        : Sealed(reading.Company, stream, named.State.Version, events, sealer)));
                }
            }
        }

        var conditions = new List<Condition>(reading.Streams.Count + reading.Required.Count);
        foreach (var named in reading.Streams)
        {
            if (!Array.Exists(verdict.Writes, write => write.Stream == named.Stream))
            {
                conditions.Add(new VersionCondition(named.Stream, named.State.Version));
            }
        }

        conditions.AddRange(reading.Required);
        return new(reading.Company, writes, conditions, who);
    }

    /// <summary>The answer when nothing is to be appended, on fresh states.</summary>
    private static Transacted<TAnswer> Settled<TAnswer>(Verdict<TAnswer> verdict, Reading reading)
    {
        if (verdict.Refusal is { } refusal)
        {
            return new Transacted<TAnswer>.Refused(refusal);
        }

        var at = default(Recording);
        if (verdict.About is { } about)
        {
            at = reading.Find(about)?.State.First ?? throw new InvalidOperationException(
                $"The verdict is about '{about}', which was not read: read its state first.");
        }
        else
        {
            var documents = reading.Streams.Exists(IsRecordedDocument);
            foreach (var named in reading.Streams)
            {
                var own = !documents ? named.State.Last : IsRecordedDocument(named) ? named.State.First : default;
                at = own.Sequence > at.Sequence ? own : at;
            }
        }

        return new Transacted<TAnswer>.Done(verdict.Answer, at.Sequence, at.Recorded, Appended: false);
    }

    private static bool IsRecordedDocument(Reading.Named named) =>
        named.IsDocument && named.State.Version > 0;

    /// <summary>The answer to anything but <see cref="AppendResult.Moved"/>.</summary>
    private Transacted<TAnswer> Ended<TAnswer>(
        Verdict<TAnswer> verdict, Reading reading, AppendRequest request, AppendResult result)
    {
        switch (result)
        {
            case AppendResult.Appended appended:
                KeepWritten(verdict, reading, request, appended);
                return new Transacted<TAnswer>.Done(
                    verdict.Answer, appended.LastSequence, appended.Recorded, Appended: true);
            case AppendResult.QueueFull:
                return new Transacted<TAnswer>.QueueFull();
            case AppendResult.Unavailable unavailable:
                return new Transacted<TAnswer>.Unavailable(unavailable.Why, unavailable.DiskFull);
            case AppendResult.Poisoned poisoned:
                return new Transacted<TAnswer>.Poisoned(poisoned.SqlState, poisoned.Message);
            case AppendResult.Unknown unknown:
                return new Transacted<TAnswer>.Unknown(unknown.Why);
            default:
                throw new InvalidOperationException($"{result} does not end a command.");
        }
    }

    /// <summary>What was just recorded is what the next decision should see, without a read.</summary>
    private void KeepWritten<TAnswer>(
        Verdict<TAnswer> verdict, Reading reading, AppendRequest request, AppendResult.Appended appended)
    {
        var first = appended.FirstSequence;
        foreach (var write in request.Writes)
        {
            var last = first + write.Events.Count - 1;
            foreach (var named in reading.Streams)
            {
                if (named.Stream == write.Stream && named.Role == Reading.Role.Register)
                {
                    var events = Array.Find(verdict.Writes, each => each.Stream == write.Stream).Events;
                    if (HoldPersonal(events))
                    {
                        Cache.Forget(reading.Company, write.Stream, named.Fold);
                        continue;
                    }

                    var next = named.State.Then(events, new(first, appended.Recorded), new(last, appended.Recorded));
                    Cache.Keep(reading.Company, write.Stream, named.Fold, next);
                }
            }

            first = last + 1;
        }
    }
}
