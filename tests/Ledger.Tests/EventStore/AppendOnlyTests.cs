using Ledger.EventStore;
using Npgsql;
using static Ledger.Tests.EventStore.Requests;

namespace Ledger.Tests.EventStore;

public sealed class AppendOnlyTests(StoreDatabase database) : IClassFixture<StoreDatabase>
{
    [Theory]
    [InlineData("update mt_events set data = '{}'", "UPDATE of public.mt_events is refused")]
    [InlineData("update mt_events set is_archived = true where false", "UPDATE of public.mt_events is refused")]
    [InlineData("delete from mt_events", "DELETE of public.mt_events is refused")]
    [InlineData("truncate mt_events", "TRUNCATE of public.mt_events is refused")]
    [InlineData("truncate mt_streams, mt_events cascade", "TRUNCATE of public.mt_events is refused")]
    [InlineData("update ledger.log set position = 1", "UPDATE of ledger.log is refused")]
    [InlineData("delete from ledger.log", "DELETE of ledger.log is refused")]
    [InlineData("truncate ledger.log", "TRUNCATE of ledger.log is refused")]
    public async Task The_database_refuses_to_change_what_is_recorded_even_for_its_owner(string sql, string message)
    {
        await using var store = new Store(database.Source);
        await store.AppendAsync(Of("only", To($"stream/{Guid.NewGuid()}", 0)));
        var before = await database.Number("select count(*) from mt_events");

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => database.ExecuteAsSuperuser($"set role {DatabaseRoles.Owner}; {sql}"));

        Assert.StartsWith(message, refused.MessageText, StringComparison.Ordinal);
        Assert.Equal("42501", refused.SqlState);
        Assert.Contains("as a new event", refused.Hint, StringComparison.Ordinal);
        Assert.Equal(before, await database.Number("select count(*) from mt_events"));
    }

    [Fact]
    public async Task Nobody_but_its_owner_may_write_by_the_owner_s_rights_unless_it_is_granted()
    {
        Assert.Equal(
            ["append", "companies_readable_with_pay", "delete_salts", "readable_companies", "record_holes"],
            await database.Texts("""
                select proname::text from pg_proc
                where pronamespace = 'ledger'::regnamespace and prosecdef order by 1
                """));
        Assert.Empty(await database.Texts("""
            select p.proname::text from pg_proc p
            where p.pronamespace = 'ledger'::regnamespace and p.prosecdef
                and has_function_privilege('pg_read_all_data', p.oid, 'execute')
            """));
    }
}
