namespace Ledger.Domain.Approvals;

/// <summary>Says what is done by two persons in the company.</summary>
public sealed record PutFourEyes(FourEyesSettings Settings, long? IfMatch = null);

/// <summary>Something that is about to be done, and who does it.</summary>
/// <param name="Id">The same for the same kind, subject, content and holder.</param>
public sealed record SeekApproval(string Id, ApprovalKind Kind, string Subject, string Content, string Holder);

/// <summary>Agrees to what was asked for.</summary>
public sealed record GiveApproval(string Id, string Holder);

/// <summary>Does not agree; who asked may take it back.</summary>
public sealed record RefuseApproval(string Id, string Holder, string Reason);
