using Ledger.Domain;
using Ledger.Domain.Companies;
using Ledger.Domain.People;
using NodaTime;

namespace Ledger.Tests.People;

public sealed class PersonDeciderTests
{
    private static readonly LocalDate Today = new(2026, 6, 15);
    private static readonly Company Bulgarian = CompanyIn("BG");
    private static readonly KeptData[] Books = [new(Purpose.Bookkeeping, new(2026, 3, 31))];
    private static readonly KeptData[] OldBooks = [new(Purpose.Bookkeeping, new(2010, 3, 31))];
    private static readonly KeptData Employed = new(Purpose.Payroll, new(1970, 3, 31), IsOpen: true);
    private static readonly KeptData Consented = new(Purpose.Consent, new(2026, 3, 31));

    private static readonly PersonEvent Requested = new PersonalDataErasureRequested(
        ValueMap<LocalDate>.From([new("bookkeeping", new LocalDate(2037, 1, 1))]));

    private static readonly PersonEvent ConsentErased = new PersonalDataErased([Purpose.Consent]);

    [Fact]
    public void What_was_given_by_consent_goes_at_once_and_what_the_law_keeps_is_noted_with_its_date() =>
        Given().When(person => PersonDecider.Decide(new("p-17"), person, Bulgarian, Books, Today))
            .ThenAppended(Requested, ConsentErased);

    [Fact]
    public void What_is_over_already_has_no_date() =>
        Given().When(person => PersonDecider.Decide(new("p-17"), person, Bulgarian, OldBooks, Today))
            .ThenAppended(new PersonalDataErasureRequested(), ConsentErased);

    [Theory]
    [InlineData("2036-12-31", false)]
    [InlineData("2037-01-01", true)]
    public void A_purpose_becomes_due_on_the_first_day_after_its_retention(string today, bool isDue)
    {
        var then = Given(Requested, ConsentErased).When(person => PersonDecider.BecomeDue(
            person, Bulgarian, Books, NodaTime.Text.LocalDatePattern.Iso.Parse(today).Value));
        if (isDue)
        {
            then.ThenAppended(new PersonalDataErasureDue([Purpose.Bookkeeping]));
        }
        else
        {
            then.ThenNothing();
        }
    }

    [Fact]
    public void Nothing_becomes_due_that_nobody_asked_for() =>
        Given().When(person => PersonDecider.BecomeDue(person, Bulgarian, OldBooks, Today)).ThenNothing();

    [Fact]
    public void What_is_due_is_erased_once() =>
        Given(new PersonalDataErasureRequested(), ConsentErased, new PersonalDataErasureDue([Purpose.Bookkeeping]))
            .When(person => PersonDecider.Erase(person, Bulgarian, OldBooks, Today))
            .ThenAppended(new PersonalDataErased([Purpose.Bookkeeping]));

    [Fact]
    public void An_entry_that_came_in_before_the_person_was_closed_puts_the_erasure_off() =>
        Given(new PersonalDataErasureRequested(), ConsentErased, new PersonalDataErasureDue([Purpose.Bookkeeping]))
            .When(person => PersonDecider.Erase(person, Bulgarian, Books, Today))
            .ThenAppended(Requested);

    [Fact]
    public void Of_whoever_is_employed_nothing_of_pay_becomes_due_however_long_ago_it_was_recorded()
    {
        var asked = Given(new PersonalDataErasureRequested(), ConsentErased);

        asked.When(person => PersonDecider.BecomeDue(person, Bulgarian, [Employed], Today)).ThenNothing();
        asked.When(person => PersonDecider.BecomeDue(person, Bulgarian, [Employed with { IsOpen = false }], Today))
            .ThenAppended(new PersonalDataErasureDue([Purpose.Payroll]));
    }

    [Fact]
    public void Pay_of_after_the_request_puts_off_what_was_told()
    {
        KeptData[] paidSince = [Employed with { Last = new(2027, 1, 5), IsOpen = false }];
        var asked = Given(
            new PersonalDataErasureRequested(ValueMap<LocalDate>.From([new("payroll", new LocalDate(2077, 1, 1))])),
            ConsentErased);

        asked.When(person => PersonDecider.BecomeDue(person, Bulgarian, paidSince, new(2077, 12, 31))).ThenNothing();
        asked.When(person => PersonDecider.BecomeDue(person, Bulgarian, paidSince, new(2078, 1, 1)))
            .ThenAppended(new PersonalDataErasureDue([Purpose.Payroll]));
    }

