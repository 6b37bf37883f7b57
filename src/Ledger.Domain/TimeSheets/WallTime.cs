using NodaTime;
using NodaTime.Text;

namespace Ledger.Domain.TimeSheets;

/// <summary>
/// What a clock on the wall shows, to the minute: <c>2026-03-29T08:00</c>. Where the clocks go back an hour comes
/// twice, and the offset says which one it is: <c>2026-10-25T03:30+02:00</c>.
/// </summary>
public readonly record struct WallTime(string Value)
{
    private const int LocalLength = 16;

    private static readonly LocalDateTimePattern LocalPattern =
        LocalDateTimePattern.CreateWithInvariantCulture("uuuu'-'MM'-'dd'T'HH':'mm");

    private static readonly OffsetPattern WithMinutes = OffsetPattern.CreateWithInvariantCulture("+HH:mm");

    public LocalDateTime Local => LocalPattern.Parse(Value[..LocalLength]).Value;

    /// <summary>Null where none was said.</summary>
    public Offset? Offset => Value.Length == LocalLength ? null : OffsetOf(Value[LocalLength..]);

    public override string ToString() => Value;

    /// <summary>Midnight is the 00:00 of the day that begins, so that each time is written in one way.</summary>
    public static bool IsValid(string? text) => text is { Length: >= LocalLength } && text[11..13] != "24"
        && LocalPattern.Parse(text[..LocalLength]).Success
        && (text.Length == LocalLength || OffsetOf(text[LocalLength..]) is not null);

    /// <summary>As it is written, with the offset where there is one.</summary>
    public static WallTime Of(LocalDateTime local, Offset? offset = null) => new(
        LocalPattern.Format(local) + (offset is { } known ? WithMinutes.Format(known) : ""));

    private static Offset? OffsetOf(string text) =>
        text == "Z" ? NodaTime.Offset.Zero
        : WithMinutes.Parse(text) is { Success: true, Value: var offset } ? offset : null;
}
