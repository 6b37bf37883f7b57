using Ledger.Domain.Employees;
using Ledger.Domain.PayRuns;
using static Ledger.Tests.Employees.EmployeeBooks;

namespace Ledger.Tests.Employees;

public sealed class BankAccountDeciderTests
{
    private static readonly BankAccountDetails Account = new(Text(EmployeeSteps.Iban));

    /// <summary>It stands in the payment file, which banks would send back as a whole.</summary>
    [Fact]
    public void Beside_an_IBAN_the_bank_is_a_BIC() =>
        Given(Registered).When(new PutBankAccount(Id, Day("2026-01-01"), Account with { Bank = "first bank" }))
            .ThenRefused(PaymentRefusals.BicInvalid("first bank"));

    [Fact]
    public void An_account_is_recorded_from_a_day_on() =>
        Given(Registered).When(new PutBankAccount(Id, Day("2026-01-01"), Account))
            .ThenAppended(new BankAccountRecorded(Day("2026-01-01"), Account));

    [Fact]
    public void An_account_that_is_no_IBAN_names_its_bank()
    {
        var other = new BankAccountDetails(Text("12345678"), IsIban: false, Bank: "60-16-13");
        Given(Registered).When(new PutBankAccount(Id, Day("2026-01-01"), other))
            .ThenAppended(new BankAccountRecorded(Day("2026-01-01"), other));
        Given(Registered).When(new PutBankAccount(Id, Day("2026-01-01"), other with { Bank = " " }))
            .ThenRefused(EmployeeRefusals.BankMissing());
    }

    [Theory]
    [InlineData("BG80 BNBG 9661 1020 3456 78")]
    [InlineData("az21 nabz 0000 0000 1370 1000 1944")]
    [InlineData("GB29 NWBK 6016 1331 9268 19")]
    [InlineData("DE89 3704 0044 0532 0130 00")]
    [InlineData("NO93 8601 1117 947")]
    [InlineData("MT84 MALT 0110 0001 2345 MTLC AST0 01S")]
    public void The_examples_of_the_registry_hold(string iban) =>
        Assert.Null(Iban.Check(Iban.Electronic(iban)));

    [Theory]
    [InlineData("", "iban-malformed")]
    [InlineData("BG", "iban-malformed")]
    [InlineData("BG8OBNBG96611020345678", "iban-malformed")]
    [InlineData("bg80bnbg96611020345678", "iban-malformed")]
    [InlineData("BG80BNBG9661102034567Ж", "iban-malformed")]
    [InlineData("BG80BNBG966110203456789", "iban-length-wrong")]
    [InlineData("ZZ80BNBG966110", "iban-length-wrong")]
    [InlineData("BG81BNBG96611020345678", "iban-check-digits-wrong")]
    [InlineData("BG80BNBG96611020345687", "iban-check-digits-wrong")]
    public void A_number_that_is_none_is_refused(string iban, string code) =>
        Assert.Equal(code, Iban.Check(iban)?.Code);

    [Fact]
    public void Another_digit_in_any_place_is_found()
    {
        for (var i = 8; i < EmployeeSteps.Iban.Length; i++)
        {
            foreach (var digit in "0123456789".Where(digit => digit != EmployeeSteps.Iban[i]))
            {
                var other = EmployeeSteps.Iban.ToCharArray();
                other[i] = digit;
                Assert.NotNull(Iban.Check(new(other)));
            }
        }
    }

    [Fact]
    public void The_table_of_countries_is_in_order_and_within_bounds() =>
        Assert.InRange(Iban.Countries.Count(), 75, 120);

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<EmployeeCase> Faults = new(
        Case(
            new PutBankAccount(
                "Ana Petrova", Day("2026-01-01"), new(Text(" "), true, new('x', 35), Text(" ")), 7),
            Registered),
        a => a.Decide(),
        [
            .. Before(c => c with { Employee = Id }),
            new("if-match-failed", a => a.With<PutBankAccount>(c => c with { IfMatch = null })),
            new("text-empty", a => Sent(a, d => d with { Account = Text("number") })),
            new("text-too-long", a => Sent(a, d => d with { Bank = null })),
            new("text-empty", a => Sent(a, d => d with { Holder = null })),
            new("iban-malformed", a => Sent(a, d => d with { Account = Text("BG80") })),
            new("iban-length-wrong", a => Sent(a, d => d with { Account = Text("BG81BNBG96611020345678") })),
            new("iban-check-digits-wrong", a => Sent(a, d => d with { IsIban = false })),
            new("bank-missing", a => Sent(a, d => d with { Bank = "BNBGBGSD" })),
        ]);

    private static EmployeeCase Sent(EmployeeCase a, Func<BankAccountDetails, BankAccountDetails> change) =>
        a.With<PutBankAccount>(c => c with { Details = change(c.Details) });
}