    [Fact]
    public void A_contract_of_just_before_the_person_was_closed_puts_the_erasure_off_without_a_day() =>
        Given(new PersonalDataErasureRequested(), ConsentErased, new PersonalDataErasureDue([Purpose.Payroll]))
            .When(person => PersonDecider.Erase(person, Bulgarian, [Employed], Today))
            .ThenAppended(new PersonalDataErasureRequested());

    [Fact]
    public void What_was_given_by_consent_goes_at_once_although_nobody_knows_when_the_rest_may_go()
    {
        var french = CompanyIn("FR");

        Given().When(person => PersonDecider.Decide(new("p-17"), person, french, [.. Books, Consented], Today))
            .ThenAppended(new PersonalDataErasureRequested(), ConsentErased);
        Given().When(person => PersonDecider.Decide(new("p-17"), person, Bulgarian, [Employed, Consented], Today))
            .ThenAppended(new PersonalDataErasureRequested(), ConsentErased);
        Assert.Equal(ErasureWait.RetentionSetting, PersonDecider.WaitsFor(french, Books[0], Today));
        Assert.Equal(ErasureWait.EndOfContract, PersonDecider.WaitsFor(Bulgarian, Employed, Today));
        Assert.Null(PersonDecider.WaitsFor(Bulgarian, Books[0], Today));
        Assert.Null(PersonDecider.WaitsFor(french, Consented, Today));
    }

    [Fact]
    public void Neither_another_country_nor_another_setting_brings_a_day_forward_that_was_told()
    {
        var moved = Company.Evolve(Bulgarian, new CompanyChanged(
            new("Acme", SmallBooks.Eur, "FR", Retention: SmallBooks.Digits(("bookkeeping", 0))), "Europe/Paris",
            new(1, 1)));
        var shortened = CompanyIn("FR", null, ("bookkeeping", 0));

        foreach (var company in new[] { moved, shortened })
        {
            var asked = Given(Requested, ConsentErased);
            asked.When(person => PersonDecider.BecomeDue(person, company, Books, new(2036, 12, 31))).ThenNothing();
            asked.When(person => PersonDecider.BecomeDue(person, company, Books, new(2037, 1, 1)))
                .ThenAppended(new PersonalDataErasureDue([Purpose.Bookkeeping]));
        }
    }

    [Fact]
    public void A_person_takes_data_until_it_is_due_or_erased()
    {
        Assert.Equal([Purpose.Bookkeeping, Purpose.Payroll, Purpose.Consent], Taken());
        Assert.Equal([Purpose.Bookkeeping, Purpose.Payroll], Taken(Requested, ConsentErased));
        Assert.Equal(
            [Purpose.Payroll],
            Taken(Requested, ConsentErased, new PersonalDataErasureDue([Purpose.Bookkeeping])));
        Assert.Equal(
            [Purpose.Bookkeeping, Purpose.Payroll],
            Taken(Requested, ConsentErased, new PersonalDataErasureDue([Purpose.Bookkeeping]), Requested));

        static IEnumerable<Purpose> Taken(params PersonEvent[] events) =>
            Enum.GetValues<Purpose>().Where(Given(events).State.Takes);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<ErasureCase> Faults = new(
        new ErasureCase("Ana Petrova", Company.Initial, []),
        a => PersonDecider.Decide(new(a.Person), Person.Initial, a.Company, a.Kept, Today).Refusal,
        new("company-unknown", a => a with { Company = CompanyIn("FR") }),
        new("id-invalid", a => a with { Person = "p-17" }),
        new("person-unknown", a => a with { Kept = [Employed, .. Books] }),
        new("retention-unknown", a => a with { Company = Bulgarian }),
        new("person-employed", a => a with { Kept = Books }));

    internal sealed record ErasureCase(string Person, Company Company, IReadOnlyList<KeptData> Kept);

    internal static Company CompanyIn(
        string country, AnnualDate? start = null, params (string Purpose, int Years)[] retention) => Company.Evolve(
        Company.Initial,
        new CompanyRegistered(
            new CompanySettings(
                "Acme", SmallBooks.Eur, country,
                Retention: retention.Length == 0 ? null : SmallBooks.Digits(retention)),
            "Europe/Sofia",
            start ?? new AnnualDate(1, 1)));

    private static Given<Person, PersonEvent> Given(params PersonEvent[] events) =>
        new Given<Person, PersonEvent>(Person.Initial, Person.Evolve).And(events);
}
