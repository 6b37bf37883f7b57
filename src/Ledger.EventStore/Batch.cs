namespace Ledger.EventStore;

/// <summary>A stream of a company.</summary>
internal readonly record struct StreamKey(string Company, string Stream);

/// <summary>
/// Requests that may go into one statement, because none writes a stream (or an event type) that another one writes or
/// names: the statement checks everything before it writes anything.
/// </summary>
internal sealed class Batch
{
    private readonly HashSet<StreamKey> written = [];
    private readonly HashSet<StreamKey> named = [];
    private readonly HashSet<(string Company, string Type)> tails = [];

    public List<Pending> Requests { get; } = [];

    /// <summary>Takes the request unless it and one before it get in each other's way.</summary>
    public bool TryAdd(Pending pending)
    {
        var request = pending.Request;
        if (Conflicts(request))
        {
            return false;
        }

        foreach (var write in request.Writes)
        {
            written.Add(new(request.Company, write.Stream));
        }

        foreach (var condition in request.Conditions)
        {
            switch (condition)
            {
                case VersionCondition version:
                    named.Add(new(version.Company ?? request.Company, version.Stream));
                    break;
                case TailCondition tail:
                    foreach (var type in tail.EventTypes)
                    {
                        tails.Add((request.Company, type));
                    }

                    break;
            }
        }

        Requests.Add(pending);
        return true;
    }

    public void Clear()
    {
        Requests.Clear();
        written.Clear();
        named.Clear();
        tails.Clear();
    }

    private bool Conflicts(AppendRequest request)
    {
        foreach (var write in request.Writes)
        {
            var key = new StreamKey(request.Company, write.Stream);
            if (written.Contains(key) || named.Contains(key) || (tails.Count > 0 && TypesInTails(request, write)))
            {
                return true;
            }
        }

        foreach (var condition in request.Conditions)
        {
            var moves = condition switch
            {
                VersionCondition version =>
                    written.Contains(new(version.Company ?? request.Company, version.Stream)),
                TailCondition tail => Requests.Exists(earlier => WritesTypes(earlier.Request, request.Company, tail)),
                _ => false,
            };
            if (moves)
            {
                return true;
            }
        }

        return false;
    }

    private bool TypesInTails(AppendRequest request, Write write)
    {
        foreach (var e in write.Events)
        {
            if (tails.Contains((request.Company, e.Type)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool WritesTypes(AppendRequest earlier, string company, TailCondition tail) =>
        earlier.Company == company
        && earlier.Writes.Any(write => write.Events.Any(e => tail.EventTypes.Contains(e.Type)));
}
