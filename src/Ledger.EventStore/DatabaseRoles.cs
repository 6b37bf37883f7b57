namespace Ledger.EventStore;

/// <summary>
/// The roles that the walls of the database are made of; <c>005-roles.sql</c> says what each may do. Their names are
/// fixed: they stand in policies and grants of every database.
/// </summary>
public static class DatabaseRoles
{
    /// <summary>Owns the events and the functions that write them; nobody logs in as it.</summary>
    public const string Owner = "ledger_owner";

    /// <summary>Runs the service, which logs in as it or as a member of it.</summary>
    public const string Service = "ledger_service";

    /// <summary>Reads the views, each of its members the companies that <c>ledger.readers</c> names.</summary>
    public const string Reader = "ledger_reader";
}
