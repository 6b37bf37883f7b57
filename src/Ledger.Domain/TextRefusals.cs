namespace Ledger.Domain;

/// <summary>Refusals of ids and texts, whatever they name.</summary>
public static class TextRefusals
{
    public static Refusal IdInvalid(string field, string value) => new(
        "id-invalid",
        $"{field} '{Texts.Shown(value)}' is not an id: send 1 to {Ids.LengthMax} of the characters A-Z, a-z, 0-9, "
        + "'.', '_', '~' and '-'.");

    public static Refusal Empty(string field) => new(
        "text-empty", $"{field} is empty: send a text.");

    public static Refusal TooLong(string field, int length, int lengthMax) => new(
        "text-too-long", $"{field} has {length} characters: send at most {lengthMax}.");

    public static Refusal NotAllowed(string field, int index, char found) => new(
        "text-not-allowed",
        FormattableString.Invariant($"{field} holds U+{(int)found:X4} at character {index + 1}: send no control ")
        + "characters but tab and line break, no overrides of direction, and no half of a surrogate pair.");

    public static Refusal LanguageInvalid(string language) => new(
        "language-invalid",
        $"'{Texts.Shown(language)}' is not a language tag (BCP 47): send one such as bg, az or en-GB.");
}
