using System.Globalization;
using Ledger.Api.Backup;
using Ledger.Domain.Keys;
using Ledger.Tests.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.People;
using Ledger.Tests.Roles;

namespace Ledger.Tests.Backup;

/// <summary>A backup of a ledger at work, and what comes of it elsewhere.</summary>
public sealed class BackupTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const int Callers = 8;

    [Fact]
    public async Task What_was_backed_up_while_callers_append_is_elsewhere_the_same_row_by_row()
    {
        using var folder = new BackupFolder();
        var books = host.Given([
            .. PeopleSteps.ShortBooks, PeopleSteps.SaleTo("to-ana", "p-17", "Ana Petrova", "2025-01-31")]);
        await books.PrepareAsync();
        var key = await new CompanyKeys(host, books.Company).IssueAsync("maria", Role.Accountant, "maria");

        var file = await BackUpAmidAppendsAsync(books, folder);
        BackupManifest manifest;
        await using (var backup = await BackupFile.OpenAsync(file, new Unheard(), default))
        {
            manifest = backup.Manifest;
        }

        Assert.InRange(manifest.Sequence, 1, await host.Ledger.Store.HeadAsync() - 1);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        var (database, data) = (await TestDatabase.CreateAsync(), folder.Data("elsewhere"));
        var (code, output, error) = await BackupFolder.RestoreAsync(file, database, data.FullName);
        Assert.True(code == 0, output + error);
        var (master, signing) = (Path.Combine(data.FullName, "master.key"), Path.Combine(data.FullName, "audit.key"));
        Assert.Contains(
            $"Not in '{signing}' is the key that signs the audit logs: put the kept copy there", output,
            StringComparison.Ordinal);
        Assert.Contains(
            $"Not in '{master}', nor in '{master}.next', is the master key ", output, StringComparison.Ordinal);
        foreach (var kept in new[] { "master.key", "audit.key" })
        {
            File.Copy(Path.Combine(host.DataFolder, kept), Path.Combine(data.FullName, kept));
        }

        await EqualAsync(database, manifest.Sequence);
        var restored = await ApiHost.StartOnAsync(database, data);
        try
        {
            var path = $"/companies/{books.Company}";
            var question = $"{path}/reports/trial-balance?to=2026-12-31&knownAtSequence={manifest.Sequence}";
            Assert.Equal(
                (await host.GetAsync(question)).Is(200).Body, (await restored.GetAsync(question)).Is(200).Body);
            var person = (await restored.GetAsync($"{path}/journal-entries/to-ana")).Is(200).Json
                .GetProperty("entry").GetProperty("counterpartyPerson");
            Assert.Equal("Ana Petrova", person.GetProperty("name").GetString());
            (await CompanyKeys.SendAsync(restored, key, ApiHost.Request(HttpMethod.Get, $"{path}/balances", null)))
                .Is(200);
            (await restored.PutAsync($"{path}/journal-entries/after", Steps.SaleJson())).Is(201);
            (code, output, error) = await CommandRun.RunAsync(
                "verify", "--connection", database.ConnectionString, "--data", data.FullName);
            Assert.True(code == 0, output + error);
        }
        finally
        {
            await restored.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_file_that_is_there_is_never_written_over_and_one_that_cannot_be_is_named()
    {
        using var folder = new BackupFolder();
        await File.WriteAllTextAsync(folder.PathOf("notes.txt"), "mine");
        Assert.Equal(
            (1, "", $"'{folder.PathOf("notes.txt")}' is there already: name another file.\n"),
            await RunAsync(folder.PathOf("notes.txt")));
        Assert.Equal("mine", await File.ReadAllTextAsync(folder.PathOf("notes.txt")));

        var nowhere = folder.PathOf("no/such/folder.backup");
        var (code, _, error) = await RunAsync(nowhere);
        Assert.Equal(1, code);
        Assert.StartsWith($"'{nowhere}' cannot be written: ", error, StringComparison.Ordinal);
        Assert.Equal(2, (await CommandRun.RunAsync("backup")).Code);
    }

    [Fact]
    public async Task What_is_not_in_a_backup_is_named_with_its_place_and_the_master_key_that_it_needs()
    {
        using var folder = new BackupFolder();
        var books = host.Given([
            .. PeopleSteps.ShortBooks, PeopleSteps.SaleTo("to-eva", "p-18", "Eva Ivanova", "2025-01-31")]);
        await books.PrepareAsync();
        var master = Assert.Single(await BackupFolder.RowsAsync(
            host.Ledger.ConnectionString, "select distinct master from ledger.person_key"));

        var (code, output, error) = await RunAsync(folder.PathOf("ledger.backup"));

        Assert.True(code == 0, error);
        string In(string file) => Path.Combine(host.DataFolder, file);
        Assert.Contains(
            $"the master key of personal data ({In("master.key")}, of which this backup needs {master}), the key that "
            + $"signs the audit logs ({In("audit.key")}), the owner's key ({In("owner.key")}).", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_policy_that_hides_rows_from_the_login_is_named_instead_of_a_backup_that_is_not_whole()
    {
        using var folder = new BackupFolder();
        await using var own = new OwnHost(await ApiHost.StartAsync());
        await own.Host.ExecuteAsSuperuserAsync("""
            create policy some_rows on ledger.log as restrictive to ledger_service using (company <> 'acme')
            """);

        var (code, _, error) = await CommandRun.RunAsync(
            "backup", folder.PathOf("hidden"), "--connection", own.Host.Ledger.ConnectionString, "--data",
            own.Host.DataFolder);

        Assert.Equal(1, code);
        Assert.StartsWith(
            "A policy of row-level security may hide rows of ledger.log from this login", error,
            StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("hidden")));
    }

    [Fact]
    public async Task Two_backups_to_one_name_at_once_leave_one_whole_file_and_one_that_was_refused()
    {
        using var folder = new BackupFolder();
        var file = folder.PathOf("same");
        var both = await Task.WhenAll(RunAsync(file), RunAsync(file));

        Assert.Equal([0, 1], both.Select(each => each.Code).Order());
        Assert.EndsWith(
            $"'{file}' is there already: name another file.\n", both.Single(each => each.Code == 1).Error,
            StringComparison.Ordinal);
        await using var backup = await BackupFile.OpenAsync(file, new Unheard(), default);
        Assert.Contains(
            backup.Seal, both.Single(each => each.Code == 0).Output, StringComparison.Ordinal);
        Assert.Single(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(file)!));
    }

    [FactWith("python3")]
    public async Task Another_program_reads_all_of_a_backup_and_finds_its_sums_right()
    {
        using var folder = new BackupFolder();
        var file = await folder.BackUpAsync(host);

        Assert.Equal((0, "Done testing\n"), await SecondVerifier.RunAsync("python3", ["-m", "zipfile", "-t", file]));
    }

    [Fact]
    public async Task A_database_without_a_ledger_has_no_backup()
    {
        using var folder = new BackupFolder();
        await using var database = await TestDatabase.CreateAsync();
        Assert.Equal(
            (1, "", "There is no ledger in this database: name the right one (--data, --connection).\n"),
            await CommandRun.RunAsync(
                "backup", folder.PathOf("none"), "--connection", database.SuperuserConnectionString));
        Assert.False(Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(folder.PathOf("none"))!).Any());
    }

    private Task<(int Code, string Output, string Error)> RunAsync(string file) => CommandRun.RunAsync(
        "backup", file, "--connection", host.Ledger.ConnectionString, "--data", host.DataFolder);

    private async Task<string> BackUpAmidAppendsAsync(Scenario books, BackupFolder folder)
    {
        using var ended = new CancellationTokenSource();
        var appended = 0;
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; !ended.IsCancellationRequested; i++)
            {
                (await books.SendAsync(Steps.Sale(string.Create(CultureInfo.InvariantCulture, $"c{caller}-{i}"))))
                    .Is(201);
                Interlocked.Increment(ref appended);
            }
        })).ToArray();
        while (Volatile.Read(ref appended) < 100)
        {
            await Task.Delay(20);
        }

        var file = await folder.BackUpAsync(host);
        var before = Volatile.Read(ref appended);
        while (Volatile.Read(ref appended) < before + Callers)
        {
            await Task.Delay(20);
        }

        await ended.CancelAsync();
        await Task.WhenAll(callers);
        return file;
    }

    private async Task EqualAsync(TestDatabase restored, long sequence)
    {
        string[] questions =
        [
            $"select e::text from public.mt_events e where seq_id <= {sequence} order by seq_id",
            $"select l::text from ledger.log l where sequence <= {sequence} order by sequence",
            $"""
            select format('%s %s %s', tenant_id, stream_id, max(version)) from public.mt_events
            where seq_id <= {sequence} group by tenant_id, stream_id order by tenant_id, stream_id
            """,
            "select k::text from ledger.person_key k order by 1",
            "select k::text from ledger.person_index k order by 1",
            "select k::text from ledger.master_key k order by 1",
        ];
        foreach (var question in questions)
        {
            var expected = await BackupFolder.RowsAsync(host.Ledger.ConnectionString, question);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await BackupFolder.RowsAsync(restored.ConnectionString, question));
        }

        // And behind it, only what says so: to the auditors of each company, too.
        var companies = await BackupFolder.RowsAsync(
            restored.ConnectionString,
            "select tenant_id from public.mt_streams where id = 'company' order by tenant_id collate \"C\"");
        Assert.NotEmpty(companies);
        Assert.Equal(
            [
                "*DEFAULT* key_issued", .. companies.Select(company => $"{company} ledger_restored"),
                "*DEFAULT* ledger_restored",
            ],
            (await BackupFolder.RowsAsync(
                restored.ConnectionString,
                $"select tenant_id || ' ' || type from public.mt_events where seq_id > {sequence} order by seq_id")));
    }
}
