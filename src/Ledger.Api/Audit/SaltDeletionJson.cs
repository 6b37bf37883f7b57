using Ledger.Api.Json;
using Ledger.Domain;
using NodaTime;

namespace Ledger.Api.Audit;

/// <summary>Which events nobody is to prove by their bodies any more, and why.</summary>
/// <param name="Events">Their ids, as the list of events shows them.</param>
public sealed record SaltDeletionSent(string Reason, IReadOnlyList<string> Events);

/// <param name="Events">How many events were named.</param>
/// <param name="Version">Always 1: a deletion is never changed.</param>
public sealed record SaltDeletionWritten(string Id, int Events, long Version, long Sequence, Instant Recorded);

/// <summary>Reads what callers say of a deletion of salts.</summary>
public static class SaltDeletionJson
{
    private static readonly Members Known = new("reason", "events");

    /// <summary>Reason and ids; ids mean the same in upper case.</summary>
    public static (string Reason, ValueList<string> Events) Read(ref JsonInput input, int unused)
    {
        string? reason = null;
        ValueList<string>? events = null;
        var seen = input.Object();
        while (input.Next(Known, ref seen))
        {
            switch (Known[seen.Last])
            {
                case "reason":
                    reason = input.Text();
                    break;
                case "events":
                    events = input.Texts().Select(id => id.ToLowerInvariant()).ToValueList();
                    break;
            }
        }

        return (reason ?? throw input.Missing("reason"), events ?? throw input.Missing("events"));
    }
}
