using Ledger.Domain.Companies;
using NodaTime;

namespace Ledger.Domain.People;

/// <summary>What is stored of a person for one purpose.</summary>
/// <param name="Last">The last day that counts for retention: the latest on which an entry is booked; of pay, the
/// latest of what was recorded, paid, or the end of the last contract.</param>
/// <param name="IsOpen">The person is employed, and nobody knows yet until when: there is no last day.</param>
public sealed record KeptData(Purpose Purpose, LocalDate Last, bool IsOpen = false);

/// <summary>What has to come before it is known on which day data may go.</summary>
public enum ErasureWait
{
    /// <summary>The company says how long it keeps data of the purpose.</summary>
    RetentionSetting,

    /// <summary>The person is employed no longer.</summary>
    EndOfContract,
}

/// <summary>
/// Erasure goes in steps, so that no entry that is posted at the same time is lost: it is asked for; when retention is
/// over, it becomes due, and the person is closed to new data; then what there is is looked at once more, and erased.
/// </summary>
public static class PersonDecider
{
    /// <summary>
    /// What nothing keeps goes with the request; the rest is noted with its date. Asking again says nothing new.
    /// </summary>
    /// <param name="kept">All that is stored of the person.</param>
    /// <param name="today">In the company's time zone.</param>
    public static Decision<PersonEvent> Decide(
        ErasePersonalData command, Person person, Company company, IReadOnlyList<KeptData> kept, LocalDate today)
    {
        if (person.IsErasureRequested)
        {
            return Decision<PersonEvent>.Nothing;
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (!Ids.IsValid(command.Person))
        {
            return TextRefusals.IdInvalid("The person's id", command.Person);
        }

        if (kept.Count == 0)
        {
            return PersonRefusals.Unknown(command.Person);
        }

        // What was given by consent goes whatever becomes of the rest, which then waits.
        if (kept.All(data => Retention.Keeps(data.Purpose)) && Unended(command, company, kept, today) is { } refusal)
        {
            return refusal;
        }

        return new Decision<PersonEvent>(
            [
                Requested(person, company, kept, today),
                new PersonalDataErased(Enum.GetValues<Purpose>().Where(each => !Retention.Keeps(each)).ToValueList()),
            ],
            null);
    }

    /// <summary>Closes the person to data of the purposes whose retention is over.</summary>
    public static Decision<PersonEvent> BecomeDue(
        Person person, Company company, IReadOnlyList<KeptData> kept, LocalDate today)
    {
        var due = DuePurposes(person, company, kept, today);
        return !person.IsErasureRequested || person.Due.Count > 0 || due.Count == 0
            ? Decision<PersonEvent>.Nothing
            : new PersonalDataErasureDue(due);
    }

    /// <summary>
    /// Erases what became due, unless an entry came in before the person was closed: then it waits for that one's time.
    /// </summary>
    /// <param name="kept">All that is stored of the person, up to the event that closed them.</param>
    public static Decision<PersonEvent> Erase(
        Person person, Company company, IReadOnlyList<KeptData> kept, LocalDate today)
    {
        if (person.Due.Count == 0)
        {
            return Decision<PersonEvent>.Nothing;
        }

        var due = person.Due.Where(DuePurposes(person, company, kept, today).Contains).ToValueList();
        return due.Count == person.Due.Count
            ? new PersonalDataErased(due)
            : Requested(person, company, kept, today);
    }

    /// <summary>
    /// The first day on which data may go, and never earlier than the person was told, whatever became of the company's
    /// settings since; null where nobody knows.
    /// </summary>
    public static LocalDate? Until(Person person, Company company, KeptData data, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(data);
        return !data.IsOpen && Retention.Until(company, data.Purpose, data.Last, today) is { } until
            ? LocalDate.Max(until, person.Told(data.Purpose) ?? until)
            : null;
    }

    /// <summary>What has to come before <see cref="Until"/> is known; null where it is, and where no law keeps the
    /// data.</summary>
    public static ErasureWait? WaitsFor(Company company, KeptData data, LocalDate today)
    {
        ArgumentNullException.ThrowIfNull(data);
        return !Retention.Keeps(data.Purpose) ? null
            : Retention.Until(company, data.Purpose, data.Last, today) is null ? ErasureWait.RetentionSetting
            : data.IsOpen ? ErasureWait.EndOfContract
            : null;
    }

    private static PersonalDataErasureRequested Requested(
        Person person, Company company, IReadOnlyList<KeptData> kept, LocalDate today)
    {
        var retained = kept
            .Where(data => Retention.Keeps(data.Purpose) && !person.Erased.Contains(data.Purpose))
            .Select(data => (data.Purpose, Until: Until(person, company, data, today)))
            .Where(each => each.Until > today)
            .Select(each => KeyValuePair.Create(Texts.Camel(each.Purpose), each.Until!.Value))
            .ToList();
        return new(retained.Count == 0 ? null : ValueMap<LocalDate>.From(retained));
    }

    private static ValueList<Purpose> DuePurposes(
        Person person, Company company, IReadOnlyList<KeptData> kept, LocalDate today) => kept
        .Where(data => Retention.Keeps(data.Purpose) && !person.Erased.Contains(data.Purpose)
            && Until(person, company, data, today) <= today)
        .Select(data => data.Purpose)
        .Order()
        .ToValueList();

    /// <summary>The first thing that has to come before all of the data has a day.</summary>
    private static Refusal? Unended(
        ErasePersonalData command, Company company, IReadOnlyList<KeptData> kept, LocalDate today)
    {
        var waits = kept.Select(data => (data.Purpose, For: WaitsFor(company, data, today))).ToList();
        foreach (var (purpose, waitsFor) in waits)
        {
            if (waitsFor == ErasureWait.RetentionSetting)
            {
                return PersonRefusals.RetentionUnknown(purpose, company.Settings!.Country);
            }
        }

        return waits.Exists(each => each.For == ErasureWait.EndOfContract)
            ? PersonRefusals.Employed(command.Person)
            : null;
    }
}
