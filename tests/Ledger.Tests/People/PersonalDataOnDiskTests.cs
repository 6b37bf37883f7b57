using System.Net.Http.Headers;
using System.Text;
using Ledger.Api;
using Ledger.Api.Keys;
using Ledger.Api.People;
using Ledger.Api.Postgres;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Tests.Postgres;
using Microsoft.Extensions.Configuration;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.People;

/// <summary>
/// Whatever PostgreSQL writes — tables, indexes, WAL, its log with every statement and parameter — holds no name of a
/// natural person at any time, and after an erasure no key by which one could be opened, nor what finds it, is in its
/// tables or in a dump of them. That the search finds things is shown by what it must find.
/// </summary>
public sealed class PersonalDataOnDiskTests
{
    private const string Name = "Пенка Xylofonova-Ærø";
    private const string Employee = "Пенка Служителка";
    private const string Account = "BG80BNBG96611020345678";
    private const string Control = "Контролен Текст Zq";
    private const string Organisation = "Организация Zq";

    [Fact]
    public async Task No_file_of_the_database_ever_holds_a_name()
    {
        using var folder = new PrivateFolder();
        var settings = new Settings(
            "http://127.0.0.1:0", folder.Root, null, new ConfigurationBuilder().Build());
        var log = new StringWriter();
        await using (var ledger = await LedgerHost.OpenAsync(settings, log.WriteLine))
        {
            await LogEverythingAsync(ledger);
            await using var app = WebHost.Build(ledger, settings.Urls, log);
            await app.StartAsync();
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer", (await File.ReadAllTextAsync(OwnerKey.PathIn(folder.Root))).Trim());
            await PostAndReadAsync(client);
            await FlushAsync(ledger);
            AssertHidden(folder.Data);
            var (key, token) = await SecretsOfPersonAsync(ledger);
            Assert.NotEmpty(TablesHolding(folder.Data, key));
            Assert.NotEmpty(TablesHolding(folder.Data, token));
            var dumped = Dump(ledger);
            Assert.Contains(Convert.ToHexStringLower(key), dumped, StringComparison.Ordinal);
            Assert.Contains(Convert.ToHexStringLower(token), dumped, StringComparison.Ordinal);
            Assert.DoesNotContain(Name, dumped, StringComparison.Ordinal);

            await PersonalDataErasure.RequestAsync(ledger, "acme", "p-17", new("key:x", null, null, null), Later);
            var entry = await client.GetStringAsync(new Uri("/companies/acme/journal-entries/e1", UriKind.Relative));
            Assert.Contains("\"erased\":true", entry, StringComparison.Ordinal);
            await FlushAsync(ledger);
            AssertHidden(folder.Data);
            dumped = Dump(ledger);
            Assert.DoesNotContain(Convert.ToHexStringLower(key), dumped, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToHexStringLower(token), dumped, StringComparison.Ordinal);
            Assert.Contains(Control, dumped, StringComparison.Ordinal);
            await AssertErasedForWhoeverHasTheMasterKeyAsync(ledger, settings);

            // What is left of deleted rows in the files of the tables goes when these are written anew.
            await ExecuteAsync(ledger, "vacuum full ledger.person_key");
            await ExecuteAsync(ledger, "vacuum full ledger.person_index");
            await FlushAsync(ledger);
            Assert.Empty(TablesHolding(folder.Data, key));
            Assert.Empty(TablesHolding(folder.Data, token));
            await app.StopAsync();
        }

        AssertHidden(folder.Data);
        Assert.DoesNotContain("Пенка", log.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The wrapped key of the person, and the token by which their name is found.</summary>
    private static async Task<(byte[] Key, byte[] Token)> SecretsOfPersonAsync(LedgerHost ledger)
    {
        await using var command = ledger.Database.CreateCommand(
            """
            select k.wrapped, i.token
            from ledger.person_key k join ledger.person_index i using (company, person, purpose)
            where company = 'acme' and person = 'p-17'
            """);
        await using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        return (row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1));
    }

    private static async Task AssertErasedForWhoeverHasTheMasterKeyAsync(LedgerHost ledger, Settings settings)
    {
        var vault = new Vault(ledger.Database, MasterKeyFile.Of(settings).Load);
        var recorded = await ledger.Store.ReadStreamAsync("acme", "journal-entry/e1");
        Assert.Contains("ciphertext", Encoding.UTF8.GetString(recorded[0].Data.Span), StringComparison.Ordinal);
        var (bodies, _) = await vault.ReadAsync(EventCatalog.Ledger, "acme", recorded);
        Assert.True(((JournalEntryPosted)bodies[0]).CounterpartyPerson!.IsErased);
        Assert.Empty(await vault.PersonsAsync("acme", Name));
    }

    /// <summary>All that a dump of the database says.</summary>
    private static string Dump(LedgerHost ledger)
    {
        var to = new NpgsqlConnectionStringBuilder(ledger.ConnectionString);
        var initdb = PostgresBinaries.Find(null).InitDb;
        initdb = File.ResolveLinkTarget(initdb, returnFinalTarget: true)?.FullName ?? initdb;
        var answer = Tool.Run(
            initdb.Replace("initdb", "pg_dump", StringComparison.Ordinal),
            ["--host", to.Host!, "--port", $"{to.Port}", "--username", "postgres", "--dbname", to.Database!]);
        Assert.True(answer.ExitCode == 0, answer.Output);
        return answer.Output;
    }

    private static FixedClock Later { get; } = new(Instant.FromUtc(2099, 1, 1, 0, 0));

    private static async Task PostAndReadAsync(HttpClient client)
    {
        await PutAsync(client, "", """{"name": "Acme", "currency": "EUR", "country": "BG"}""");
        await PutAsync(client, "/accounts/1", """{"name": "Bank", "type": "asset"}""");
        await PutAsync(client, "/accounts/2", """{"name": "Sales", "type": "income"}""");
        await PutAsync(client, "/journal-entries/e1", Entry($$"""{"person": "p-17", "name": "{{Name}}"}"""));
        await PutAsync(client, "/journal-entries/e1", Entry($$"""{"person": "p-17", "name": "{{Name}}"}"""));
        await PutAsync(client, "/journal-entries/e2", Entry($"\"{Organisation}\""));
        await PutAsync(client, "/employees/p-19", $$"""{"name": "{{Employee}}", "language": "bg"}""");
        await PutAsync(client, "/employees/p-19/bank-account/2026-01-01", $$"""{"account": "{{Account}}" }""");
        await PutAsync(client, "/employees/p-19/bank-account/2026-02-01", $$"""{"account": "{{Account}}" }""");
        foreach (var path in (string[])[$"employees?name={Uri.EscapeDataString(Employee)}", "employees/p-19"])
        {
            Assert.Contains(
                Employee,
                await client.GetStringAsync(new Uri("/companies/acme/" + path, UriKind.Relative)),
                StringComparison.Ordinal);
        }

        var atLeast = new Uri(
            $"/companies/acme/journal-entries?counterparty={Uri.EscapeDataString(Name)}", UriKind.Relative);
        Assert.Contains(Name, await client.GetStringAsync(atLeast), StringComparison.Ordinal);
        Assert.Contains(
            Name,
            await client.GetStringAsync(new Uri("/companies/acme/people/p-17/data-export", UriKind.Relative)),
            StringComparison.Ordinal);
    }

    private static string Entry(string counterparty) => $$"""
        {"bookedOn": "2026-01-31", "description": "{{Control}}", "counterparty": {{counterparty}}, "lines": [
        {"account": "1", "side": "debit", "amount": "12.00"}, {"account": "2", "side": "credit", "amount": "12.00"}]}
        """;

    private static async Task PutAsync(HttpClient client, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.PutAsync(new Uri($"/companies/acme{path}", UriKind.Relative), content);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>With full pages uncompressed, so that nothing hides from the search.</summary>
    private static async Task LogEverythingAsync(LedgerHost ledger)
    {
        foreach (var setting in (string[])
        [
            "wal_compression = off", "log_statement = 'all'", "log_min_duration_statement = 0",
            "log_parameter_max_length = -1", "debug_print_plan = on",
        ])
        {
            await ExecuteAsync(ledger, $"alter system set {setting}");
        }

        await ExecuteAsync(ledger, "select pg_reload_conf()");
    }

    private static async Task FlushAsync(LedgerHost ledger)
    {
        await ledger.Books.WaitForAsync(await ledger.Store.HeadAsync(), TimeSpan.FromSeconds(30));
        await ExecuteAsync(ledger, "checkpoint");
    }

    private static async Task ExecuteAsync(LedgerHost ledger, string sql)
    {
        var superuser = new NpgsqlConnectionStringBuilder(ledger.ConnectionString) { Username = "postgres" };
        await using var source = NpgsqlDataSource.Create(superuser);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static List<string> TablesHolding(string folder, byte[] secret) =>
    [
        .. Directory.GetFiles(Path.Combine(folder, "base"), "*", SearchOption.AllDirectories)
            .Where(file => File.Exists(file) && HoldsAny(file, [secret])),
    ];

    private static void AssertHidden(string folder)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.Empty(Holding(files, "Пенка").Concat(Holding(files, "Xylofonova")).Concat(Holding(files, Name)));
        Assert.Empty(Holding(files, Account));
        var control = Holding(files, Control);
        Assert.Contains(control, file => file.Contains("base", StringComparison.Ordinal));
        Assert.Contains(control, file => file.Contains("pg_wal", StringComparison.Ordinal));
        Assert.Contains(control, file => file.EndsWith("server.log", StringComparison.Ordinal));
        Assert.NotEmpty(Holding(files, Organisation));
    }

    private static List<string> Holding(string[] files, string text)
    {
        byte[][] forms =
        [
            Encoding.UTF8.GetBytes(text), Encoding.Unicode.GetBytes(text), Encoding.BigEndianUnicode.GetBytes(text),
        ];
        return [.. files.Where(file => File.Exists(file) && HoldsAny(file, forms))];
    }

    private static bool HoldsAny(string file, byte[][] forms)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[stream.Length];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return forms.Any(form => bytes.AsSpan(0, length).IndexOf(form) >= 0);
    }
}
