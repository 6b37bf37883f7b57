namespace Ledger.Api.Audit;

/// <summary>Notes in the log of accesses what commands read, which no request does.</summary>
internal static class CommandAccess
{
    /// <summary>Notes that a command opens names of a company; to be called before it gives any of them out.</summary>
    /// <param name="command">Such as <c>export</c>.</param>
    public static Task NoteReadAsync(
        LedgerHost host, string company, string command, CancellationToken cancellation) =>
        new AccessTables(host.Database).AddAsync(
            new Dictionary<Access, long>
            {
                [new(
                    host.Clock.GetCurrentInstant().ToUnixTimeSeconds(), company, host.OwnerActor, "-",
                    $"./run {command}", AccessLog.PersonalDataRead, null, null)] = 1,
            },
            cancellation);
}
