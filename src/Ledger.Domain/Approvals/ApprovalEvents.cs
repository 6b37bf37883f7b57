using Ledger.Domain.People;

namespace Ledger.Domain.Approvals;

/// <summary>What a second person must see before it is done.</summary>
public enum ApprovalKind
{
    ReopenPeriod,

    /// <summary>A reversal above the company's limit.</summary>
    ReverseEntry,

    /// <summary>An entry above the company's limit.</summary>
    PostEntry,

    /// <summary>An entry by hand on one of the company's payroll accounts.</summary>
    PostToPayrollAccount,

    /// <summary>A new key, other roles or another holder of a key, another secret for somebody else's key.</summary>
    ChangeKey,

    /// <summary>The settings of four eyes themselves.</summary>
    ChangeFourEyes,

    /// <summary>What is kept on a person is destroyed for ever.</summary>
    ErasePersonalData,

    /// <summary>The payslips of a run.</summary>
    ApprovePayRun,

    /// <summary>Another account for an employee's pay than the one that is known.</summary>
    ChangeBankAccount,

    /// <summary>A backup takes the place of the whole ledger.</summary>
    Restore,

    /// <summary>Salts are destroyed, so that nobody can prove any more what events say.</summary>
    DeleteSalts,

    /// <summary>A payment file of somebody who may record employees, too, or once could.</summary>
    ReleasePayments,
}

/// <summary>What a caller says of four eyes in a company, as sent.</summary>
/// <param name="EntryAbove">Entries whose debits come to more, in the functional currency; none by default.</param>
/// <param name="ReversalAbove">The same for reversals.</param>
/// <param name="PayrollAccounts">Accounts on which nobody posts alone by hand.</param>
/// <param name="Exempt">Kinds that one person may do alone.</param>
/// <param name="WithoutLedgerOwner">
/// Whoever holds the owner's key of the whole ledger is none of this company's persons: hosted books.
/// </param>
public sealed record FourEyesSettings(
    decimal? EntryAbove = null,
    decimal? ReversalAbove = null,
    ValueList<AccountCode>? PayrollAccounts = null,
    ValueList<ApprovalKind>? Exempt = null,
    bool? WithoutLedgerOwner = null);

/// <summary>Stream <c>approvals</c> of a company: what one person asked for and another one agreed to.</summary>
public abstract record ApprovalEvent;

[EventName("four_eyes_changed")]
public sealed record FourEyesChanged(FourEyesSettings Settings) : ApprovalEvent;

/// <param name="Id">Follows from kind, subject, content and holder: asking again is a retry.</param>
/// <param name="Subject">What it is done to: a month, the id of an entry or key.</param>
/// <param name="Content">
/// All of it as JSON, but for what is personal: what is approved is what will be done. Of a very long one the
/// beginning; all of it is recorded beside this by <see cref="ApprovalContentRecorded"/>.
/// </param>
/// <param name="Holder">The person who asks.</param>
/// <param name="Sha256">Of all of the content, where only its beginning stands here.</param>
[EventName("approval_requested")]
public sealed record ApprovalRequested(
    string Id, ApprovalKind Kind, string Subject, string Content, string Holder, string? Sha256 = null)
    : ApprovalEvent;

/// <summary>Stream <c>approval/{id}</c>: what the stream of approvals, which decisions read, does not hold of what
/// would be done: all of what is too long for it, and what is personal.</summary>
public abstract record ApprovalContentEvent;

/// <param name="Content">As JSON, as its beginning is in the request.</param>
[EventName("approval_content_recorded")]
public sealed record ApprovalContentRecorded(string Content) : ApprovalContentEvent;

/// <param name="Content">As JSON, what somebody must see to agree and the content of the request must not tell.</param>
[EventName("approval_personal_content_recorded")]
public sealed record ApprovalPersonalContentRecorded(PersonalText Content) : ApprovalContentEvent;

/// <param name="Holder">The person who agrees; not the one who asked.</param>
[EventName("approval_given")]
public sealed record ApprovalGiven(string Id, string Holder) : ApprovalEvent;

/// <param name="Holder">The person who does not agree, or who asked and takes it back.</param>
[EventName("approval_refused")]
public sealed record ApprovalRefused(string Id, string Holder, string Reason) : ApprovalEvent;

/// <summary>It was done, in the same request as this.</summary>
[EventName("approval_used")]
public sealed record ApprovalUsed(string Id) : ApprovalEvent;

/// <summary>
/// It was done, in the same request as this, by a single person: there was nobody else who could have agreed.
/// </summary>
/// <param name="Revoked">Keys by which others could have, had these not been revoked: the latest ten.</param>
[EventName("approved_by_single_person")]
public sealed record ApprovedBySinglePerson(
    ApprovalKind Kind, string Subject, string Holder, ValueList<string>? Revoked = null) : ApprovalEvent;
