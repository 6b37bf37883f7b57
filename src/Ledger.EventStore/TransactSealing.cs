using Ledger.Domain.People;
using Ledger.EventStore.Sealing;

namespace Ledger.EventStore;

/// <content>
/// Texts on persons: sealed when a verdict becomes a request, which is where stream, version and event id are known,
/// and opened when a stream is read for a decision. A state that was made of open texts is not kept, so that nothing is
/// read from memory that was erased since.
/// </content>
public sealed partial class Transact
{
    private bool HoldsPersonal<TAnswer>(Verdict<TAnswer> verdict)
    {
        foreach (var (_, events) in verdict.Writes)
        {
            if (HoldPersonal(events))
            {
                return true;
            }
        }

        return false;
    }

    private bool HoldPersonal(IReadOnlyList<object> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (catalog.PersonalOf(events[i].GetType()) is { } members && members.Any(events[i]))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<IReadOnlyList<AppendRequest>> RequestsAsync<TAnswer>(
        string company, RequestMetadata who, IReadOnlyList<(Verdict<TAnswer> Verdict, Reading Reading)> decided) =>
        decided.Any(each => HoldsPersonal(each.Verdict))
            ? await SealedAsync(company, who, decided)
            : [.. decided.Select(each => Request(each.Verdict, each.Reading, who))];

    /// <summary>The keys of all are seen to at once, and are there before anything is sealed under them.</summary>
    private async Task<AppendRequest[]> SealedAsync<TAnswer>(
        string company, RequestMetadata who, IReadOnlyList<(Verdict<TAnswer> Verdict, Reading Reading)> decided)
    {
        var texts = decided.SelectMany(each => OpenIn(each.Verdict, each.Reading));
        var names = decided.SelectMany(each => each.Verdict.Writes).SelectMany(write => write.Events)
            .SelectMany(each => catalog.PersonalOf(each.GetType())?.SearchedIn(each) ?? []);
        var sealer = await Vault.Required(vault).SealerAsync(company, texts, names);
        return [.. decided.Select(each => Request(each.Verdict, each.Reading, who, sealer))];
    }

    /// <summary>
    /// Each person must have been looked at: so their stream's version is a condition of the append, and nothing is
    /// sealed under a key that is being destroyed.
    /// </summary>
    private IEnumerable<PersonalText> OpenIn<TAnswer>(Verdict<TAnswer> verdict, Reading reading)
    {
        foreach (var each in verdict.Writes.SelectMany(write => write.Events))
        {
            foreach (var (path, text) in catalog.PersonalOf(each.GetType())?.In(each) ?? [])
            {
                if (text.IsOpen && reading.Find(Person.StreamPrefix + text.Person) is null)
                {
                    throw new InvalidOperationException(
                        $"The verdict names the person {text.Person} ({path}), who was not read: read their state.");
                }

                yield return text;
            }
        }
    }

    private NewEvent[] Sealed(
        string company, string stream, long version, IReadOnlyList<object> events, Sealer sealer) =>
        [.. events.Select((each, i) =>
            catalog.ToStore(each, Guid.NewGuid(), company, stream, version + i + 1, sealer))];

    /// <summary>The domain events of a stream, with what they say of persons open as far as it can be read.</summary>
    private ValueTask<(IReadOnlyList<object> Bodies, bool ArePersonal)> BodiesAsync(
        string company, IReadOnlyList<RecordedEvent> events) => Vault.ReadAsync(vault, catalog, company, events);
}
