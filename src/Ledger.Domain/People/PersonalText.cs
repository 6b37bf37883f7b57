namespace Ledger.Domain.People;

/// <summary>
/// A text on a natural person, such as their name. It is open where it is decided on, sealed (encrypted) wherever it is
/// stored, and erased once the person's keys are destroyed. Events hold it instead of plain text; what is sealed and
/// opened, and by which keys, is the store's. Two are equal when they say the same of the same person.
/// </summary>
public sealed record PersonalText
{
    private PersonalText(string person, Purpose purpose, string? text, string? ciphertext) =>
        (Person, Purpose, Text, Ciphertext) = (person, purpose, text, ciphertext);

    /// <summary>An opaque id (<see cref="Ids"/>), never a name.</summary>
    public string Person { get; }

    public Purpose Purpose { get; }

    /// <summary>The plain text; null unless it is open.</summary>
    public string? Text { get; }

    /// <summary>What is stored instead of the text; null unless it is sealed.</summary>
    public string? Ciphertext { get; }

    public bool IsOpen => Text is not null;

    public bool IsSealed => Ciphertext is not null;

    /// <summary>Nobody can read it, or it was erased before it came here.</summary>
    public bool IsErased => !IsOpen && !IsSealed;

    public static PersonalText Open(string person, Purpose purpose, string text) => new(person, purpose, text, null);

    public static PersonalText Sealed(string person, Purpose purpose, string ciphertext) =>
        new(person, purpose, null, ciphertext);

    public static PersonalText Erased(string person, Purpose purpose) => new(person, purpose, null, null);

    /// <summary>Never the text: what is printed ends in logs.</summary>
    public override string ToString() =>
        $"{Purpose} of {Person}: {(IsOpen ? "open" : IsSealed ? "sealed" : "erased")}";
}
