using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Projections;
using Ledger.Tests.Import;

namespace Ledger.Tests.People;

/// <summary>What of persons cannot be read any more although it should.</summary>
public sealed class UnreadableTextsTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    [Fact]
    public async Task A_text_that_does_not_open_though_nobody_erased_it_is_a_finding()
    {
        await books.ImportAsync(
            "broken", PersonalDataFilesTests.Chart + PersonalDataFilesTests.Entries,
            options => options with { NewCompany = null });
        await books.CatchUpAsync();
        await ExecuteAsync(
            """
            update ledger.person_key set wrapped = (select wrapped from ledger.person_key where person = 'p-1')
            where person = 'p-2'
            """);
        await ExecuteAsync("delete from ledger.person_key where person = 'p-1'");
        await Task.Delay(Vault.KeptFor);

        var report = await new Verification(books.Ledger.Database, EventCatalog.Ledger, books.Ledger.Vault).RunAsync();

        var e = (await books.Ledger.Store.ReadAllAsync(0, 1_000))
            .Where(each => each.Type == "journal_entry_posted").ToArray();
        const string check = "texts on persons open, or were erased";
        const string gone = "has no key any more, although nobody erased it";
        const string wrong = "does not open: it was changed, or its key is another one";
        Assert.Equal(
            [
                (check, $"event {e[0].Sequence}", Of(e[0], gone)),
                (check, $"event {e[1].Sequence}", Of(e[1], wrong)),
                (check, $"event {e[2].Sequence}", Of(e[2], gone)),
            ],
            report.Findings.Select(finding => (finding.Check, finding.Where, finding.What)));
    }

    private static string Of(RecordedEvent entry, string what) =>
        $"counterpartyPerson of '{entry.Stream}' in 'broken' {what}";

    private async Task ExecuteAsync(string sql)
    {
        await using var command = books.Ledger.Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
