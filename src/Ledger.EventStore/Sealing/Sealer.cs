using Ledger.Domain.People;

namespace Ledger.EventStore.Sealing;

/// <summary>Seals the texts that it was made for.</summary>
public sealed class Sealer
{
    private readonly Dictionary<KeyName, byte[]> keys;

    internal Sealer(Dictionary<KeyName, byte[]> keys) => this.keys = keys;

    public PersonalText Seal(FieldPlace place, PersonalText text)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(text);
        return !text.IsOpen ? text : PersonalText.Sealed(
            text.Person, text.Purpose, FieldSeal.Seal(keys[KeyName.Of(place.Company, text)], place, text.Text!));
    }
}
