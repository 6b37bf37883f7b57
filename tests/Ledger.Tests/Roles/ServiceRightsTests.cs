using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Tests.Projections;
using Ledger.Tests.Queries;
using Npgsql;

namespace Ledger.Tests.Roles;

/// <summary>What a login that is a member of ledger_service may do, and what it may not.</summary>
public sealed class ServiceRightsTests(ServiceRightsTests.MemberBooks member)
    : IClassFixture<ServiceRightsTests.MemberBooks>
{
    private readonly BooksDatabase books = member.Books;
    private readonly NpgsqlDataSource service = member.Service;

    /// <summary>Everything that would change what is recorded, or take away what keeps it.</summary>
    public static TheoryData<string> Attacks => new()
    {
        "update public.mt_events set data = '{}'",
        "delete from public.mt_events",
        "truncate public.mt_events",
        "insert into public.mt_events select * from public.mt_events",
        "begin; lock table public.mt_events in access exclusive mode",
        "update public.mt_streams set version = 99",
        "delete from public.mt_high_water_skips",
        "insert into public.mt_high_water_skips values (1, 1)",
        "select setval('public.mt_events_sequence', 1)",
        "select nextval('public.mt_events_sequence')",
        "update ledger.log set position = 1",
        "delete from ledger.log",
        "truncate ledger.log",
        "delete from ledger.schema_version",
        "insert into ledger.readers values (session_user, 'acme')",
        "set session_replication_role = replica",
        "alter table public.mt_events disable trigger all",
        "alter table public.mt_events disable trigger ledger_append_only",
        "alter table ledger.log disable row level security",
        "drop trigger ledger_append_only on public.mt_events",
        "create trigger mine before insert on public.mt_events execute function ledger.refuse_change()",
        "create rule mine as on insert to public.mt_events do instead nothing",
        "create policy mine on ledger.log using (true)",
        "alter table public.mt_events add column mine text",
        "alter table public.mt_events rename to gone",
        "alter table public.mt_events owner to session_user",
        "alter table public.mt_events set schema views",
        "create index mine on public.mt_events (type)",
        "drop table public.mt_events",
        "drop table ledger.log cascade",
        "drop schema public cascade",
        "drop schema ledger cascade",
        "alter schema ledger rename to gone",
        "create table public.mine (n int)",
        "create table ledger.mine (n int)",
        "create function ledger.append() returns int language sql as 'select 1'",
        "create or replace function ledger.refuse_change() returns trigger language plpgsql as 'begin return new; end'",
        "create or replace function ledger.record_holes() returns bigint language sql as 'select 1::bigint'",
        "alter function ledger.append security invoker",
        "alter function ledger.append owner to session_user",
        "drop function ledger.append",
        "grant ledger_owner to session_user",
        "set role ledger_owner",
        "select set_config('role', 'ledger_owner', false)",
        "set session authorization ledger_owner",
        "set session authorization postgres",
        "alter role session_user superuser",
        "alter role ledger_owner login",
        "create role mine",
        "alter system set fsync = off",
        "copy public.mt_events to program 'cat'",
        "select pg_read_file('PG_VERSION')",
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Whatever_would_change_what_is_recorded_is_refused(string attack)
    {
        const string recorded = """
            select (select count(*) from public.mt_events), (select sum(version) from public.mt_streams),
                (select md5(string_agg(e::text, '' order by e.seq_id)) from public.mt_events e),
                (select string_agg(concat(t.tgname, t.tgenabled), '' order by t.tgname) from pg_trigger t
                where t.tgrelid in ('public.mt_events'::regclass, 'ledger.log'::regclass))
            """;
        var before = await books.RowsAsync(recorded);
        await using var connection = await service.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(attack, connection);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.True(refused.SqlState == PostgresErrorCodes.InsufficientPrivilege, refused.Message);
        Assert.Equal(before, await books.RowsAsync(recorded));
    }

    [Fact]
    public async Task Each_role_owns_its_schemas_and_all_that_is_in_them() =>
        Assert.Empty(await books.RowsAsync(RoleCatalog.Misowned));

    [Fact]
    public async Task The_rights_on_events_and_functions_are_these_and_no_others() => Assert.Equal(
        [
            "ledger.access_log: delete, insert, select, update to ledger_service",
            "ledger.append: execute to ledger_service",
            "ledger.checkpoint: insert, select to ledger_service",
            "ledger.companies_readable_with_pay: execute to ledger_reader",
            "ledger.cosignature: insert, select to ledger_service",
            "ledger.delete_salts: execute to ledger_service",
            "ledger.holes_searched: select to ledger_service",
            "ledger.key_use: delete, insert, select, update to ledger_service",
            "ledger.leaf: insert, select to ledger_service",
            "ledger.log: insert, select to ledger_service",
            "ledger.log: select to ledger_reader",
            "ledger.logged_checkpoint: insert, select to ledger_service",
            "ledger.master_key: delete, insert, select, update to ledger_service",
            "ledger.person_index: delete, insert, select, update to ledger_service",
            "ledger.person_key: delete, insert, select, update to ledger_service",
            "ledger.read_streams: execute to ledger_service",
            "ledger.readable_companies: execute to ledger_reader",
            "ledger.readers: select to ledger_service",
            "ledger.record_holes: execute to ledger_service",
            "ledger.schema_version: select to ledger_service",
            "ledger.subtree: insert, select to ledger_service",
            "mt_event_progression: delete, insert, select, update to ledger_service",
            "mt_events: select to ledger_service",
            "mt_events_sequence: select to ledger_service",
            "mt_high_water_skips: select to ledger_service",
            "mt_streams: select to ledger_service",
            "schema ledger: usage to ledger_service",
            "schema public: usage to all",
            "schema public: usage to ledger_service",
        ],
        (await TextsAsync(RoleCatalog.Granted)).Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_member_s_rights_are_enough_for_the_store_the_loop_a_rebuild_and_a_verification()
    {
        await using var store = new Store(service);
        await store.StartAsync();
        await using var loop = new ProjectionLoop(service, EventCatalog.Ledger, BooksDatabase.Hurried);
        loop.Start();
        var last = 0L;
        foreach (var (stream, @event) in new RandomBooks(2).Events(20))
        {
            last = await books.AppendAsync("other", stream, @event);
        }

        Assert.True(await loop.WaitForAsync(last, TimeSpan.FromSeconds(30)), loop.Status.ToString());

        Assert.Equal(2, (await new Rebuild(service, EventCatalog.Ledger).RunAsync()).Version);
        Assert.Equal([], (await new Verification(service, EventCatalog.Ledger).RunAsync()).Findings);

        // What a member made is the role's, so that every other member can replace and drop it.
        Assert.Empty(await books.RowsAsync(RoleCatalog.Misowned));
        Assert.Empty(await books.RowsAsync(RoleCatalog.Unwalled));
        Assert.Equal(3, (await new Rebuild(books.Source, EventCatalog.Ledger).RunAsync()).Version);
        Assert.Empty(await books.RowsAsync(RoleCatalog.Misowned));
    }

    [Fact]
    public async Task The_owner_s_triggers_stop_for_nobody_but_a_superuser_who_switches_them_off()
    {
        const string update = "update public.mt_events set data = data where seq_id = 1";
        foreach (var role in new[] { "ledger_owner", "postgres" })
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(
                () => books.ExecuteAsSuperuserAsync($"set role {role}; {update}"));
            Assert.StartsWith("UPDATE of public.mt_events is refused", refused.MessageText, StringComparison.Ordinal);
        }

        await using var superuser = await books.Superuser.OpenConnectionAsync();
        await using var command = new NpgsqlCommand($"set session_replication_role = replica; {update}", superuser);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private async Task<string[]> TextsAsync(string sql)
    {
        await using var command = books.Superuser.CreateCommand(sql);
        await using var rows = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await rows.ReadAsync())
        {
            texts.Add(rows.GetString(0));
        }

        return [.. texts];
    }

    /// <summary>Some books, and a login that is a member of the service's role.</summary>
    public sealed class MemberBooks : IAsyncLifetime
    {
        private TestLogin login = null!;

        internal BooksDatabase Books { get; private set; } = null!;

        public NpgsqlDataSource Service { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            login = await TestLogin.CreateAsync("in role ledger_service");
            Books = await BooksDatabase.CreateAsync();
            Service = NpgsqlDataSource.Create(login.To(Books.ConnectionString));
            foreach (var (stream, @event) in new RandomBooks(1).Events(5))
            {
                await Books.AppendAsync("acme", stream, @event);
            }
        }

        public async Task DisposeAsync()
        {
            await Service.DisposeAsync();
            await Books.DisposeAsync();
            await login.DisposeAsync();
        }
    }
}
