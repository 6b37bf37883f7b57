using System.Buffers;
using System.Text.Json;

namespace Ledger.EventStore.Audit;

/// <summary>A member of an object, by where it stands in what is written.</summary>
/// <param name="Start">Of its name, with the quotation mark.</param>
/// <param name="NameEnd">Behind the name's closing quotation mark.</param>
/// <param name="End">Behind its value.</param>
internal readonly record struct CanonicalMember(int Start, int NameEnd, int End);

/// <summary>
/// The members of the objects that are being written, the innermost last. One of a thread serves all that it writes,
/// since an audit log hashes millions of objects in a row.
/// </summary>
internal sealed class CanonicalMembers : IComparer<CanonicalMember>
{
    [ThreadStatic]
    private static CanonicalMembers? ofThisThread;

    private readonly List<CanonicalMember> members = [];
    private ReadOnlyMemory<byte> written;

    public int Count => members.Count;

    public static CanonicalMembers OfThisThread()
    {
        // What threw in the middle left its members.
        (ofThisThread ??= new()).members.Clear();
        return ofThisThread;
    }

    public void Add(CanonicalMember member) => members.Add(member);

    /// <summary>Puts the members of the innermost object in the order of their names, and forgets them.</summary>
    /// <param name="first">Its first member's number.</param>
    /// <param name="output">All that is written, to the end of its last member.</param>
    /// <exception cref="JsonException">It has a name twice.</exception>
    public void PutInOrder(int first, Memory<byte> output)
    {
        written = output;
        var isInOrder = true;
        for (var i = first + 1; i < members.Count && isInOrder; i++)
        {
            isInOrder = Compare(members[i - 1], members[i]) < 0;
        }

        if (!isInOrder)
        {
            Sort(first, output.Span[members[first].Start..]);
        }

        written = default;
        members.RemoveRange(first, members.Count - first);
    }

    /// <summary>By the UTF-16 code units of the names. Bytes tell that order where all are ASCII and none is
    /// escaped.</summary>
    public int Compare(CanonicalMember x, CanonicalMember y)
    {
        var left = NameOf(x);
        var right = NameOf(y);
        return IsPlain(left) && IsPlain(right)
            ? left.SequenceCompareTo(right)
            : string.CompareOrdinal(TextOf(x), TextOf(y));
    }

    private static bool IsPlain(ReadOnlySpan<byte> name) =>
        !name.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !name.Contains((byte)'\\');

    private void Sort(int first, Span<byte> output)
    {
        var start = members[first].Start;
        members.Sort(first, members.Count - first, this);
        for (var i = first + 1; i < members.Count; i++)
        {
            if (Compare(members[i - 1], members[i]) == 0)
            {
                throw new JsonException($"The name {TextOf(members[i])} stands twice in an object.");
            }
        }

        var unsorted = ArrayPool<byte>.Shared.Rent(output.Length);
        output.CopyTo(unsorted);
        var at = 0;
        for (var i = first; i < members.Count; i++)
        {
            if (i > first)
            {
                output[at++] = (byte)',';
            }

            var member = unsorted.AsSpan(members[i].Start - start, members[i].End - members[i].Start);
            member.CopyTo(output[at..]);
            at += member.Length;
        }

        ArrayPool<byte>.Shared.Return(unsorted);
    }

    private ReadOnlySpan<byte> NameOf(CanonicalMember member) =>
        written.Span[(member.Start + 1)..(member.NameEnd - 1)];

    private string TextOf(CanonicalMember member) =>
        JsonSerializer.Deserialize<string>(written.Span[member.Start..member.NameEnd])!;
}
