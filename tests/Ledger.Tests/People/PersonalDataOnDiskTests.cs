using System.Net.Http.Headers;
using System.Text;
using Ledger.Api;
using Ledger.Api.Keys;
using Ledger.Api.People;
using Ledger.Tests.Postgres;
using Microsoft.Extensions.Configuration;
using NodaTime;
using Npgsql;

namespace Ledger.Tests.People;

/// <summary>
/// Whatever PostgreSQL writes — tables, indexes, WAL, its log with every statement and parameter — holds no name of a
/// natural person at any time. That the search finds things is shown by texts that it must find.
/// </summary>
public sealed class PersonalDataOnDiskTests
{
    private const string Name = "Пенка Xylofonova-Ærø";
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

            await PersonalDataErasure.RequestAsync(ledger, "acme", "p-17", new("key:x", null, null, null), Later);
            var entry = await client.GetStringAsync(new Uri("/companies/acme/journal-entries/e1", UriKind.Relative));
            Assert.Contains("\"erased\":true", entry, StringComparison.Ordinal);
            await FlushAsync(ledger);
            AssertHidden(folder.Data);
            await app.StopAsync();
        }

        AssertHidden(folder.Data);
        Assert.DoesNotContain("Пенка", log.ToString(), StringComparison.Ordinal);
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

    private static void AssertHidden(string folder)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
        Assert.Empty(Holding(files, "Пенка").Concat(Holding(files, "Xylofonova")).Concat(Holding(files, Name)));
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
