using System.Text;
using System.Text.Json;

namespace Ledger.EventStore;

/// <summary>How far the reading of one record has come.</summary>
internal struct MemberCursor
{
    /// <summary>Where in the table the next name probably stands.</summary>
    public int Next { get; set; }

    /// <summary>A bit for each parameter that was read.</summary>
    public ulong Seen { get; set; }
}

/// <summary>
/// The members of a record by name, in the order in which <c>jsonb</c> keeps them (length, then bytes), so that the
/// next name to look for is nearly always the next one in the table.
/// </summary>
internal sealed class MemberNames
{
    /// <summary>What <see cref="Next"/> answers at the end of the object.</summary>
    public const int End = -1;

    private readonly (byte[] Name, int Parameter)[] table;
    private readonly string[] names;
    private readonly ulong required;

    public MemberNames(string[] names, bool[] isRequired)
    {
        this.names = names;
        table = [.. names.Select((name, i) => (Encoding.UTF8.GetBytes(name), i))];
        Array.Sort(table, static (a, b) => a.Item1.Length != b.Item1.Length
            ? a.Item1.Length.CompareTo(b.Item1.Length)
            : a.Item1.AsSpan().SequenceCompareTo(b.Item1));
        for (var i = 0; i < isRequired.Length; i++)
        {
            required |= isRequired[i] ? 1UL << i : 0;
        }
    }

    /// <summary>
    /// Goes to the value of the next member that is known and answers the number of its parameter; unknown members are
    /// passed over.
    /// </summary>
    public static int Next(ref Utf8JsonReader reader, MemberNames names, ref MemberCursor cursor)
    {
        while (true)
        {
            reader.Read();
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return End;
            }

            var at = names.Find(ref reader, cursor.Next);
            reader.Read();
            if (at >= 0)
            {
                var parameter = names.table[at].Parameter;
                cursor.Next = at + 1;
                cursor.Seen |= 1UL << parameter;
                return parameter;
            }

            reader.Skip();
        }
    }

    /// <summary>Throws when a parameter is missing that has no default.</summary>
    public void CheckRequired(MemberCursor cursor)
    {
        if ((cursor.Seen & required) != required)
        {
            var missing = names.Where((_, i) => (required & ~cursor.Seen & (1UL << i)) != 0);
            throw new JsonException($"It lacks {string.Join(", ", missing)}.");
        }
    }

    private int Find(ref Utf8JsonReader reader, int from)
    {
        if (reader.ValueIsEscaped)
        {
            return Find(Encoding.UTF8.GetBytes(reader.GetString()!), from);
        }

        return Find(reader.ValueSpan, from);
    }

    private int Find(ReadOnlySpan<byte> name, int from)
    {
        for (var i = from; i < table.Length; i++)
        {
            if (name.SequenceEqual(table[i].Name))
            {
                return i;
            }
        }

        for (var i = 0; i < from; i++)
        {
            if (name.SequenceEqual(table[i].Name))
            {
                return i;
            }
        }

        return -1;
    }
}
