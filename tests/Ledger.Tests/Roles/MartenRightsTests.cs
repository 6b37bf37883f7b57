using System.Text.RegularExpressions;
using Ledger.EventStore;
using Ledger.Tests.EventStore;
using Ledger.Tests.Tidy;
using Npgsql;

namespace Ledger.Tests.Roles;

/// <summary>The rights that the page on operating tells a Marten application to be given.</summary>
public sealed partial class MartenRightsTests : IAsyncLifetime
{
    private TestLogin login = null!;
    private StoreDatabase database = null!;

    public async Task InitializeAsync()
    {
        login = TestLogin.ToBeMade();
        database = new StoreDatabase();
        await database.InitializeAsync();
        await using var store = new Store(database.Source);
        await store.AppendAsync(Requests.Of("acme", Requests.To("journal-entry/e1", 0)));
    }

    public async Task DisposeAsync()
    {
        await database.DisposeAsync();
        await login.DisposeAsync();
    }

    [Fact]
    public async Task With_the_rights_of_a_reader_it_fetches_a_stream_and_no_more()
    {
        await GrantAsync("marten_reader");

        Assert.Equal("1", await AskAsync("""
            select d.version from public.mt_events d inner join public.mt_streams s
                on s.id = d.stream_id and s.tenant_id = d.tenant_id
            where d.tenant_id = 'acme' and d.stream_id = 'journal-entry/e1' and not d.is_archived
            """));
        await AllAreRefusedAsync("insert into public.mt_events select * from public.mt_events");
    }

    [Fact]
    public async Task With_the_rights_of_a_writer_it_appends_as_Marten_does_and_changes_nothing()
    {
        await GrantAsync("marten_writer");

        // What Marten's function does at a quick append: the stream's version, then each event with its number.
        await AskAsync("""
            insert into public.mt_streams (tenant_id, id, version) values ('acme', 'journal-entry/e2', 0);
            update public.mt_streams set version = version + 1, timestamp = now()
            where tenant_id = 'acme' and id = 'journal-entry/e2';
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values (nextval('public.mt_events_sequence'), gen_random_uuid(), 'journal-entry/e2', 1, '{}', 'posted',
                now(), 'acme');
            insert into public.mt_event_progression (name, last_seq_id) values ('Theirs:All', 2)
            on conflict (name) do update set last_seq_id = excluded.last_seq_id
            """);

        Assert.Equal(["journal-entry/e1@1", "journal-entry/e2@1"], await database.EventsOf("acme"));
        await AllAreRefusedAsync("delete from public.mt_event_progression");
        await using var store = new Store(database.Source);
        Assert.Equal(3, Assert.IsType<AppendResult.Appended>(
            await store.AppendAsync(Requests.Of("acme", Requests.To("journal-entry/e3", 0)))).FirstSequence);
    }

    [GeneratedRegex(
        @"```sql\n(?<grants>create role (?<role>\w+) .+?)\n```",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Blocks();

    /// <summary>Types the page's block for that role, under the test's own name.</summary>
    private async Task GrantAsync(string role)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "docs", "operating.md"));
        var block = Assert.Single(Blocks().Matches(page), match => match.Groups["role"].Value == role);
        await database.ExecuteAsSuperuser(
            block.Groups["grants"].Value.Replace(role, login.Name, StringComparison.Ordinal));
    }

    private async Task AllAreRefusedAsync(string more)
    {
        string[] attacks =
        [
            more, "update public.mt_events set data = '{}'", "delete from public.mt_events",
            "truncate public.mt_events", "alter table public.mt_events disable trigger all",
            "drop table public.mt_events", "select * from ledger.log",
            "alter table public.mt_events add column mine text",
        ];
        foreach (var attack in attacks)
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => AskAsync(attack));
            Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, $"{attack}: {refused.Message}");
        }
    }

    private async Task<string> AskAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(login.To(database.ConnectionString));
        await using var command = source.CreateCommand(sql);
        return (await command.ExecuteScalarAsync())?.ToString() ?? "nothing";
    }
}
