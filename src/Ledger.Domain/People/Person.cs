using NodaTime;

namespace Ledger.Domain.People;

/// <summary>What may still be kept of a person. Nobody registers one: a person is whom data names.</summary>
/// <param name="IsErasureRequested">Everything is to go as soon as it may.</param>
/// <param name="RetainedUntil">By purpose, the latest first day that was ever told on which its data may go.</param>
/// <param name="Due">Purposes whose data is about to go: nothing new is taken for them.</param>
/// <param name="Erased">Purposes whose data is gone; nothing new is ever taken for them.</param>
public sealed record Person(
    bool IsErasureRequested,
    ValueMap<LocalDate> RetainedUntil,
    ValueList<Purpose> Due,
    ValueList<Purpose> Erased)
{
    /// <summary>The stream of a person has this before its id.</summary>
    public const string StreamPrefix = "person/";

    public static Person Initial { get; } = new(false, ValueMap<LocalDate>.Empty, [], []);

    public static Person Evolve(Person state, PersonEvent @event) => @event switch
    {
        PersonalDataErasureRequested e => state with
        {
            IsErasureRequested = true,
            RetainedUntil = Later(state.RetainedUntil, e.RetainedUntil),
            Due = [],
        },
        PersonalDataErasureDue e => state with { Due = e.Purposes },
        PersonalDataErased e => state with
        {
            Due = state.Due.Where(purpose => !e.Purposes.Contains(purpose)).ToValueList(),
            Erased = state.Erased.Concat(e.Purposes).Distinct().Order().ToValueList(),
        },
        _ => throw new ArgumentOutOfRangeException(nameof(@event), @event, "This event is not a person's."),
    };

    /// <summary>Whether data for this purpose is still taken.</summary>
    public bool Takes(Purpose purpose) => !Erased.Contains(purpose) && !Due.Contains(purpose);

    /// <summary>The latest first day that was ever told on which data of the purpose may go.</summary>
    public LocalDate? Told(Purpose purpose) =>
        RetainedUntil.TryGetValue(Texts.Camel(purpose), out var told) ? told : null;

    private static ValueMap<LocalDate> Later(ValueMap<LocalDate> one, ValueMap<LocalDate>? other) =>
        ValueMap<LocalDate>.From((other ?? ValueMap<LocalDate>.Empty).Concat(one)
            .GroupBy(each => each.Key, each => each.Value, StringComparer.Ordinal)
            .Select(each => KeyValuePair.Create(each.Key, each.Max())));
}
