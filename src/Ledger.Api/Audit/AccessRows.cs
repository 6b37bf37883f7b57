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
    string? Address);

/// <summary>
/// The rows of the log of accesses that are not written yet: bounded, whatever is sent. Beyond the bound accesses are
/// counted in one row of <see cref="Others"/>. Refusals take half of the rows at most, so that nobody can hide a read
/// of personal data behind a flood of them.
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
            ref var count = ref CollectionsMarshal.GetValueRefOrNullRef(rows, access);
            if (!Unsafe.IsNullRef(ref count))
            {
                count++;
            }
            else if (rows.Count < (isRefusal ? rowsMax / 2 : rowsMax - 1))
            {
                rows.Add(access, 1);
            }
            else
            {
                othersSecond = others++ == 0 ? access.Second : othersSecond;
            }
        }
    }

    /// <summary>All rows so far, at most the bound; from now on they are gathered anew.</summary>
    public IReadOnlyDictionary<Access, long> Take()
    {
        lock (gate)
        {
            if (rows.Count == 0)
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
