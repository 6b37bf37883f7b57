using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Keys;

namespace Ledger.Domain.Approvals;

/// <summary>Whether something that two persons must see is done now, and what is recorded of that.</summary>
/// <param name="Proceeds">False while another person has not agreed.</param>
public sealed record Seen(bool Proceeds, ValueList<ApprovalEvent> Events);

public static class ApprovalDecider
{
    /// <summary>Requests that may wait at once.</summary>
    public const int OpenMax = 1_000;

    /// <summary>Requests of one person that may wait at once, so that nobody alone stops everybody's.</summary>
    public const int OpenOfOneMax = 50;

    public const int AccountsMax = 1_000;

    /// <param name="command">What is about to be done.</param>
    /// <param name="state">What waits.</param>
    /// <param name="hasAnother">Whether anybody else in the company could agree.</param>
    /// <param name="revoked">Keys by which others could, had these not been revoked.</param>
    public static (Seen? Seen, Refusal? Refusal) Decide(
        SeekApproval command, FourEyes state, bool hasAnother, ValueList<string>? revoked = null)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(state);
        if (!state.Covers(command.Kind))
        {
            return (new(true, []), null);
        }

        if (state.Find(command.Id) is { } asked)
        {
            return (asked.GivenBy is null ? new(false, []) : new(true, [new ApprovalUsed(command.Id)]), null);
        }

        if (!hasAnother)
        {
            return (new(true, [new ApprovedBySinglePerson(
                command.Kind, command.Subject, command.Holder, revoked is { Count: > 0 } ? revoked : null)]), null);
        }

        if (state.OpenCountOf(command.Holder) >= OpenOfOneMax)
        {
            return (null, ApprovalRefusals.TooManyOfOne(OpenOfOneMax));
        }

        return state.OpenCount >= OpenMax
            ? (null, ApprovalRefusals.TooMany(OpenMax))
            : (new(false, [new ApprovalRequested(
                command.Id, command.Kind, command.Subject, command.Content, command.Holder, command.Sha256)]), null);
    }

    public static Decision<ApprovalEvent> Decide(GiveApproval command, FourEyes state)
    {
        if (state.FindEnded(command.Id) is { Status: ApprovalStatus.Done }
            || state.Find(command.Id)?.GivenBy is not null)
        {
            return Decision<ApprovalEvent>.Nothing;
        }

        if (state.Find(command.Id) is not { } asked)
        {
            return ApprovalRefusals.Unknown(command.Id);
        }

        if (state.IsOutsider(command.Holder))
        {
            return ApprovalRefusals.Outsider();
        }

        if (Key.AreOne(asked.Holder, command.Holder))
        {
            return ApprovalRefusals.OfOneself(command.Id);
        }

        return new ApprovalGiven(command.Id, command.Holder);
    }

    /// <summary>Also after it was given, as long as it is not done. What is another's is not there for those who may
    /// take back only their own.</summary>
    public static Decision<ApprovalEvent> Decide(RefuseApproval command, FourEyes state)
    {
        var asked = state.Find(command.Id) ?? state.FindEnded(command.Id);
        var isTheirs = !command.OnlyOwn || asked?.Holder == command.Holder;
        if (isTheirs && asked is { Status: ApprovalStatus.Refused })
        {
            return Decision<ApprovalEvent>.Nothing;
        }

        if (!isTheirs || asked is null or { Status: ApprovalStatus.Done })
        {
            return ApprovalRefusals.Unknown(command.Id);
        }

        return Texts.CheckNeeded("reason", command.Reason, Texts.DescriptionLengthMax) is { } refusal
            ? refusal
            : new ApprovalRefused(command.Id, command.Holder, command.Reason);
    }

    public static Decision<ApprovalEvent> Decide(PutFourEyes command, FourEyes state, Company company, Chart chart)
    {
        var settings = command.Settings;
        if (state.Settings == settings)
        {
            return Decision<ApprovalEvent>.Nothing;
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (Register.CheckVersion(state.SettingsVersion, command.IfMatch) is { } moved)
        {
            return moved;
        }

        if (settings.EntryAbove < 0 || settings.ReversalAbove < 0)
        {
            return ApprovalRefusals.LimitNegative();
        }

        return Check(settings.PayrollAccounts ?? [], chart) is { } refusal ? refusal : new FourEyesChanged(settings);
    }

    /// <summary>An account that is not there would be no wall, and nobody would notice.</summary>
    private static Refusal? Check(ValueList<AccountCode> accounts, Chart chart)
    {
        if (accounts.Count > AccountsMax)
        {
            return ApprovalRefusals.TooManyAccounts(accounts.Count, AccountsMax);
        }

        foreach (var account in accounts)
        {
            if (!AccountCode.IsValid(account.Value))
            {
                return AccountRefusals.CodeInvalid("payrollAccounts", account.Value);
            }

            if (chart.Find(account) is null)
            {
                return ApprovalRefusals.AccountUnknown(account);
            }
        }

        return null;
    }
}
