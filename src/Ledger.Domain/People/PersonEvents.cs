using NodaTime;

namespace Ledger.Domain.People;

/// <summary>Stream <c>person/{id}</c>: what became of the data on a person, never the data itself.</summary>
public abstract record PersonEvent;

/// <summary>The data is to go. What a law still keeps goes by itself on the day after that.</summary>
/// <param name="RetainedUntil">By purpose, the first day on which its data may go, as it was then.</param>
[EventName("personal_data_erasure_requested")]
public sealed record PersonalDataErasureRequested(ValueMap<LocalDate>? RetainedUntil = null) : PersonEvent;

/// <summary>
/// Retention is over: from here on nothing is sealed for these purposes, so that what there is can be looked at whole.
/// </summary>
[EventName("personal_data_erasure_due")]
public sealed record PersonalDataErasureDue(ValueList<Purpose> Purposes) : PersonEvent;

/// <summary>The keys of these purposes are destroyed for good, now or by whoever reads this next.</summary>
[EventName("personal_data_erased")]
public sealed record PersonalDataErased(ValueList<Purpose> Purposes) : PersonEvent;
