namespace Ledger.Domain;

/// <summary>
/// What companies, accounts and dimension values have in common: putting the current content is nothing new, and other
/// content must name the version that the caller saw, so that nobody undoes what he has not read.
/// </summary>
internal static class Register
{
    /// <param name="version">The version of what is there; 0 when there is nothing.</param>
    public static Refusal? CheckVersion(long version, long? ifMatch)
    {
        if (version > 0 && ifMatch is null)
        {
            return RegisterRefusals.IfMatchRequired(version);
        }

        return ifMatch is { } seen && seen != version ? RegisterRefusals.IfMatchFailed(seen, version) : null;
    }
}

public static class RegisterRefusals
{
    public static Refusal IfMatchRequired(long version) => new(
        "if-match-required",
        $"This exists with other content: read it, then send the change with If-Match: \"{version}\".");

    public static Refusal IfMatchFailed(long seen, long version) => new(
        "if-match-failed",
        version == 0
            ? $"This does not exist yet, so it has no version {seen}: send it without If-Match."
            : $"If-Match names version {seen}, but it is at version {version} now: read it again, then decide.");
}
