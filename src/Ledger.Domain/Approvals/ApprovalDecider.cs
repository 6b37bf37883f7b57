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

    public const int AccountsMax = 1_000;

    /// <param name="hasAnother">Whether anybody else in the company could agree.</param>
    public static (Seen? Seen, Refusal? Refusal) Decide(SeekApproval command, FourEyes state, bool hasAnother)
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
            return (new(true, [new ApprovedBySinglePerson(command.Kind, command.Subject, command.Holder)]), null);
        }

        return state.OpenCount >= OpenMax
            ? (null, ApprovalRefusals.TooMany(OpenMax))
            : (new(false, [new ApprovalRequested(
                command.Id, command.Kind, command.Subject, command.Content, command.Holder)]), null);
    }

    public static Decision<ApprovalEvent> Decide(GiveApproval command, FourEyes state)
    {
        if (state.EndOf(command.Id) is true || state.Find(command.Id)?.GivenBy is not null)
        {
            return Decision<ApprovalEvent>.Nothing;
        }

        if (state.Find(command.Id) is not { } asked)
        {
            return ApprovalRefusals.Unknown(command.Id);
        }

        if (command.Holder == Key.OwnersHolder && state.Settings.WithoutLedgerOwner is true)
        {
            return ApprovalRefusals.Outsider();
        }

        if (asked.Holder == command.Holder)
        {
            return ApprovalRefusals.OfOneself(command.Id);
        }

        return new ApprovalGiven(command.Id, command.Holder);
    }

    /// <summary>Also after it was given, as long as it is not done.</summary>
    public static Decision<ApprovalEvent> Decide(RefuseApproval command, FourEyes state)
    {
        if (state.EndOf(command.Id) is false)
        {
            return Decision<ApprovalEvent>.Nothing;
        }

        if (state.Find(command.Id) is null)
        {
            return ApprovalRefusals.Unknown(command.Id);
        }

        return Texts.CheckNeeded("reason", command.Reason, Texts.DescriptionLengthMax) is { } refusal
            ? refusal
            : new ApprovalRefused(command.Id, command.Holder, command.Reason);
    }

    public static Decision<ApprovalEvent> Decide(PutFourEyes command, FourEyes state, Company company)
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

        return settings.PayrollAccounts is { Count: > AccountsMax } accounts
            ? ApprovalRefusals.TooManyAccounts(accounts.Count, AccountsMax)
            : new FourEyesChanged(settings);
    }
}
