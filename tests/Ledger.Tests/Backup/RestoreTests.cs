using Ledger.Domain.Backup;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using Ledger.Tests.EventStore;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.People;
using Ledger.Tests.Roles;
using Npgsql;

namespace Ledger.Tests.Backup;

/// <summary>Where a backup may be restored, and what becomes of what is there.</summary>
public sealed class RestoreTests
{
    [Fact]
    public async Task A_ledger_that_is_there_is_replaced_only_when_told_and_is_kept()
    {
        using var folder = new BackupFolder();
        await using var own = await OwnAsync();
        var host = own.Host;
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        var file = await folder.BackUpAsync(host);
        var backedUp = await host.Ledger.Store.HeadAsync();
        (await books.SendAsync(Steps.Sale("later"))).Is(201);
        var head = await host.Ledger.Store.HeadAsync();

        await host.RestartAsync(async database =>
        {
            var refused = await BackupFolder.RestoreAsync(file, database, host.DataFolder);
            Assert.Equal(1, refused.Code);
            Assert.Contains(
                $"The database '{database.Name}' is not empty: it has events up to {head}. Restore into an empty data "
                + "folder (--data) or an empty database (--connection); or say --replace",
                refused.Error, StringComparison.Ordinal);

            refused = await BackupFolder.RestoreAsync(file, database, host.DataFolder, "--replace");
            Assert.Equal(1, refused.Code);
            Assert.Contains(
                $"The backup is older than what stands in the database '{database.Name}': it ends with event "
                + $"{backedUp}, and there are events up to {head} of ", refused.Error, StringComparison.Ordinal);
            Assert.Contains("If that is meant, say --older.", refused.Error, StringComparison.Ordinal);

            var (code, output, error) = await BackupFolder.RestoreAsync(
                file, database, host.DataFolder, "--replace", "--older");
            Assert.True(code == 0, output + error);
            var aside = Assert.Single(await BackupFolder.RowsAsync(
                database.SuperuserConnectionString,
                $"select datname::text from pg_database where datname like '{database.Name}\\_%'"));
            Assert.Contains($"What was there is kept as the database '{aside}'", output, StringComparison.Ordinal);
            Assert.Equal([$"{head}"], await BackupFolder.RowsAsync(
                new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString) { Database = aside }
                    .ConnectionString,
                "select max(seq_id)::text from public.mt_events"));
            await BackupFolder.DropAsideAsync(database);
        });

