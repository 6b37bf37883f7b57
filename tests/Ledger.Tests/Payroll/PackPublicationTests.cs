using Ledger.Api;
using Ledger.Api.Keys;
using Ledger.Domain.Payroll;
using Ledger.Domain.Payroll.Bulgaria;
using Ledger.EventStore;
using Ledger.Tests.Http;
using NodaTime;

namespace Ledger.Tests.Payroll;

/// <summary>Since when a ledger knows the law.</summary>
public sealed class PackPublicationTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly LocalDate Today = new(2026, 8, 31);

    private static string[] Keys => [.. BulgarianPack.Instance.Keys];

    [Fact]
    public void What_is_new_is_published_once()
    {
        var pack = BulgarianPack.Instance;
        var first = Assert.IsType<PackPublished>(
            Assert.Single(PackDecider.Publish(pack, PublishedPack.Initial).Events));
        Assert.Equal(Keys, first.Figures);
        var known = PublishedPack.Evolve(PublishedPack.Initial, first);
        Assert.Empty(PackDecider.Publish(pack, known).Events);

        var before = PublishedPack.Evolve(PublishedPack.Initial, first with { Figures = [.. Keys[1..]] });
        Assert.Equal(
            [new PackPublished("bg", pack.EngineVersion, [Keys[0]])], PackDecider.Publish(pack, before).Events);
    }

    [Fact]
    public void A_program_of_before_publishes_nothing()
    {
        var newer = PublishedPack.Evolve(
            PublishedPack.Initial, new PackPublished("bg", 99, [.. Keys, "incomeTax 2030-01-01 2030-01-01"]));
        Assert.Empty(PackDecider.Publish(BulgarianPack.Instance, newer).Events);
    }

    [Fact]
    public void Keys_of_figures_are_unique() =>
        Assert.All(Packs.All, pack => Assert.Equal(
            pack.Keys.Count(), pack.Keys.Distinct().Count()));

    /// <summary>The ceiling of August came into this ledger after its payslips of August had been made.</summary>
    [Fact]
    public async Task A_figure_that_came_later_does_not_count_for_what_was_known_before()
    {
        var shown = (await host.GetAsync("/payroll/packs/bg")).Is(200).Json.GetProperty("published");
        Assert.Equal(Keys.Length, shown[0].GetProperty("figures").GetInt32());
        var before = await host.Ledger.Store.HeadAsync();
        var august = BulgarianPack.Instance.Figures.All
            .Single(figure => figure.Name.StartsWith("maximumInsurableIncome", StringComparison.Ordinal)
                && figure.From == new LocalDate(2026, 8, 1));
        Assert.IsType<AppendResult.Appended>(await host.Ledger.Store.AppendAsync(new(
            OwnerKey.Tenant,
            [new(Streams.Pack("bg"), 1, [EventCatalog.Ledger.ToStore(new PackPublished("bg", 1, [august.Key]))])],
            [], new("key:test", null, null, null))));

        var publications = host.Ledger.PackPublications;
        var then = await publications.KnownAsync("bg", Today, before, default);
        var now = await publications.KnownAsync("bg", Today, before + 1, default);
        Assert.Equal((LawKnown)(LocalDate?)Today, now);
        Assert.Equal([august.Key], then.Later!);
        Assert.Same(then.Later, (await publications.KnownAsync("bg", Today, 1, default)).Later);
        Assert.Equal(august, BulgarianPack.Instance.Figures.On(Today, now).Find(august.Name));
        Assert.NotEqual(august, BulgarianPack.Instance.Figures.On(Today, then).Find(august.Name));
    }
}
