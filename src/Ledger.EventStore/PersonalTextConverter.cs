using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain.People;

namespace Ledger.EventStore;

/// <summary>
/// A text on a person as it is stored: <c>{person, purpose, ciphertext}</c>, with an empty ciphertext where it was
/// erased before it was stored. An open one is never written, whoever asks: it would be in the database for ever.
/// </summary>
internal sealed class PersonalTextConverter : JsonConverter<PersonalText>
{
    public override PersonalText Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var stored = JsonSerializer.Deserialize<Stored>(ref reader, options);
        return stored is not { Person: { } person, Purpose: { } purpose, Ciphertext: { } ciphertext }
            ? throw new JsonException("A text on a person has a person, a purpose and a ciphertext.")
            : ciphertext.Length == 0
            ? PersonalText.Erased(person, purpose)
            : PersonalText.Sealed(person, purpose, ciphertext);
    }

    public override void Write(Utf8JsonWriter writer, PersonalText value, JsonSerializerOptions options)
    {
        if (value.IsOpen)
        {
            throw new JsonException($"The text on the person {value.Person} is open: seal it before it is written.");
        }

        JsonSerializer.Serialize(writer, new Stored(value.Person, value.Purpose, value.Ciphertext ?? ""), options);
    }

    private sealed record Stored(string? Person, Purpose? Purpose, string? Ciphertext);
}
