using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using static Ledger.Tests.SmallBooks;

namespace Ledger.Tests.Dimensions;

public sealed class DimensionDeciderTests
{
    private static readonly DimensionValueDetails Sales = new("Sales");
    private static readonly DimensionValueAdded SalesAdded = new("department", "sales", Sales);

    [Fact]
    public void A_value_is_added() => Given().When(Put("department", "sales", Sales)).ThenAppended(SalesAdded);

    [Fact]
    public void The_same_value_again_is_nothing_new() =>
        Given(SalesAdded).When(Put("department", "sales", Sales, ifMatch: 99)).ThenNothing();

    [Fact]
    public void The_same_value_of_another_dimension_is_another_value() =>
        Given(SalesAdded).When(Put("project", "sales", Sales))
            .ThenAppended(new DimensionValueAdded("project", "sales", Sales));

    [Fact]
    public void A_change_needs_the_version_of_the_value()
    {
        var given = Given(new DimensionValueAdded("project", "p1", new("P1")), SalesAdded);
        var archived = Sales with { Archived = true };
        given.When(Put("department", "sales", archived)).ThenRefused(RegisterRefusals.IfMatchRequired(2));
        given.When(Put("department", "sales", archived, 1)).ThenRefused(RegisterRefusals.IfMatchFailed(1, 2));
        given.When(Put("department", "sales", archived, 2))
            .ThenAppended(new DimensionValueChanged("department", "sales", archived));
    }

    [Fact]
    public void A_company_has_at_most_50_dimensions()
    {
        var full = Enumerable.Range(1, 50)
            .Select(i => (DimensionEvent)new DimensionValueAdded($"d{i}", "v", new("V"))).ToArray();
        Given(full[..49]).When(Put("d50", "v", new("V"))).ThenAppended(full[49]);
        Given(full).When(Put("d51", "v", new("V"))).ThenRefused(DimensionRefusals.TooManyDimensions(50));
        Given(full).When(Put("d50", "w", new("W"))).ThenAppended(new DimensionValueAdded("d50", "w", new("W")));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<DimensionCase> Faults = new(
        new DimensionCase(
            new PutDimensionValue("de partment", "sa/les", new DimensionValueDetails(" ", Map(("bg", ""))), 7),
            Company.Initial,
            Enumerable.Range(1, 50).Select(i => (DimensionEvent)new DimensionValueAdded($"d{i}", "v", new("V")))
                .Aggregate(DimensionCatalog.Initial, DimensionCatalog.Evolve)),
        a => DimensionDecider.Decide(a.Command, a.Catalog, a.Company).Refusal,
        new("company-unknown", a => a with { Company = Acme }),
        new("id-invalid", a => a with { Command = a.Command with { Dimension = "department" } }),
        new("id-invalid", a => a with { Command = a.Command with { Value = "sales" } }),
        new("if-match-failed", a => a with { Command = a.Command with { IfMatch = null } }),
        new("text-empty", a => a with { Command = a.Command with { Details = new("Sales", Map(("bg", ""))) } }),
        new("text-empty", a => a with { Command = a.Command with { Details = Sales } }),
        new("too-many-dimensions", a => a with { Catalog = DimensionCatalog.Initial }));

    private static Given<DimensionCatalog, DimensionEvent> Given(params DimensionEvent[] events) =>
        new Given<DimensionCatalog, DimensionEvent>(DimensionCatalog.Initial, DimensionCatalog.Evolve).And(events);

    private static Func<DimensionCatalog, Decision<DimensionEvent>> Put(
        string dimension, string value, DimensionValueDetails details, long? ifMatch = null) =>
        catalog => DimensionDecider.Decide(
            new PutDimensionValue(dimension, value, details, ifMatch), catalog, Acme);

    internal sealed record DimensionCase(PutDimensionValue Command, Company Company, DimensionCatalog Catalog);
}
