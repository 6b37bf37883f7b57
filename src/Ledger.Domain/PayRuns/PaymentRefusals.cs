using static Ledger.Domain.Texts;

namespace Ledger.Domain.PayRuns;

public static class PaymentRefusals
{
    public static Refusal BicInvalid(string bic) => new(
        "bic-invalid", $"'{Shown(bic)}' is not a BIC: send 8 or 11 capital letters and digits, or leave it out.");

    public static Refusal AccountUnusable(AccountCode account) => new(
        "payment-account-unusable",
        $"The account {account} is not in the chart, is archived or takes no postings: open it, or send another.");

    public static Refusal NothingToPay(string run) => new(
        "payments-none",
        $"Nothing of the pay run '{Shown(run)}' is left to be paid: have payments returned first, or record the bank "
        + "accounts that are missing.");

    public static Refusal FileUnknown(int number) => new(
        "payment-file-unknown", $"The run has no payment file {number}: send the number of one that it has.");

    public static Refusal NotInFile(string employee, int number) => new(
        "payment-not-in-file",
        $"The payment file {number} holds no open payment to '{Shown(employee)}': send those that it holds.");

    public static Refusal AccountErased(string employee) => new(
        "payment-account-erased",
        $"The bank account of {Shown(employee)} was erased after the file was made, so it cannot be written again: "
        + "send the copy that you kept to the bank, or send the payment as returned.");
}