        // The company sees that it was set back, and that nobody else could agree.
        Assert.Equal(
            ["account_opened", "ledger_restored", "approved_by_single_person"],
            (await books.EventsAsync()).TakeLast(3));
        (await books.SendAsync(Step.Get("/journal-entries/later"))).IsProblem(404, "journal-entry-unknown");
        (await books.SendAsync(Steps.Sale("later"))).Is(201);
        var verified = await CommandRun.RunAsync(
            "verify", "--connection", host.Ledger.ConnectionString, "--data", host.DataFolder);
        Assert.True(verified.Code == 0, verified.Output + verified.Error);
        Assert.Contains($"of {books.Company}: restore ledger, by owner", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_service_runs_nothing_is_replaced()
    {
        using var folder = new BackupFolder();
        await using var own = await OwnAsync();
        var host = own.Host;
        var file = await folder.BackUpAsync(host);
        await using var database = new NpgsqlConnection(host.Ledger.ConnectionString);
        var superuser = new NpgsqlConnectionStringBuilder(host.Ledger.ConnectionString) { Username = "postgres" };

        var (code, _, error) = await CommandRun.RunAsync(
            "restore", file, "--connection", superuser.ConnectionString, "--data", host.DataFolder, "--replace");

        Assert.Equal(1, code);
        Assert.Contains(
            $"The database '{database.Database}' is in use (", error, StringComparison.Ordinal);
        Assert.Contains("stop the services", error, StringComparison.Ordinal);
        Assert.Empty(await BackupFolder.RowsAsync(
            superuser.ConnectionString,
            $"select datname::text from pg_database where datname like '{database.Database}\\_%'"));
    }

    [Fact]
    public async Task A_backup_of_another_ledger_is_told_from_one_that_is_older()
    {
        using var folder = new BackupFolder();
        await using var own = await OwnAsync();
        await using var other = await OwnAsync();
        await other.Host.Given(Steps.CompanyWithChart).PrepareAsync();
        var file = await folder.BackUpAsync(other.Host);

        await own.Host.RestartAsync(async database =>
        {
            var (code, _, error) = await BackupFolder.RestoreAsync(file, database, own.Host.DataFolder, "--replace");
            Assert.Equal(1, code);
            Assert.Contains(
                $"The backup is not of what stands in the database '{database.Name}'", error, StringComparison.Ordinal);
            Assert.Empty(await BackupFolder.DropAsideAsync(database));
        });
    }

    [Fact]
    public async Task Another_person_agrees_first_where_there_is_one()
    {
        using var folder = new BackupFolder();
        await using var own = await OwnAsync();
        var host = own.Host;
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        var keys = new CompanyKeys(host, books.Company);
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var file = await folder.BackUpAsync(host);
        var id = "";

        await host.RestartAsync(async database =>
        {
            var (code, output, error) = await BackupFolder.RestoreAsync(
                file, database, host.DataFolder, "--replace");
            Assert.Equal((1, ""), (code, output));
            Assert.Contains("A second person has yet to agree in 1 of 1 companies", error, StringComparison.Ordinal);
            id = Assert.Single(await BackupFolder.RowsAsync(
                database.ConnectionString,
                "select data ->> 'id' from public.mt_events where type = 'approval_requested'"));
            Assert.Contains(
                $"  POST /companies/{books.Company}/approvals/{id}/approval\n", error, StringComparison.Ordinal);
        });

        var asked = (await keys.SendAsync(maria, Step.Get($"/approvals/{id}"))).Is(200).Json;
        Assert.Equal("restore", asked.GetProperty("kind").GetString());
        (await keys.SendAsync(maria, new(HttpMethod.Post, $"/approvals/{id}/approval", null))).Is(201);

        await host.RestartAsync(async database =>
        {
            // What was recorded of the request itself does not make the backup older.
            var (code, output, error) = await BackupFolder.RestoreAsync(
                file, database, host.DataFolder, "--replace");
            Assert.True(code == 0, output + error);
            await BackupFolder.DropAsideAsync(database);
        });
        var restored = (await books.RecordedAsync())[^1];
        Assert.Equal("ledger_restored", restored.Type);
        Assert.Equal("maria", ((LedgerRestored)EventCatalog.Ledger.Read(restored)).ApprovedBy);
    }

    [Fact]
    public async Task Who_agreed_agreed_to_what_goes_and_how_and_to_nothing_else()
    {
        using var folder = new BackupFolder();
        await using var own = await OwnAsync();
        var host = own.Host;
        var books = host.Given(Steps.CompanyWithChart);
        await books.PrepareAsync();
        var keys = new CompanyKeys(host, books.Company);
        var maria = await keys.IssueAsync("maria", Role.Approver, "maria");
        var file = await folder.BackUpAsync(host);
        var ids = new List<string>();
        async Task AskAsync(params string[] how)
        {
            await host.RestartAsync(async database =>
            {
                var (code, _, error) = await BackupFolder.RestoreAsync(
                    file, database, host.DataFolder, ["--replace", .. how]);
                Assert.Equal(1, code);
                Assert.Contains(
                    "A second person has yet to agree in 1 of 1 companies", error, StringComparison.Ordinal);
                ids = [.. await BackupFolder.RowsAsync(
                    database.ConnectionString,
                    "select data ->> 'id' from public.mt_events where type = 'approval_requested' order by seq_id")];
            });
            (await keys.SendAsync(maria, new(HttpMethod.Post, $"/approvals/{ids[^1]}/approval", null))).Is(201);
        }

        // Each of these is agreed to, and none is an agreement to the next.
        await AskAsync();
        await AskAsync("--changed");
        (await books.SendAsync(Steps.Sale("later"))).Is(201);
        await AskAsync("--older");
        Assert.Equal(3, ids.Distinct().Count());
        var asked = (await keys.SendAsync(maria, Step.Get($"/approvals/{ids[^1]}"))).Is(200).Json
            .GetProperty("content").GetString()!;
        Assert.Contains("\"mayBeOlder\":true,\"mayBeChanged\":false", asked, StringComparison.Ordinal);
        var posted = (await books.RecordedAsync()).Single(each => each.Type == "journal_entry_posted").Sequence;
        Assert.Contains($"\"replacedSequence\":{posted},", asked, StringComparison.Ordinal);
    }

    /// <summary>The first; the last before roles, before persons, before audit logs; and the newest.</summary>
    public static TheoryData<int> Versions => [1, 4, 5, 9, Migrations.EventStore.Latest];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Rows_of_an_earlier_schema_are_loaded_as_they_were_and_brought_up_to_date(int version)
    {
        using var folder = new BackupFolder();
        await using var early = await TestDatabase.CreateAsync();
        await using var database = await TestDatabase.CreateMigratedAsync();
        await using (var source = NpgsqlDataSource.Create(early.SuperuserConnectionString))
        {
            await Migrations.EventStore.RunAsync(source, upTo: version);
        }

        await early.ExecuteAsSuperuserAsync("""
            insert into public.mt_streams (tenant_id, id, version) values ('acme', 'periods', 1);
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values (1, gen_random_uuid(), 'periods', 1, '{"period": "2026-01"}', 'period_closed', now(), 'acme')
            """);

        var file = folder.PathOf("early");
        Assert.Equal(0, (await CommandRun.RunAsync(
            "backup", file, "--connection", early.SuperuserConnectionString)).Code);
        var (code, output, error) = await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName);

        Assert.True(code == 0, output + error);
        Assert.Equal([$"{Migrations.EventStore.Latest}"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString,
            "select max(version)::text from ledger.schema_version where part = 'store'"));
        Assert.Equal(["acme periods"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString,
            "select tenant_id || ' ' || stream_id from public.mt_events where seq_id = 1"));
    }

    [Fact]
    public async Task Events_that_this_program_cannot_read_are_restored_and_said_to_be_so()
    {
        using var folder = new BackupFolder();
        await using var from = await TestDatabase.CreateMigratedAsync();
        await using var database = await TestDatabase.CreateAsync();
        await using (var source = NpgsqlDataSource.Create(from.ConnectionString))
        {
            await using var store = new Store(source);
            await store.AppendAsync(Requests.Of("acme", Requests.To("things", 0)));
        }

        var file = folder.PathOf("later");
        Assert.Equal(0, (await CommandRun.RunAsync("backup", file, "--connection", from.ConnectionString)).Code);
        var (code, _, error) = await BackupFolder.RestoreAsync(file, database, folder.Data("data").FullName);

        Assert.Equal(1, code);
        Assert.Contains(
            "All events of the backup are here, but the read models could not be filled from them: ", error,
            StringComparison.Ordinal);
        Assert.Equal(["thing_happened"], await BackupFolder.RowsAsync(
            database.SuperuserConnectionString, "select type from public.mt_events where seq_id = 1"));
    }

    private static async Task<OwnHost> OwnAsync() => new(await ApiHost.StartAsync());
}
