using System.Globalization;

namespace Ledger.Benchmarks.Faults;

/// <summary>The months of a company that callers book in, and that are closed one after the other.</summary>
public sealed class Months(string company)
{
    private const int FirstYear = 2010;

    /// <summary>The last month is December of the year before the present.</summary>
    private const int CountMax = 12 * 15;
    private int closed;

    public string Company => company;

    /// <summary>The month that is closed next; null when all are.</summary>
    public string? Next => closed < CountMax ? Name(closed) : null;

    public void Closed() => Interlocked.Increment(ref closed);

    /// <summary>A day of the next three months, or of the one that was just closed.</summary>
    public string AnyDay(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        var month = Math.Max(0, Volatile.Read(ref closed) + (random.Next(20) == 0 ? -1 : random.Next(3)));
        return string.Create(CultureInfo.InvariantCulture, $"{Name(month)}-{random.Next(1, 29):00}");
    }

    private static string Name(int month) =>
        string.Create(CultureInfo.InvariantCulture, $"{FirstYear + (month / 12)}-{1 + (month % 12):00}");
}
