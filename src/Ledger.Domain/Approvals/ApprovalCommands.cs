namespace Ledger.Domain.Approvals;

/// <summary>Says what is done by two persons in the company.</summary>
public sealed record PutFourEyes(FourEyesSettings Settings, long? IfMatch = null);

/// <summary>Something that is about to be done, and who does it.</summary>
/// <param name="Id">The same for the same kind, subject, content and holder.</param>
/// <param name="Content">As it is recorded: all of it, or its beginning.</param>
/// <param name="Sha256">Of all of it, where that is only its beginning.</param>
public sealed record SeekApproval(
    string Id, ApprovalKind Kind, string Subject, string Content, string Holder, string? Sha256 = null);

/// <summary>Agrees to what was asked for.</summary>
public sealed record GiveApproval(string Id, string Holder);

/// <summary>Does not agree; who asked may take it back.</summary>
/// <param name="OnlyOwn">The holder may take back their own, and has no say in what others ask for.</param>
public sealed record RefuseApproval(string Id, string Holder, string Reason, bool OnlyOwn = false);
