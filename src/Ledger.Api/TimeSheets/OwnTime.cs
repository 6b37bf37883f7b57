using Ledger.Domain.Keys;

namespace Ledger.Api.TimeSheets;

/// <summary>
/// For callers who may record time and not read it, as programs do: they correct, withdraw and send again only what
/// they recorded themselves, and are told nothing of what others did.
/// </summary>
public sealed class OwnTime
{
    private readonly Call call;

    private OwnTime(Call call) => this.call = call;

    /// <summary>Null for whoever may read everybody's.</summary>
    public static OwnTime? For(Call call)
    {
        ArgumentNullException.ThrowIfNull(call);
        return call.Caller.May(Permission.ReadPeople) ? null : new(call);
    }

    /// <param name="actor">Whoever recorded an entry as it is now.</param>
    public bool Has(string? actor) => actor == call.Actor;

    /// <summary>Notes that they sent what is another's.</summary>
    public void NoteDenied(string employee) => call.NoteDenied(employee);
}
