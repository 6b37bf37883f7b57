using Ledger.Api.Backup;

namespace Ledger.Tests.Backup;

/// <summary>What a backup holds, held against what there is.</summary>
public sealed class BackupTablesTests
{
    [Fact]
    public async Task Every_table_of_data_is_in_a_backup_or_is_left_out_with_a_reason()
    {
        await using var database = await TestDatabase.CreateMigratedAsync();

        Assert.Equal(
            BackupTables.All.Select(table => table.Name).Concat(BackupTables.LeftOut.Keys)
                .Order(StringComparer.Ordinal),
            await BackupFolder.RowsAsync(database.SuperuserConnectionString, """
                select format('%s.%s', n.nspname, c.relname)
                from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname in ('public', 'ledger') and c.relkind in ('r', 'p', 'f', 'm')
                order by n.nspname::text collate "C", c.relname::text collate "C"
                """));
        Assert.All(BackupTables.LeftOut.Values, reason => Assert.NotEmpty(reason));
    }

    [Fact]
    public async Task There_is_no_other_schema_than_those_of_data_and_those_of_read_models()
    {
        await using var database = await TestDatabase.CreateMigratedAsync();

        Assert.Equal(
            ["ledger", "ledger_read", "public", "views"],
            await BackupFolder.RowsAsync(database.SuperuserConnectionString, """
                select nspname::text from pg_namespace
                where nspname !~ '^pg_' and nspname <> 'information_schema' order by nspname
                """));
    }
}
