namespace Ledger.Api.Demo;

/// <summary>
/// Chance that falls the same way each time and everywhere: SplitMix64 from a fixed seed, written out, because .NET
/// promises no sequence of its own generator.
/// </summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    /// <summary>A whole number from 0 up to, but without, <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>True in so many cases of a hundred.</summary>
    public bool Falls(int percent) => Below(100) < percent;

    /// <summary>One of them, the likelier the greater its weight.</summary>
    public T Pick<T>(IReadOnlyList<T> choices, Func<T, int> weightOf)
    {
        var left = Below(choices.Sum(weightOf));
        foreach (var choice in choices)
        {
            left -= weightOf(choice);
            if (left < 0)
            {
                return choice;
            }
        }

        throw new InvalidOperationException("Weights do not change while one is picked.");
    }

    private ulong Next() => unchecked(Mix(state += 0x9E3779B97F4A7C15));

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
