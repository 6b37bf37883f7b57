namespace Ledger.Domain.People;

/// <summary>Asks for all data on a person to be erased: at once what nothing keeps, the rest when it may go.</summary>
public sealed record ErasePersonalData(string Person);
