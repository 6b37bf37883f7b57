using System.Security.Cryptography;
using Npgsql;

namespace Ledger.Tests.Roles;

/// <summary>
/// A login of the test server, gone when disposed. Roles are of the whole server: declare it before the database that
/// it has rights in, so that the database goes first.
/// </summary>
internal sealed class TestLogin : IAsyncDisposable
{
    private TestLogin(string name) => Name = name;

    public string Name { get; }

    /// <param name="attributes">As in <c>create role</c>: <c>createrole</c>, <c>in role ledger_service</c>.</param>
    public static async Task<TestLogin> CreateAsync(string attributes = "")
    {
        var login = new TestLogin(NewName());
        await TestDatabase.ExecuteOnServerAsync($"create role {login.Name} login {attributes}");
        return login;
    }

    /// <summary>For one that the program makes.</summary>
    public static TestLogin ToBeMade() => new(NewName());

    /// <summary>The same database as this login; its connections end when they are closed.</summary>
    public string To(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Username = Name,
        Pooling = false,
    }.ConnectionString;

    public async ValueTask DisposeAsync() => await TestDatabase.ExecuteOnServerAsync($"drop role if exists {Name}");

    private static string NewName() => "test_" + RandomNumberGenerator.GetHexString(12, lowercase: true);
}
