using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>
/// Somebody becomes the superuser, switches the triggers off and changes the books: whatever it is, the verification
/// names it.
/// </summary>
public sealed class TamperTests(ApiHost host) : IClassFixture<ApiHost>
{
    /// <summary>What is done to the database, how it is undone, and what a finding begins with. {e} is the sequence of
    /// an entry, {f} that of the one behind it.</summary>
    private static readonly (string Damage, string Repair, string Finding)[] Damages =
    [
        (
            "update public.mt_events set data = replace(data::text, '12.00', '13.00')::jsonb where seq_id = {e}",
            "update public.mt_events set data = replace(data::text, '13.00', '12.00')::jsonb where seq_id = {e}",
            "event {e} (acme / journal-entry/s1, version 1): is not as it was recorded"),
        (
            "update public.mt_events set timestamp = timestamp - interval '1 microsecond' where seq_id = {e}",
            "update public.mt_events set timestamp = timestamp + interval '1 microsecond' where seq_id = {e}",
            "event {e} (acme / journal-entry/s1, version 1): is not as it was recorded"),
        (
            "update public.mt_events set user_name = user_name || 'x' where seq_id = {e}",
            "update public.mt_events set user_name = left(user_name, -1) where seq_id = {e}",
            "event {e} (acme / journal-entry/s1, version 1): is not as it was recorded"),
        (
            "update public.mt_events set headers = '{\"a\": 1}' where seq_id = {e}",
            "update public.mt_events set headers = null where seq_id = {e}",
            "event {e} (acme / journal-entry/s1, version 1): is not as it was recorded"),
        (
            "create table moved as select * from public.mt_events where seq_id = {e}; "
                + "delete from public.mt_events where seq_id = {e}",
            "insert into public.mt_events select * from moved; drop table moved",
            "event of position 7 of acme: is gone, and the audit log has its leaf"),
        (
            "update public.mt_events set seq_id = -seq_id where seq_id in ({e}, {f}); "
                + "update public.mt_events set seq_id = case -seq_id when {e} then {f} else {e} end where seq_id < 0",
            "update public.mt_events set seq_id = -seq_id where seq_id in ({e}, {f}); "
                + "update public.mt_events set seq_id = case -seq_id when {e} then {f} else {e} end where seq_id < 0",
            "event {e} (acme / journal-entry/s2, version 1): is not as it was recorded"),
        (
            "update ledger.leaf set hash = sha256(hash) where company = 'acme' and position = 7",
            "update ledger.leaf set hash = (select hash from kept) where company = 'acme' and position = 7",
            "ledger.checkpoint acme / 8: has another root than the leaves"),
        (
            "delete from ledger.leaf where company = 'acme' and position = 8",
            "insert into ledger.leaf select * from last",
            "ledger.leaf acme / 8: the log should have 8 leaves, and has 7"),
        (
            "update ledger.checkpoint set note = replace(note, 'acme', 'acne') where company = 'acme' and size = 8",
            "update ledger.checkpoint set note = replace(note, 'acne', 'acme') where company = 'acme' and size = 8",
            "ledger.checkpoint acme / 8: is no checkpoint of this log"),
    ];

    [Fact]
    public async Task Whatever_is_changed_in_the_database_is_found_and_named()
    {
        foreach (var step in (Step[])[.. CompanyWithChart, Sale("s1"), Sale("s2")])
        {
            (await host.SendAsync(ApiHost.Request(step.Method, $"/companies/acme{step.Path}", step.Json)))
                .IsOneOf(200, 201);
        }

        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var events = (await host.Ledger.Store.ReadAllAsync(0, 1_000)).Where(each => each.Company == "acme").ToArray();
        var (e, f) = (events[6].Sequence, events[7].Sequence);
        await ExecuteAsync("create table kept as select hash from ledger.leaf where company = 'acme' and position = 7; "
            + "create table last as select * from ledger.leaf where company = 'acme' and position = 8");
        Assert.Empty(await FindingsAsync());

        foreach (var (damage, repair, finding) in Damages)
        {
            await ExecuteAsync(Named(damage));
            Assert.Contains(
                await FindingsAsync(),
                each => $"{each.Where}: {each.What}".StartsWith(Named(finding), StringComparison.Ordinal));
            await ExecuteAsync(Named(repair));
            Assert.Empty(await FindingsAsync());
        }

        string Named(string text) => text.Replace("{e}", $"{e}", StringComparison.Ordinal)
            .Replace("{f}", $"{f}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_service_itself_may_take_nothing_back()
    {
        foreach (var sql in (string[])
        [
            "update ledger.leaf set hash = sha256(hash)", "delete from ledger.leaf", "truncate ledger.leaf",
            "update ledger.leaf set salt = null", "delete from ledger.checkpoint", "update ledger.subtree set index = "
                + "1",
            "delete from ledger.logged_checkpoint", "delete from ledger.cosignature",
        ])
        {
            await using var command = host.Ledger.Database.CreateCommand(sql);
            var refused = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => command.ExecuteNonQueryAsync());
            Assert.Equal("42501", refused.SqlState);
        }
    }

    private Task ExecuteAsync(string sql) =>
        host.ExecuteAsSuperuserAsync($"set session_replication_role = replica; {sql}");

    private async Task<IReadOnlyList<VerificationFinding>> FindingsAsync() =>
        (await new Verification(host.Ledger.Database, EventCatalog.Ledger, host.Ledger.Vault).RunAsync()).Findings;
}
