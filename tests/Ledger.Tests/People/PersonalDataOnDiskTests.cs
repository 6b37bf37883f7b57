using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Ledger.Api;
using Ledger.Api.Keys;
using Ledger.Api.People;
using Ledger.Api.Postgres;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
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

    private const string Email = "penka-ЖЯ@xylof.example";
    private const string Birth = "1913-07-19";
    private const string National = "ЕГН1327198844";
    private const string Address = "Улица Ягода 17";
    private const string Holder = "Титулярка Ягодова";
    private const string Reference = "Референция-4711";
    private const string Ending = "ЖЪЮЯ";
    private const string Changed = $"НОВА-9-{Ending}";
    private const string Branch = "КЛОН-5577";

    /// <summary>All that nobody may find; of names also parts, and of the account that was changed its end.</summary>
    private static readonly string[] Hidden =
    [
        "Пенка", "Xylofonova", Name, Employee, Account, Email, Birth, National, Address, Holder, Reference, Ending,
    ];

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
            var approvals = await EmployAsync(client);
            await FlushAsync(ledger);
            AssertHidden(folder.Data);
            var (key, token) = await SecretsOfPersonAsync(ledger, "p-17", "bookkeeping");
            var (employeeKey, employeeToken) = await SecretsOfPersonAsync(ledger, "p-19", "payroll");
            Assert.NotEmpty(TablesHolding(folder.Data, key));
            Assert.NotEmpty(TablesHolding(folder.Data, token));
            var dumped = Dump(ledger);
            byte[][] secrets = [key, token, employeeKey, employeeToken];
            Assert.All(secrets, each => Assert.Contains(
                Convert.ToHexStringLower(each), dumped, StringComparison.Ordinal));
            Assert.All(Hidden, text => Assert.DoesNotContain(text, dumped, StringComparison.Ordinal));

            foreach (var person in (string[])["p-17", "p-19"])
            {
                await PersonalDataErasure.RequestAsync(ledger, "acme", person, new("key:x", null, null, null), Later);
            }

            foreach (var path in (string[])["/journal-entries/e1", "/employees/p-19"])
            {
                Assert.Contains("\"erased\":true", await GetAsync(client, path), StringComparison.Ordinal);
            }

            Assert.DoesNotContain(Ending, await GetAsync(client, approvals), StringComparison.Ordinal);
            await FlushAsync(ledger);
            AssertHidden(folder.Data);
            dumped = Dump(ledger);
            Assert.All(secrets, each => Assert.DoesNotContain(
                Convert.ToHexStringLower(each), dumped, StringComparison.Ordinal));
            Assert.Contains(Control, dumped, StringComparison.Ordinal);
            await AssertErasedForWhoeverHasTheMasterKeyAsync(ledger, settings);

            // What is left of deleted rows in the files of the tables goes when these are written anew.
            await ExecuteAsync(ledger, "vacuum full ledger.person_key");
            await ExecuteAsync(ledger, "vacuum full ledger.person_index");
            await FlushAsync(ledger);
            Assert.All(secrets, each => Assert.Empty(TablesHolding(folder.Data, each)));
            await app.StopAsync();
        }

        AssertHidden(folder.Data);
        Assert.All(Hidden, text => Assert.DoesNotContain(text, log.ToString(), StringComparison.Ordinal));
    }

    /// <summary>The wrapped key of the person, and the token by which their name is found.</summary>
    private static async Task<(byte[] Key, byte[] Token)> SecretsOfPersonAsync(
        LedgerHost ledger, string person, string purpose)
    {
        await using var command = ledger.Database.CreateCommand(
            """
            select k.wrapped, i.token
            from ledger.person_key k join ledger.person_index i using (company, person, purpose)
            where company = 'acme' and person = $1 and purpose = $2
            """);
        command.Parameters.Add(new() { Value = person });
        command.Parameters.Add(new() { Value = purpose });
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
        Assert.Empty(await vault.PersonsAsync("acme", Purpose.Bookkeeping, Name));
        var kept = 0;
        foreach (var stored in (await ledger.Store.ReadAllAsync(0, 1_000)).Where(each => each.Company == "acme"))
        {
            var texts = EventCatalog.Ledger.SealedIn(stored, EventCatalog.Ledger.Read(stored));
            Assert.All(await vault.OpenAsync("acme", texts), text => Assert.True(text.IsErased));
            kept += texts.Count;
        }

        Assert.Equal(12, kept);
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
        foreach (var path in (string[])
        [
            $"/journal-entries?counterparty={Uri.EscapeDataString(Name)}", "/people/p-17/data-export",
        ])
        {
            Assert.Contains(Name, await GetAsync(client, path), StringComparison.Ordinal);
        }
    }

    /// <summary>An employee of whom all is kept that can be, and whose account is changed by two.</summary>
    /// <returns>Where the approval of that stands.</returns>
    private static async Task<string> EmployAsync(HttpClient client)
    {
        await PutAsync(client, "/employees/p-19", $$"""
            {"name": "{{Employee}}", "email": "{{Email}}", "birthDate": "{{Birth}}", "nationalNumber": "{{National}}",
            "address": "{{Address}}", "language": "bg"}
            """);
        await PutAsync(
            client, "/employees/p-19/bank-account/2026-01-01",
            $$"""{"account": "{{Account}}", "holder": "{{Holder}}"}""");
        await PutAsync(client, "/employees/p-19/deductions/d1", $$"""
            {"kind": "loan", "amount": "100.00", "from": "2026-01-01", "creditor": "bank-7",
            "reference": "{{Reference}}"}
            """);
        var key = await PutAsync(client, "/keys/approver", """{"roles": ["approver"], "holder": "boris"}""");
        using var approver = new HttpClient { BaseAddress = client.BaseAddress };
        approver.DefaultRequestHeaders.Authorization = new("Bearer", key.GetProperty("secret").GetString());
        var rotated = await SendAsync(approver, HttpMethod.Post, "/keys/approver/rotation", "{}");
        approver.DefaultRequestHeaders.Authorization = new("Bearer", rotated.GetProperty("secret").GetString());

        var other = $$"""{"account": "{{Changed}}", "isIban": false, "bank": "{{Branch}}", "holder": "{{Holder}}"}""";
        var asked = await PutAsync(client, "/employees/p-19/bank-account/2026-02-01", other);
        var approval = $"/approvals/{asked.GetProperty("approval").GetString()}";
        Assert.Contains(Ending, await GetAsync(approver, approval), StringComparison.Ordinal);
        await SendAsync(approver, HttpMethod.Post, approval + "/approval", null);
        await PutAsync(client, "/employees/p-19/bank-account/2026-02-01", other);
        var shown = await GetAsync(client, $"/employees?name={Uri.EscapeDataString(Employee)}")
            + await GetAsync(client, "/employees/p-19") + await GetAsync(client, "/people/p-19/data-export");
        Assert.All(Hidden[3..], text => Assert.Contains(text, shown, StringComparison.Ordinal));
        return approval;
    }

    private static string Entry(string counterparty) => $$"""
        {"bookedOn": "2026-01-31", "description": "{{Control}}", "counterparty": {{counterparty}}, "lines": [
        {"account": "1", "side": "debit", "amount": "12.00"}, {"account": "2", "side": "credit", "amount": "12.00"}]}
        """;

    private static Task<JsonElement> PutAsync(HttpClient client, string path, string json) =>
        SendAsync(client, HttpMethod.Put, path, json);

    private static async Task<JsonElement> SendAsync(HttpClient client, HttpMethod method, string path, string? json)
    {
        using var request = new HttpRequestMessage(method, new Uri($"/companies/acme{path}", UriKind.Relative));
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return JsonDocument.Parse(body).RootElement;
    }

    private static Task<string> GetAsync(HttpClient client, string path) =>
        client.GetStringAsync(new Uri($"/companies/acme{path}", UriKind.Relative));

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
        Assert.Empty(Holding(files, Hidden));
        var control = Holding(files, Control);
        Assert.Contains(control, file => file.Contains("base", StringComparison.Ordinal));
        Assert.Contains(control, file => file.Contains("pg_wal", StringComparison.Ordinal));
        Assert.Contains(control, file => file.EndsWith("server.log", StringComparison.Ordinal));
        Assert.NotEmpty(Holding(files, Organisation));
    }

    private static List<string> Holding(string[] files, params string[] texts)
    {
        byte[][] forms =
        [
            .. texts.SelectMany(text => (byte[][])
            [
                Encoding.UTF8.GetBytes(text), Encoding.Unicode.GetBytes(text),
                Encoding.BigEndianUnicode.GetBytes(text),
            ]),
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
