using System.Collections;
using System.Reflection;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Tests.Payroll;

/// <summary>To whom levies go, and by when.</summary>
public sealed class RemittanceTests
{
    public static TheoryData<string> PackNames => [.. Packs.All.Select(pack => pack.Name)];

    [Theory]
    [MemberData(nameof(PackNames))]
    public void Every_levy_of_a_pack_goes_to_one_authority_and_every_code_is_one_of_its_lines(string pack)
    {
        var known = Packs.Find(pack)!;
        var lines = LinesOf(known).ToList();
        var levies = lines.Where(line => line.Kind is LineKind.Tax or LineKind.Contribution
            or LineKind.EmployerContribution).Select(line => line.Code).ToHashSet();
        var placed = Remittance.Of(pack).SelectMany(each => each.Codes).ToList();

        Assert.NotEmpty(levies);
        Assert.Equal(placed.Distinct(), placed);
        Assert.Equal([], levies.Except(placed));
        Assert.Equal([], placed.Except(lines.Select(line => line.Code)));
        Assert.All(Remittance.Of(pack), each => Assert.True(
            each.Figure is null || known.Figures.All.Any(figure => figure.Name == each.Figure), each.Authority));
    }

    [Theory]
    [InlineData("bg", "pensions", "2026-03-31", "2026-04-05", "2026-04-25")]
    [InlineData("bg", "incomeTax", "2026-03-31", "2026-04-05", "2026-05-25")]
    [InlineData("bg", "incomeTax", "2025-12-31", "2025-12-31", "2026-01-25")]
    [InlineData("az", "socialInsurance", "2026-03-31", "2026-04-05", "2026-05-20")]
    [InlineData("gb", "incomeTax", "2026-03-31", "2026-04-05", "2026-04-22")]
    [InlineData("gb", "incomeTax", "2026-03-31", "2026-04-06", "2026-05-22")]
    [InlineData("gb", "studentLoan", "2025-12-31", "2025-12-31", "2026-01-22")]
    [InlineData("gb", "pension", "2025-12-31", "2025-12-31", null)]
    [InlineData("us", "medicare", "2026-01-31", "2026-01-31", "2026-02-15")]
    [InlineData("us", "unemploymentEmployer", "2026-03-31", "2026-03-31", "2026-04-30")]
    [InlineData("us", "unemploymentEmployer", "2025-12-31", "2025-12-31", "2026-01-31")]
    [InlineData("us", "stateTax", "2025-12-31", "2025-12-31", null)]
    public void A_levy_is_due_on(string pack, string code, string through, string payDate, string? day) => Assert.Equal(
        day is null ? (LocalDate?)null : Slips.Day(day),
        Remittance.Of(pack).Single(each => each.Codes.Contains(code)).DueOn(
            Packs.Find(pack)!, Slips.Day(through), Slips.Day(payDate), out _));

    private static IEnumerable<LineType> LinesOf(Pack pack) => pack.GetType().Assembly.GetTypes()
        .Where(type => type.Namespace == pack.GetType().Namespace && !type.ContainsGenericParameters)
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(field => !field.IsLiteral)
        .SelectMany(field => field.GetValue(null) switch
        {
            LineType line => (IEnumerable<LineType>)[line],
            IDictionary all => all.Values.OfType<LineType>(),
            IEnumerable all and not string => all.OfType<LineType>(),
            _ => [],
        })
        .Distinct();
}
