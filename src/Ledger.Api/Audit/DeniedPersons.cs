namespace Ledger.Api.Audit;

/// <summary>
/// The first persons of a minute whom an actor asked for in vain, by route and code. Whoever asks for more, asks for
/// ids of their own making: these are counted in one row that names nobody, or each of them would be one.
/// </summary>
internal sealed class DeniedPersons
{
    /// <summary>Persons that are named in a minute.</summary>
    public const int NamedMax = 5;

    /// <summary>Actors and routes of a minute; what comes from more names nobody.</summary>
    private const int AskersMax = 10_000;

    private readonly Lock gate = new();
    private readonly Dictionary<Asker, HashSet<string>> named = [];
    private long minute;

    /// <summary>The same, without the person if too many were named before.</summary>
    public Access Bounded(in Access access)
    {
        if (access.Person is null)
        {
            return access;
        }

        lock (gate)
        {
            if (access.Second / 60 != minute)
            {
                named.Clear();
                minute = access.Second / 60;
            }

            var asker = new Asker(access.Company, access.Actor, access.Method, access.Route, access.Code);
            if (!named.TryGetValue(asker, out var persons))
            {
                if (named.Count >= AskersMax)
                {
                    return access with { Person = null };
                }

                named.Add(asker, persons = new(StringComparer.Ordinal));
            }

            return persons.Contains(access.Person) || (persons.Count < NamedMax && persons.Add(access.Person))
                ? access
                : access with { Person = null };
        }
    }

    private readonly record struct Asker(string? Company, string? Actor, string Method, string Route, string Code);
}
