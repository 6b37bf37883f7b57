using System.Text;
using System.Text.Json;

namespace Ledger.Api.Json;

/// <summary>The fields that an object may have, at most 64. Finding one in the order given is quickest.</summary>
public sealed class Members
{
    private readonly string[] names;
    private readonly byte[][] utf8;

    public Members(params string[] names)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(names.Length, 64);
        this.names = names;
        utf8 = Array.ConvertAll(names, Encoding.UTF8.GetBytes);
    }

    public string this[int index] => names[index];

    public override string ToString() => string.Join(", ", names);

    internal int IndexOf(ref Utf8JsonReader reader, int last)
    {
        for (var i = 0; i < utf8.Length; i++)
        {
            var index = (last + 1 + i) % utf8.Length;
            if (reader.ValueTextEquals(utf8[index]))
            {
                return index;
            }
        }

        return -1;
    }
}

/// <summary>Which fields of an object were read, and which was the last.</summary>
public struct MemberSet
{
    private ulong seen;
    private int lastPlusOne;

    /// <summary>The index, in its <see cref="Members"/>, of the field read last; -1 before the first.</summary>
    public readonly int Last => lastPlusOne - 1;

    internal bool Add(int index)
    {
        var bit = 1UL << index;
        var isNew = (seen & bit) == 0;
        seen |= bit;
        lastPlusOne = index + 1;
        return isNew;
    }
}

/// <summary>The names by which callers choose a value of an enumeration, in camelCase and exact case.</summary>
public sealed class Choice<T>
    where T : struct, Enum
{
    private static readonly T[] Values = Enum.GetValues<T>();
    private static readonly string[] Names = Array.ConvertAll(
        Values, value => JsonNamingPolicy.CamelCase.ConvertName(value.ToString()));

    private static readonly byte[][] Utf8 = Array.ConvertAll(Names, Encoding.UTF8.GetBytes);

    public static Choice<T> Instance { get; } = new();

    public static string NameOf(T value) => Names[Array.IndexOf(Values, value)];

    /// <summary>The value of that name; null when there is none.</summary>
    public static T? Find(string name) => Array.IndexOf(Names, name) is >= 0 and var index ? Values[index] : null;

    public override string ToString() => string.Join(", ", Names);

    internal bool TryParse(ref Utf8JsonReader reader, out T value)
    {
        for (var i = 0; i < Utf8.Length; i++)
        {
            if (reader.ValueTextEquals(Utf8[i]))
            {
                value = Values[i];
                return true;
            }
        }

        value = default;
        return false;
    }
}
