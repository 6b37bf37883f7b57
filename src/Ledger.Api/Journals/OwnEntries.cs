using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;

namespace Ledger.Api.Journals;

/// <summary>Some callers get only what they recorded themselves; to them other entries do not exist.</summary>
internal static class OwnEntries
{
    /// <summary>The only actor whose entries the caller gets; null for all.</summary>
    public static string? ActorFor(Call call) => call.Caller.May(Permission.ReadEntries) ? null : call.Actor;

    public static bool MayRead(Call call, string? actor) => ActorFor(call) is not { } own || own == actor;

    /// <summary>What is answered to whoever asks for the entry of another, which is noted.</summary>
    public static Refusal Denied(Call call, string id)
    {
        call.NoteDenied();
        return ReversalRefusals.EntryUnknown(id);
    }

    /// <summary>Looks at who recorded the entry, which never changes.</summary>
    /// <exception cref="RequestException">It is not the caller's own, or does not exist.</exception>
    public static async ValueTask RequireAsync(Call call, string id)
    {
        if (ActorFor(call) is null)
        {
            return;
        }

        var recorded = await call.Ledger.Store.ReadStreamAsync(call.Company, Streams.Entry(id));
        if (recorded.Count == 0 || !MayRead(call, recorded[0].Actor))
        {
            throw new RequestException(Http.ProblemOf(
                recorded.Count == 0 ? ReversalRefusals.EntryUnknown(id) : Denied(call, id)));
        }
    }
}
