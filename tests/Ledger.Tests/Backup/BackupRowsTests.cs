using Ledger.Api.Backup;
using Ledger.Tests.Roles;

namespace Ledger.Tests.Backup;

/// <summary>Rows come back whatever their sizes are, and are told from others in whatever order they lie.</summary>
public sealed class BackupRowsTests
{
    private const int Seed = 20_261;
    private const int Events = 20_000;
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, .. new byte[8]];
    private static readonly byte[] End = [0xFF, 0xFF];

    [Fact]
    public async Task Events_of_many_sizes_are_restored()
    {
        using var folder = new BackupFolder();
        await using var from = await TestDatabase.CreateMigratedAsync();
        await using var into = await TestDatabase.CreateAsync();

        // Most are short, some are long: a short one that comes later fits where a long one found no room. Here they
        // lie in the order of their numbers, as they do after CLUSTER, and where they are loaded they do not.
        await from.ExecuteAsSuperuserAsync($$"""
            select setseed({{Seed}} / 1e6);
            insert into public.mt_streams (tenant_id, id, version) values ('acme', 'periods', {{Events}});
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            select n, gen_random_uuid(), 'periods', n,
                jsonb_build_object('period', to_char(date '2000-01-01' + n, 'YYYY-MM'), 'x', (
                    select string_agg(md5(random()::text), '')
                    from generate_series(1, case when random() < 0.15 then 50 else 8 + n % 6 end))),
                'period_closed', now(), 'acme'
            from generate_series(1, {{Events}}) n;
            cluster public.mt_events using pkey_mt_events_seq_id
            """);
        var file = folder.PathOf("sizes");
        Assert.Equal(0, (await CommandRun.RunAsync(
            "backup", file, "--connection", from.SuperuserConnectionString)).Code);

        var (_, _, error) = await BackupFolder.RestoreAsync(file, into, folder.Data("data").FullName);

        Assert.DoesNotContain("come out of the database", error, StringComparison.Ordinal);
        var all = $"""
            select md5(string_agg(e::text, '|' order by seq_id)) from public.mt_events e where seq_id <= {Events}
            """;
        Assert.Equal(
            await BackupFolder.RowsAsync(from.SuperuserConnectionString, all),
            await BackupFolder.RowsAsync(into.SuperuserConnectionString, all));
        Assert.NotEmpty(await BackupFolder.RowsAsync(into.SuperuserConnectionString, """
            select 'out of order' from (
                select seq_id, lag(seq_id) over (order by ctid) as before from public.mt_events) e
            where seq_id < before limit 1
            """));
    }

    [Fact]
    public void Rows_come_to_the_same_in_another_order_and_to_something_else_when_one_is_changed_gone_or_twice()
    {
        byte[] one = Row("one", null), two = Row("", "another");
        var sum = Sum(one, two);

        Assert.Equal(2, sum.Rows);
        Assert.Equal(sum, Sum(two, one));
        Assert.NotEqual(sum, Sum(one, Row("", "anothes")));
        Assert.NotEqual(sum, Sum(one));
        Assert.NotEqual(sum, Sum(one, two, two));
        Assert.NotEqual(Sum(Row("ab", "c")), Sum(Row("a", "bc")));
        Assert.NotEqual(Sum(Row("", "c")), Sum(Row(null, "c")));
        Assert.Equal((0L, new string('0', 64)), Sum());
    }

    [Fact]
    public void What_is_cut_off_or_is_something_else_is_no_rows()
    {
        byte[] whole = [.. Header, .. Row("one"), .. End];
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => SumOf(whole[..length], 7));
        }

        Assert.Throws<InvalidDataException>(() => SumOf([.. whole, 0, 0], 7));
    }

    private static (long Rows, string Text) Sum(params byte[][] rows)
    {
        byte[] all = [.. Header, .. rows.SelectMany(row => row), .. End];
        var whole = SumOf(all, all.Length);

        // Wherever it is cut into pieces.
        Assert.All(Enumerable.Range(1, all.Length), piece => Assert.Equal(whole, SumOf(all, piece)));
        return whole;
    }

    private static (long Rows, string Text) SumOf(byte[] all, int piece)
    {
        using var sum = new RowSum();
        foreach (var part in all.Chunk(piece))
        {
            sum.Add(part);
        }

        sum.MustHaveEnded();
        return (sum.Rows, sum.Text);
    }

    private static byte[] Row(params string?[] fields) =>
    [
        0, (byte)fields.Length, .. fields.SelectMany<string?, byte>(field => field is null
            ? [0xFF, 0xFF, 0xFF, 0xFF]
            : [0, 0, 0, (byte)field.Length, .. field.Select(letter => (byte)letter)]),
    ];
}
