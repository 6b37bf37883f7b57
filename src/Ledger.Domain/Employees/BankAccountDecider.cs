using Ledger.Domain.PayRuns;

namespace Ledger.Domain.Employees;

public static class BankAccountDecider
{
    /// <summary>As long as an IBAN may be.</summary>
    public const int AccountLengthMax = 34;

    public const int BankLengthMax = 34;

    public static Decision<EmployeeEvent> Decide(PutBankAccount command, Employee employee, Workplace at)
    {
        var details = command.Details;
        var known = employee.BankAccounts.GetValueOrDefault(command.EffectiveFrom);
        if (known?.Details == details)
        {
            return Decision<EmployeeEvent>.Nothing;
        }

        if (EmployeeDecider.CheckEmployee(command, employee, at) is { } refusal)
        {
            return refusal;
        }

        if (Register.CheckVersion(known?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        return Check(details) is { } broken ? broken : new BankAccountRecorded(command.EffectiveFrom, details);
    }

    /// <summary>No refusal repeats the account: messages end in logs.</summary>
    private static Refusal? Check(BankAccountDetails details)
    {
        var account = details.Account.Text;
        var text = Texts.CheckNeeded("account", account, AccountLengthMax)
            ?? Texts.Check("bank", details.Bank, BankLengthMax)
            ?? EmployeeDecider.CheckOptional("holder", details.Holder, Texts.NameLengthMax);
        if (text is not null)
        {
            return text;
        }

        return details.IsIban
            ? Iban.Check(account!) ?? (details.Bank is { } bic && !PaymentDecider.IsBic(bic)
                ? PaymentRefusals.BicInvalid(bic) : null)
            : string.IsNullOrWhiteSpace(details.Bank) ? EmployeeRefusals.BankMissing()
            : null;
    }
}
