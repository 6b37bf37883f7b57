using System.Text;
using Ledger.Api.Export;
using Ledger.Api.Journals;
using Ledger.Api.People;
using Ledger.Domain;
using Ledger.Projections;
using Ledger.Tests.Import;
using NodaTime;

namespace Ledger.Tests.People;

/// <summary>Natural persons on their way through files and into other books.</summary>
public sealed class PersonalDataFilesTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    internal const string Chart = """
        {"put":"company","body":{"name":"Shop","currency":"BGN","country":"FR","retention":{"bookkeeping":0}}}
        {"put":"accounts/L","body":{"name":"Debts","type":"asset"}}
        {"put":"accounts/E","body":{"name":"Earnings","type":"equity"}}

        """;

    internal static readonly string Entries =
        Entry("1", "2019-03-01", "10.00", Person("p-1", "Ana Petrova"))
        + Entry("2", "2019-04-01", "20.00", Person("p-2", "Ana Petrova"))
        + Entry("3", "2019-05-01", "30.00", Person("p-1", "Ana Ilieva"))
        + Entry("4", "2019-06-01", "40.00", "\"Ana Petrova\"");

    [Fact]
    public async Task An_export_opens_names_and_an_import_seals_them_for_the_other_company()
    {
        await ImportAsync("from", Chart + Entries);

        var exported = await ExportAsync("from");
        await ImportAsync("copy", exported);

        Assert.Equal(3, Count(exported, "\"person\":"));
        Assert.Contains("{\"person\":\"p-1\",\"name\":\"Ana Ilieva\"}", exported, StringComparison.Ordinal);
        Assert.Equal(exported, await ExportAsync("copy"));
        Assert.DoesNotContain("Ana", await StoredAsync("from") + await StoredAsync("copy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_erased_person_is_exported_without_a_name_and_imported_again_and_again()
    {
        await ImportAsync("erased", Chart + Entries);
        await EraseAsync("erased", "p-1");

        var exported = await ExportAsync("erased");
        await ImportAsync("erased-copy", exported);
        await ImportAsync("erased-copy", exported);

        Assert.Equal(2, Count(exported, "{\"person\":\"p-1\"}"));
        Assert.Equal(1, Count(exported, "\"name\":\"Ana Petrova\""));
        Assert.Equal(exported, await ExportAsync("erased-copy"));
    }

    [Fact]
    public async Task The_id_of_an_imported_entry_does_not_prove_a_name()
    {
        static string WithoutId(string name) => Entry("x", "2019-03-01", "10.00", Person("p-1", name))
            .Replace("\"id\":\"x\",", "", StringComparison.Ordinal);
        await ImportAsync("hash-one", Chart + WithoutId("Ana Petrova"));
        await ImportAsync("hash-two", Chart + WithoutId("Boris"));

        Assert.Equal(await EntriesAsync("hash-one"), await EntriesAsync("hash-two"));
    }

    [Fact]
    public async Task A_carry_over_keeps_persons_apart_by_id_and_seals_their_latest_names_anew()
    {
        await ImportAsync("lev", Chart + Entries);
        await EraseAsync("lev", "p-2");

        await CarryOverAsync("lev", "euro");
        await CarryOverAsync("lev", "euro");

        var exported = await ExportAsync("euro");
        var opened = exported.Split('\n').Where(line => line.Contains("\"kind\":\"opening\"", StringComparison.Ordinal))
            .Select(line => line[line.IndexOf("\"counterparty\"", StringComparison.Ordinal)..].TrimEnd('}')).Order();
        Assert.Equal(
            [
                "\"counterparty\":\"Ana Petrova\"", "\"counterparty\":{\"person\":\"p-1\",\"name\":\"Ana Ilieva\"",
                "\"counterparty\":{\"person\":\"p-2\"",
            ],
            opened);
        Assert.DoesNotContain("Ilieva", await StoredAsync("euro"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rebuilt_tables_are_the_live_ones_before_and_after_an_erasure()
    {
        await ImportAsync("rebuild", Chart + Entries);
        await EraseAsync("rebuild", "p-2");

        var report = await VerifyAsync();

        Assert.True(report.Passed, string.Join('\n', report.Findings));
        Assert.Contains(report.Checks, check => check.Contains("personal_data", StringComparison.Ordinal));
        Assert.Contains("texts on persons open, or were erased", report.Checks);
    }

    [Fact]
    public async Task Commands_that_open_names_are_noted_and_those_that_open_none_are_not()
    {
        await ImportAsync("noted", Chart + Entries);
        await ImportAsync("plain", Chart + Entry("4", "2019-06-01", "40.00", "\"Ana Petrova\""));
        foreach (var company in (string[])["noted", "plain"])
        {
            await ExportAsync(company);
            await CarryOverAsync(company, $"{company}-euro");
        }

        await using var command = books.Ledger.Database.CreateCommand(
            "select string_agg(concat_ws(' ', company, route, code, actor), ';' order by route) from ledger.access_log "
                + "where company in ('noted', 'plain')");
        var actor = books.Ledger.OwnerActor;
        Assert.Equal(
            $"noted ./run carry-over personal-data-read {actor};noted ./run export personal-data-read {actor}",
            await command.ExecuteScalarAsync());
    }

    private Task<VerificationReport> VerifyAsync() => new Verification(
        books.Ledger.Database, Ledger.EventStore.EventCatalog.Ledger, books.Ledger.Vault).RunAsync();

    private static string Person(string id, string name) => $$"""{"person":"{{id}}","name":"{{name}}"}""";

    private static string Entry(string id, string day, string amount, string counterparty) =>
        $"{{\"id\":\"{id}\",\"bookedOn\":\"{day}\",\"description\":\"Loan\",\"lines\":["
        + $"{{\"account\":\"L\",\"side\":\"debit\",\"amount\":\"{amount}\"}},"
        + $"{{\"account\":\"E\",\"side\":\"credit\",\"amount\":\"{amount}\"}}],\"counterparty\":{counterparty}}}\n";

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private async Task ImportAsync(string company, string text) => Assert.Empty(
        (await books.ImportAsync(company, text, options => options with { NewCompany = null })).Complaints);

    private async Task EraseAsync(string company, string person)
    {
        await books.CatchUpAsync();
        await PersonalDataErasure.RequestAsync(
            books.Ledger, company, person, new("key:test", null, null, null), books.Ledger.Clock);
        await books.CatchUpAsync();
    }

    private async Task CarryOverAsync(string from, string to) => Assert.True(await new CarryOverRun(
        books.Ledger,
        new(from, to, new LocalDate(2020, 1, 1), 1.95583m, new UnitCode("EUR"), null, new AccountCode("difference"),
            new AccountCode("off-difference"), null),
        _ => { }).RunAsync(CancellationToken.None));

    private async Task<string> ExportAsync(string company)
    {
        using var output = new MemoryStream();
        await ExportRun.RunAsync(
            books.Ledger, company, ExportFormat.Ndjson, output, _ => { }, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    private async Task<string[]> EntriesAsync(string company) =>
        [.. (await books.EventsAsync(company)).Where(e => e.Type == "journal_entry_posted").Select(e => e.Stream)];

    /// <summary>All events and tables of a company as the database has them, but for organisations.</summary>
    private async Task<string> StoredAsync(string company)
    {
        await books.CatchUpAsync();
        await using var command = books.Ledger.Database.CreateCommand(
            """
            select string_agg(t, E'\n') from (
                select (data - 'counterparty')::text t from public.mt_events where tenant_id = $1
                union all
                select to_jsonb(e)::text from (
                    select id, counterparty_sealed, description from views.journal_entry where company = $1) e) s
            """);
        command.Parameters.Add(new() { Value = company });
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
