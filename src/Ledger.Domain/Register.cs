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
