using Ledger.Domain.Payroll.Azerbaijan;
using Ledger.Domain.Payroll.Bulgaria;
using Ledger.Domain.Payroll.UnitedKingdom;
using Ledger.Domain.Payroll.UnitedStates;

namespace Ledger.Domain.Payroll;

/// <summary>The packs that are part of the program.</summary>
public static class Packs
{
    public static IReadOnlyList<Pack> All { get; } =
        [AzerbaijaniPack.Instance, BulgarianPack.Instance, BritishPack.Instance, AmericanPack.Instance];

    public static Pack? Find(string name) => All.FirstOrDefault(pack => pack.Name == name);
}
