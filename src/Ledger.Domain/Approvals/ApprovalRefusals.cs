using static Ledger.Domain.Texts;

namespace Ledger.Domain.Approvals;

public static class ApprovalRefusals
{
    public static Refusal Unknown(string id) => new(
        "approval-not-found",
        $"Nothing waits under '{Shown(id)}' (it was done, refused, or never asked for): read the list of "
        + "approvals.");

    public static Refusal Outsider() => new(
        "approval-of-outsider",
        "The settings of four eyes say that whoever holds the owner's key of the whole ledger is none of this "
        + "company's persons: have one of them approve it.");

    public static Refusal OfOneself(string id) => new(
        "approval-of-oneself",
        $"'{Shown(id)}' was asked for by the same person, whatever key it was: have somebody else approve it.");

    public static Refusal Needed(string subject) => new(
        "approval-needed",
        $"'{Shown(subject)}' needs a second person, for whom neither a command nor an atomic batch can wait: send it "
        + "by itself over HTTP.");

    public static Refusal AskedByKnownSecret(string subject) => new(
        "approval-asked-by-known-secret",
        $"'{Shown(subject)}' needs a second person, and whoever made the secret of your key, and so knows it, could be "
        + "that person: send POST …/keys/{id}/rotation with it first, and this with the new secret.");

    public static Refusal TooManyOfOne(int openMax) => new(
        "approvals-too-many-of-one",
        FormattableString.Invariant($"{openMax} requests of yours wait for approval: have some approved, or take some ")
        + "back, first.");

    public static Refusal TooMany(int openMax) => new(
        "approvals-too-many",
        FormattableString.Invariant($"{openMax} requests wait for approval: have some approved or refused first."));

    public static Refusal LimitNegative() => new(
        "approval-limit-negative", "A limit is below zero: send 0.00 or more, or leave it out for no limit.");

    public static Refusal TooManyAccounts(int count, int accountsMax) => new(
        "approval-accounts-too-many",
        FormattableString.Invariant($"payrollAccounts names {count} accounts: send at most {accountsMax}."));

    public static Refusal AccountUnknown(AccountCode account) => new(
        "approval-account-unknown",
        $"payrollAccounts names '{Shown(account.Value)}', which the chart does not have: open it first, or correct the "
        + "code.");
}
