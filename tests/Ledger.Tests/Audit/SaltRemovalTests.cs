using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Projections.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.People;
using static Ledger.Tests.Audit.SaltDeletionApiTests;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Audit;

/// <summary>Salts go with the leaf of the event that says so, whatever comes between; and what does not fit is
/// found.</summary>
public sealed class SaltRemovalTests
{
    [Fact]
    public async Task A_service_that_ends_behind_the_event_leaves_the_rest_to_the_next_one()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var host = own.Host;
        var books = host.Given([.. CompanyWithChart, Sale("old", "2010-01-31"), Sale("s2")]);
        await books.PrepareAsync();
        var old = await IdAsync(books, "old");
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        Assert.Equal(0, await GoneAsync(host, books));

        // Whoever holds this lets no process add leaves.
        var others = await host.Ledger.Database.OpenConnectionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand(
            $"select pg_advisory_lock({AuditWriter.AuditLock})", others))
        {
            await hold.ExecuteNonQueryAsync();
        }

        (await books.SendAsync(Delete("d1", old))).Is(201);
        Assert.Equal(0, await GoneAsync(host, books));
        Assert.Empty((await VerifyAsync(host)).Findings);
        await host.RestartAsync(async _ => await others.DisposeAsync());

        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        Assert.Equal(1, await GoneAsync(host, books));
        Assert.Empty((await VerifyAsync(host)).Findings);

        (await books.SendAsync(Delete("d2", old))).Is(201);
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        Assert.Equal(1, await GoneAsync(host, books));
        Assert.Empty((await VerifyAsync(host)).Findings);
    }

    [Fact]
    public async Task A_salt_that_no_event_deleted_and_one_that_came_back_are_findings()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var host = own.Host;
        var books = host.Given([.. CompanyWithChart, Sale("old", "2010-01-31"), Sale("s2")]);
        await books.PrepareAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        await ExecuteAsync(host, "create table kept as select * from ledger.leaf");
        var company = books.Company;
        var (old, other) = (await EventAsync(books, "old"), await EventAsync(books, "s2"));
        var before = (await VerifyAsync(host)).Audit.Unprovable;
        (await books.SendAsync(Delete("d1", $"{old.Id:D}"))).Is(201);
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        var report = await VerifyAsync(host);
        Assert.Empty(report.Findings);
        Assert.Equal(before + 1, report.Audit.Unprovable);

        await ExecuteAsync(
            host,
            "update ledger.leaf f set salt = null, body = f.hash "
            + $"where company = '{company}' and position = 8");
        Assert.Contains(
            $"event {other.Sequence} ({company} / journal-entry/s2, version 1): has no salt at position 8 of the "
                + "audit log, and no event says that it was deleted",
            string.Join('\n', (await VerifyAsync(host)).Findings.Select(each => $"{each.Where}: {each.What}")),
            StringComparison.Ordinal);
        await PutBackAsync(8);
        Assert.Empty((await VerifyAsync(host)).Findings);

        await PutBackAsync(7);
        var deletion = (await books.RecordedAsync()).Single(each => each.Type == "salts_deleted").Sequence;
        Assert.Contains(
            $"event {old.Sequence} ({company}): still has its salt in the audit log, or again, which event {deletion} "
                + "deleted",
            (await VerifyAsync(host)).Findings.Select(each => $"{each.Where}: {each.What}"));

        Task PutBackAsync(long position) => ExecuteAsync(
            host,
            "update ledger.leaf f set salt = k.salt, body = k.body from kept k where k.company = f.company and "
            + $"k.position = f.position and f.company = '{company}' and f.position = {position}");
    }

    private static async Task<RecordedEvent> EventAsync(Scenario books, string entry) =>
        (await books.RecordedAsync()).First(each => each.Stream == $"journal-entry/{entry}");

    private static async Task<long> GoneAsync(ApiHost host, Scenario books)
    {
        await using var command = host.Ledger.Database.CreateCommand(
            "select count(*) from ledger.leaf where company = $1 and salt is null");
        command.Parameters.Add(new() { Value = books.Company });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static Task ExecuteAsync(ApiHost host, string sql) =>
        host.ExecuteAsSuperuserAsync($"set session_replication_role = replica; {sql}");

    private static Task<VerificationReport> VerifyAsync(ApiHost host) =>
        new Verification(host.Ledger.Database, EventCatalog.Ledger, host.Ledger.Vault).RunAsync();
}
