using NodaTime;

namespace Ledger.Domain.PayRuns;

/// <summary>A period of a pay group, both days included.</summary>
public readonly record struct PayPeriod(LocalDate From, LocalDate Through)
{
    public bool Holds(LocalDate day) => From <= day && day <= Through;
}
