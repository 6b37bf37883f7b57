using Ledger.Api.Audit;

namespace Ledger.Tests.Audit;

/// <summary>However much comes, the log is bounded, and nobody hides behind what they send.</summary>
public sealed class AccessRowsTests
{
    [Fact]
    public async Task A_million_refusals_are_no_more_rows_than_are_set_and_none_is_lost()
    {
        await using var database = await AccessDatabase.CreateAsync();
        await using var log = database.Log(new(400, 50, Addresses: false));
        for (var i = 0; i < 1_000_000; i++)
        {
            log.Note($"c{i % 5_000}", "key:reader22", "GET", "/x", "permission-missing");
        }

        log.Note("acme", "key:reader22", "GET", "/y", AccessLog.PersonalDataRead, "person-1");
        await log.FlushAsync();

        // The loop may have written meanwhile, each second at most fifty rows.
        var seconds = await database.NumberAsync("select count(distinct second) + 1 from ledger.access_log");
        Assert.InRange(await database.NumberAsync("select count(*) from ledger.access_log"), 26, 50 * seconds);
        Assert.Equal(1_000_001, await database.NumberAsync("select sum(count)::bigint from ledger.access_log"));
        Assert.NotEqual(0, await database.NumberAsync(
            "select count(*) from ledger.access_log where code = 'others'"));
        Assert.Equal(1, await database.NumberAsync(
            "select count(*) from ledger.access_log where code = 'personal-data-read' and person = 'person-1'"));
    }

    [Fact]
    public async Task What_strangers_send_is_one_row_a_route_and_code_in_a_minute_whatever_they_name()
    {
        await using var database = await AccessDatabase.CreateAsync();
        await database.ExecuteAsync("insert into mt_streams (tenant_id, id) values ('acme', 'company')");
        await using var log = database.Log(new(400, 1_000, Addresses: false));
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 200; i++)
            {
                log.Note($"none-{round}-{i}", null, "GET", "/x", "key-unknown");
            }

            log.Note("acme", null, "GET", "/x", "key-unknown");
            await log.FlushAsync();
            await Task.Delay(1_100);
        }

        Assert.Equal(603, await database.NumberAsync("select sum(count)::bigint from ledger.access_log"));
        Assert.Equal(3, await database.NumberAsync(
            "select sum(count)::bigint from ledger.access_log where company = 'acme'"));
        Assert.Equal(0, await database.NumberAsync(
            "select count(*) from ledger.access_log where company <> 'acme' or extract(second from second) <> 0"));

        // A minute may have ended meanwhile.
        Assert.InRange(await database.NumberAsync("select count(*) from ledger.access_log"), 2, 4);
    }

    [Fact]
    public async Task Whoever_asks_in_vain_for_very_many_persons_is_few_rows_and_names_five_in_a_minute()
    {
        await using var database = await AccessDatabase.CreateAsync();
        await using (var log = database.Log(new(400, 1_000, Addresses: false)))
        {
            for (var i = 0; i < 300; i++)
            {
                log.Note("acme", "key:employee", "GET", "/x", "permission-missing", $"p-{i}");
                log.Note("acme", "key:people22", "GET", "/x", AccessLog.PersonalDataRead, $"p-{i}");
            }

            log.Note("acme", "key:another2", "GET", "/x", "permission-missing", "p-299");
        }

        // A minute may have ended meanwhile, and several seconds.
        const string ofEmployee = "from ledger.access_log where actor = 'key:employee'";
        Assert.InRange(await database.NumberAsync(
            $"select count(distinct person) {ofEmployee}"), DeniedPersons.NamedMax, 2 * DeniedPersons.NamedMax);
        Assert.InRange(await database.NumberAsync($"""
            select count(*) - 6 * (count(distinct second) - 1) {ofEmployee}
            """), 1, 2 * (DeniedPersons.NamedMax + 1));
        Assert.Equal(300, await database.NumberAsync($"select sum(count)::bigint {ofEmployee}"));
        Assert.Equal(300, await database.NumberAsync(
            "select count(distinct person) from ledger.access_log where actor = 'key:people22'"));
        Assert.Equal(1, await database.NumberAsync(
            "select count(*) from ledger.access_log where actor = 'key:another2' and person = 'p-299'"));
    }

    [Fact]
    public void Refusals_take_half_of_the_rows_strangers_a_quarter_and_reads_of_personal_data_the_rest()
    {
        var rows = new AccessRows(rowsMax: 20);
        for (var i = 0; i < 40; i++)
        {
            rows.Add(Of($"strange-{i}", actor: null), isRefusal: true);
        }

        for (var i = 0; i < 40; i++)
        {
            rows.Add(Of($"refused-{i}"), isRefusal: true);
            rows.Add(Of($"read-{i}"), isRefusal: false);
            rows.Add(Of("refused-0"), isRefusal: true);
        }

        var taken = rows.Take();

        Assert.Equal(20, taken.Count);
        Assert.Equal(5, taken.Keys.Count(each => each.Code.StartsWith("strange", StringComparison.Ordinal)));
        Assert.Equal(41, taken[Of("refused-0")]);
        Assert.Equal(160, taken.Values.Sum());
        Assert.Equal(1, taken.Keys.Count(each => each.Code == AccessRows.Others));
        Assert.Empty(rows.Take());
    }

    [Fact]
    public void Whoever_reads_much_is_named_to_the_end_though_not_all_whom_they_read()
    {
        var rows = new AccessRows(rowsMax: 100);
        for (var person = 0; person < 1_000; person++)
        {
            rows.Add(Of("read") with { Person = $"p-{person}" }, isRefusal: false);
        }

        rows.Add(Of("read", "key:another2") with { Person = "p-1" }, isRefusal: false);

        var taken = rows.Take();
        Assert.Equal(1_000, taken.Where(each => each.Key.Actor == "key:reader22").Sum(each => each.Value));
        Assert.Equal(910, taken[Of("read")]);
        Assert.Equal(1, taken[Of("read", "key:another2")]);
        Assert.DoesNotContain(taken.Keys, each => each.Code == AccessRows.Others);
    }

    private static Access Of(string code, string? actor = "key:reader22") =>
        new(1, "acme", actor, "GET", "/x", code, null, null);
}
