using Ledger.Domain;
using Ledger.Domain.Audit;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.Tests.Golden;
using NodaTime;
using static Ledger.Tests.People.PersonDeciderTests;

namespace Ledger.Tests.Audit;

public sealed class SaltDeletionDeciderTests
{
    private const string Sale = "0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11";
    private const string Slip = "7d2c9a10-3b1e-4f7a-8e55-1c2d3e4f5a6b";
    private const string Erasure = "5a0e7d44-0f0e-4f43-9a5c-2b1f6c7d8e90";
    private const string Deletion = "99999999-0f0e-4f43-9a5c-2b1f6c7d8e90";

    private static readonly LocalDate Today = new(2026, 6, 15);
    private static readonly Company Bulgarian = CompanyIn("BG");

    private static readonly SaltedEvent OldSale = Salted(
        Sale, 1_742, "journal_entry_posted", new(Purpose.Bookkeeping, new(2015, 12, 31)));

    private static readonly SaltedEvent NewSale = OldSale with
    {
        Kept = new(Purpose.Bookkeeping, new(2016, 1, 1)),
    };

    private static readonly SaltedEvent OldSlip = Salted(
        Slip, 1_650, "payslip_calculated", new(Purpose.Payroll, new(2015, 12, 31)));

    private static readonly SaltedEvent NewErasure = Salted(Erasure, 1_900, "personal_data_erased", null);

    [Fact]
    public void What_nothing_keeps_any_more_goes_with_its_reason_and_its_numbers() =>
        When(Delete(Sale, Erasure), OldSale, NewErasure).ThenAppended(
            new SaltsDeleted("Out of use", [Sale, Erasure], [1_742, 1_900]));

    [Fact]
    public void What_is_kept_is_refused_with_the_day_from_which_all_that_is_named_may_go() =>
        When(Delete(Sale, Slip), NewSale, OldSlip).ThenRefused(SaltDeletionRefusals.Retained(
            Slip, "payslip_calculated", Purpose.Payroll, new(2066, 1, 1)));

    [Theory]
    [InlineData("2026-12-31", false)]
    [InlineData("2027-01-01", true)]
    public void It_may_go_on_the_first_day_after_its_retention(string today, bool mayGo)
    {
        var then = When(Delete(Sale), NodaTime.Text.LocalDatePattern.Iso.Parse(today).Value, NewSale);
        if (mayGo)
        {
            then.ThenAppended(new SaltsDeleted("Out of use", [Sale], [1_742]));
        }
        else
        {
            then.ThenRefused(SaltDeletionRefusals.Retained(
                Sale, "journal_entry_posted", Purpose.Bookkeeping, new(2027, 1, 1)));
        }
    }

    [Fact]
    public void Whatever_nobody_knows_the_retention_of_stays() =>
        new Given<SaltDeletion, SaltDeletionEvent>(SaltDeletion.Initial, SaltDeletion.Evolve)
            .When(state => SaltDeletionDecider.Decide(Delete(Sale), state, CompanyIn("FR"), [OldSale], Today))
            .ThenRefused(PersonRefusals.RetentionUnknown(Purpose.Bookkeeping, "FR"));

    [Fact]
    public void Entries_count_from_their_booked_day_and_all_else_from_the_day_it_was_recorded()
    {
        var booked = new JournalEntryPosted(new(2014, 5, 1), "Rent", SmallBooks.Eur, []);
        Assert.Equal(new(Purpose.Bookkeeping, new(2014, 5, 1)), SaltRetention.Of(Today, booked));
        Assert.Equal(new(Purpose.Bookkeeping, Today), SaltRetention.Of(Today, null));
    }

    [Fact]
    public void Only_what_became_of_the_data_on_a_person_is_kept_by_no_rule()
    {
        Assert.Equal(
            ["personal_data_erased", "personal_data_erasure_due", "personal_data_erasure_requested"],
            EventCatalog.Ledger.Names.Where(name => SaltRetention.Of(Today, SampleEvents.Of(name)) is null));
        Assert.All(
            (string[])["key_issued", "period_closed", "four_eyes_changed", "company_changed", "account_opened"],
            name => Assert.Equal(
                Purpose.Bookkeeping, SaltRetention.Of(Today, SampleEvents.Of(name))!.Purpose));
        Assert.All(
            (string[])["payslip_calculated", "pay_run_opened", "pay_recorded", "time_entry_recorded"],
            name => Assert.Equal(Purpose.Payroll, SaltRetention.Of(Today, SampleEvents.Of(name))!.Purpose));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<DeletionCase> Faults = new(
        new DeletionCase(
            new("old sales", " ", []), new(new SaltsDeleted("Another reason", [Sale], [1_742])), Company.Initial, []),
        a => SaltDeletionDecider.Decide(a.Command, a.State, a.Company, a.Found, Today).Refusal,
        new("salt-deletion-exists", a => a with { State = SaltDeletion.Initial }),
        new("company-unknown", a => a with { Company = CompanyIn("FR") }),
        new("id-invalid", a => a with { Command = a.Command with { Id = "old-sales" } }),
        new("text-empty", a => a with { Command = a.Command with { Reason = "Out of use" } }),
        new("salt-events-missing", a => Naming(a, [.. Enumerable.Repeat(Sale, SaltDeletionDecider.EventsMax + 1)])),
        new("salt-events-too-many", a => Naming(a, [Sale, Sale])),
        new("salt-event-twice", a => Naming(a, [Sale, Deletion])),
        new("salt-event-unknown", a => a with
        {
            Found = [NewSale, Salted(Deletion, 1_800, "salts_deleted", null) with { IsDeletion = true }],
        }),
        new("salt-of-deletion", a => Naming(a, [Sale])),
        new("retention-unknown", a => a with { Company = Bulgarian }),
        new("salt-retained", a => a with { Found = [OldSale] }));

    internal sealed record DeletionCase(
        DeleteSalts Command, SaltDeletion State, Company Company, IReadOnlyList<SaltedEvent> Found);

    private static DeletionCase Naming(DeletionCase a, ValueList<string> events) =>
        a with { Command = a.Command with { Events = events } };

    private static DeleteSalts Delete(params string[] events) => new("old", "Out of use", events.ToValueList());

    private static SaltedEvent Salted(string id, long sequence, string type, KeptData? kept) =>
        new(id, sequence, type, false, kept);

    private static Then<SaltDeletion, SaltDeletionEvent> When(DeleteSalts command, params SaltedEvent[] found) =>
        When(command, Today, found);

    private static Then<SaltDeletion, SaltDeletionEvent> When(
        DeleteSalts command, LocalDate today, params SaltedEvent[] found) =>
        new Given<SaltDeletion, SaltDeletionEvent>(SaltDeletion.Initial, SaltDeletion.Evolve)
            .When(state => SaltDeletionDecider.Decide(command, state, Bulgarian, found, today));
}
