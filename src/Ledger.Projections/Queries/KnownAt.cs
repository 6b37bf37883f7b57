using NodaTime;

namespace Ledger.Projections.Queries;

/// <summary>Which knowledge a question is about: the second of the two clocks.</summary>
public abstract record KnownAt
{
    private KnownAt()
    {
    }

    /// <summary>Everything that has been read so far.</summary>
    public static KnownAt Now { get; } = new Latest();

    public sealed record Latest : KnownAt;

    /// <summary>Events up to this sequence, which must have been recorded already.</summary>
    public sealed record OfSequence(long Sequence) : KnownAt;

    /// <summary>Events recorded at or before the instant. One still to come means everything so far.</summary>
    public sealed record OfInstant(Instant Instant) : KnownAt;

    /// <summary>Events recorded up to the end of that day in the company's time zone.</summary>
    public sealed record EndOf(LocalDate Day) : KnownAt;
}

internal static class KnownAts
{
    /// <summary>
    /// The end of a day is a microsecond, what recordings are told in, before the next one begins there.
    /// </summary>
    public static Instant? InstantOf(KnownAt knownAt, DateTimeZone zone) => knownAt switch
    {
        KnownAt.OfInstant of => of.Instant,
        KnownAt.EndOf end when end.Day == LocalDate.MaxIsoValue => Instant.FromUtc(9999, 12, 31, 0, 0),
        KnownAt.EndOf end => end.Day.PlusDays(1).AtStartOfDayInZone(zone).ToInstant() - Duration.FromTicks(10),
        _ => null,
    };
}

/// <summary>What an answer rests on.</summary>
/// <param name="Position">The last event of the company that counts, by its number in the company; 0 for none.</param>
/// <param name="Sequence">That event's number over all companies: by it, the answer is the same for ever.</param>
/// <param name="Instant">As asked; otherwise when that event was recorded. Null when there is none.</param>
public sealed record Knowledge(long Position, long Sequence, Instant? Instant);
