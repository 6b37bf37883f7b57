using Ledger.Api.Queries;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.Payroll;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Api.Leave;

/// <summary>For which day leave is asked, and as known when.</summary>
/// <param name="LawKnownOn">Null takes all law, as what is known now is asked.</param>
internal sealed record LeaveQuestion(Knowledge Known, LocalDate AsOf, LocalDate? LawKnownOn)
{
    public static LeaveQuestion Of(Call call, Snapshot snapshot, LocalDate? asOf) => new(
        snapshot.Knowledge,
        asOf ?? snapshot.DayOf(call.Ledger.Clock.GetCurrentInstant()),
        call.KnownAt() != KnownAt.Now && snapshot.Knowledge.Instant is { } known ? snapshot.DayOf(known) : null);

    /// <summary>Pay groups and law as they were known.</summary>
    public async ValueTask<LeaveLaw> LawAsync(Call call)
    {
        var events = await call.Ledger.Store.ReadStreamAsync(call.Company, Streams.PayGroups, 0, call.Gone);
        var known = new Dictionary<string, LawKnown>(StringComparer.Ordinal);
        foreach (var pack in LawKnownOn is null ? [] : Packs.All)
        {
            known[pack.Name] = await call.Ledger.PackPublications.KnownAsync(
                pack.Name, LawKnownOn!.Value, Known.Sequence, call.Gone);
        }

        return new(call.Ledger.PayRunFacts.Fold(Streams.PayGroupsFold, events, Known.Sequence), known);
    }
}

/// <summary>By what law leave is found.</summary>
/// <param name="Known">By pack; all is known of one that is not there.</param>
internal sealed record LeaveLaw(PayGroupCatalog Groups, IReadOnlyDictionary<string, LawKnown> Known)
{
    /// <summary>That of the contract of a day; before the first day the first, later the last.</summary>
    public Pack? PackOf(Employee employee, LocalDate day) =>
        (employee.ContractOn(day) ?? employee.ContractBy(day)
            ?? employee.Contracts.Values.MinBy(each => each.Details.From)) is { } contract
            && Groups.Find(contract.Details.PayGroup) is { } group ? Packs.Find(group.Details.Pack) : null;
}
