using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ledger.Api.Audit;

/// <summary>What the requests of one row have in common.</summary>
/// <param name="Second">Since the epoch of Unix.</param>
internal readonly record struct Access(
    long Second,
    string? Company,
    string? Actor,
    string Method,
    string Route,
    string Code,
    string? Person,
    string? Address)
{
    /// <summary>Whoever asked is not known; what they sent is theirs to choose.</summary>
    public bool IsOfStranger => Actor is null || Actor.StartsWith(AccessLog.Unknown, StringComparison.Ordinal);
}

/// <summary>
/// The rows of the log of accesses that are not written yet: bounded, whatever is sent. Beyond the bound accesses are
/// counted without the person whom they name, and beyond that in one row of <see cref="Others"/>. Refusals take half of
/// the rows at most, so that nobody can hide a read of personal data behind a flood of them, and those of strangers a
/// quarter. Rows that name persons leave some to those that do not, so that nobody can hide that they read by reading
/// much.
/// </summary>
internal sealed class AccessRows(int rowsMax)
{
    /// <summary>The code of what was too much to be told apart.</summary>
    public const string Others = "others";

    private readonly Lock gate = new();
    private Dictionary<Access, long> rows = [];
    private long othersSecond;
    private long others;

    public void Add(in Access access, bool isRefusal)
    {
        lock (gate)
        {
            if (!TryAdd(access, isRefusal)
                && (access.Person is null || !TryAdd(access with { Person = null }, isRefusal)))
            {
                othersSecond = others++ == 0 ? access.Second : othersSecond;
            }
        }
    }

    private bool TryAdd(in Access access, bool isRefusal)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(rows, access);
        if (!Unsafe.IsNullRef(ref count))
        {
            count++;
            return true;
        }

        var twentieths = (access.IsOfStranger ? 5 : isRefusal ? 10 : 20) - (access.Person is null ? 0 : 2);
        if (rows.Count >= Math.Min(rowsMax - 1, rowsMax * twentieths / 20))
        {
            return false;
        }

        rows.Add(access, 1);
        return true;
    }

    /// <summary>All rows so far, at most the bound; from now on they are gathered anew.</summary>
    public IReadOnlyDictionary<Access, long> Take()
    {
        lock (gate)
        {
            if (rows.Count == 0 && others == 0)
            {
                return ReadOnlyDictionary<Access, long>.Empty;
            }

            var taken = rows;
            if (others > 0)
            {
                taken.Add(new(othersSecond, null, null, "-", "-", Others, null, null), others);
            }

            (rows, others) = ([], 0);
            return taken;
        }
    }
}
