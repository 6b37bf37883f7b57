using System.Reflection;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.Periods;
using NodaTime;

namespace Ledger.Domain;

/// <summary>A way to say no, for documentation.</summary>
/// <param name="Group">What it is about: <c>Journal</c> of <c>JournalRefusals</c>.</param>
/// <param name="Name">Its member there.</param>
/// <param name="Example">Its code, and its message for sample values.</param>
public sealed record CataloguedRefusal(string Group, string Name, Refusal Example)
{
    public string Code => Example.Code;
}

/// <summary>All refusals of the domain, in the order in which they are declared.</summary>
public static class RefusalCatalog
{
    private static readonly Type[] Groups =
    [
        typeof(TextRefusals), typeof(RegisterRefusals), typeof(CompanyRefusals), typeof(AccountRefusals),
        typeof(DimensionRefusals), typeof(PeriodRefusals), typeof(JournalRefusals), typeof(LineRefusals),
        typeof(ReversalRefusals), typeof(CarryOverRefusals), typeof(KeyRefusals),
    ];

    public static IReadOnlyList<CataloguedRefusal> All { get; } =
    [
        .. from type in Groups
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where method.ReturnType == typeof(Refusal)
           orderby Array.IndexOf(Groups, type), method.MetadataToken
           select new CataloguedRefusal(type.Name[..^"Refusals".Length], method.Name, Example(method)),
    ];

    private static Refusal Example(MethodInfo method) =>
        (Refusal)method.Invoke(null, [.. method.GetParameters().Select(Sample)])!;

    /// <summary>A value of the parameter's type that makes the message read well.</summary>
    private static object Sample(ParameterInfo parameter) => (parameter.Name, parameter.ParameterType) switch
    {
        ("unit", var type) when type == typeof(string) => "3M",
        ("dimension", _) => "department",
        ("parent", _) => new AccountCode("12"),
        ("sent", var type) when type == typeof(UnitCode) || type == typeof(UnitCode?) => new UnitCode("USD"),
        ("sent", var type) when type == typeof(AccountType) => AccountType.Liability,
        ("sent", var type) when type == typeof(AnnualDate) => new AnnualDate(4, 1),
        ("unit", var type) when type == typeof(UnitCode) => new UnitCode("USD"),
        ("credits", _) => 1180.50m,
        ("baseAmount", _) => -11.50m,
        ("to", _) => new LocalDate(2025, 12, 31),
        ("last", var type) when type == typeof(LocalDate) => new LocalDate(2027, 12, 31),
        ("last", var type) when type == typeof(YearMonth) => new YearMonth(2027, 12),
        ("earlier" or "firstOpen", _) => new YearMonth(2025, 12),
        ("finalThrough", _) => new YearMonth(2026, 12),
        ("reverseOn" or "bookedOn", _) => new LocalDate(2026, 1, 30),
        ("code", var type) when type == typeof(string) => "12/3",
        ("country", _) => "US",
        ("zones", _) => new[] { "America/Chicago", "America/New_York" },
        ("templates", _) => ChartTemplates.Names,
        ("timeZone", _) => "Sofia",
        ("field", _) => "description",
        ("line" or "before" or "seen", _) => 2,
        ("countMax" or "lengthMax" or "depthMax" or "digitsMax", _) => 1000,
        (_, var type) when type == typeof(string) => "rent-2026-01",
        (_, var type) when type == typeof(int) => 1,
        (_, var type) when type == typeof(long) => 3L,
        (_, var type) when type == typeof(decimal) => 1200.00m,
        (_, var type) when type == typeof(UnitCode) || type == typeof(UnitCode?) => new UnitCode("EUR"),
        (_, var type) when type == typeof(AccountCode) => new AccountCode("1200"),
        (_, var type) when type == typeof(AccountType) => AccountType.Asset,
        (_, var type) when type == typeof(LocalDate) => new LocalDate(2026, 1, 31),
        (_, var type) when type == typeof(YearMonth) => new YearMonth(2026, 1),
        (_, var type) when type == typeof(AnnualDate) => new AnnualDate(1, 1),
        var (name, type) => throw new InvalidOperationException($"There is no sample for {name} of {type}."),
    };
}
