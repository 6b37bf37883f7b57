using System.Text;
using Ledger.Api.Export;
using Ledger.Tests.Import;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.Export;

public sealed class OutputTests(ImportBooks books) : IClassFixture<ImportBooks>
{
    [Fact]
    public async Task What_a_failed_append_of_marten_leaves_is_passed_over()
    {
        await books.ImportAsync("acme", "txnidx,date,description,account,amount,commodity\n"
            + "1,2026-01-31,Rent,Expenses,5,EUR\n1,2026-01-31,Rent,Assets,-5,EUR\n");
        var before = await ExportAsync();
        var next = await books.Ledger.Store.HeadAsync() + 1;
        await books.ExecuteAsSuperuserAsync($$"""
            insert into public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id)
            values ({{next}}, gen_random_uuid(), 'mt_tombstone', {{next}}, '{}', 'tombstone', clock_timestamp(), 'acme')
            """);

        Assert.Equal(before, await ExportAsync());
    }

    [Fact]
    public async Task An_export_that_fails_leaves_the_old_file_and_nothing_beside_it()
    {
        var (folder, file) = await OldFileAsync("failed");
        await using var error = new StringWriter();

        var code = await Program.RunAsync(
            [
                "export", "--company", "nobody", "--format", "csv", "--output", file, "--replace", "--data",
                books.DataFolder, "--connection", books.ConnectionString,
            ],
            TextWriter.Null,
            error);

        Assert.Equal((1, "There is no company nobody."), (code, error.ToString().TrimEnd()));
        Assert.Equal("old", await File.ReadAllTextAsync(file));
        Assert.Equal([file], Directory.GetFiles(folder));
    }

    [Fact]
    public async Task The_old_file_is_there_until_the_new_one_is_whole_and_a_link_to_it_stays_one()
    {
        var (folder, file) = await OldFileAsync("linked");
        var link = Path.Combine(folder, "link.csv");
        File.CreateSymbolicLink(link, file);

        var answer = await OutputFile.WriteAsync(link, replace: true, async output =>
        {
            await output.WriteAsync("new"u8.ToArray());
            Assert.Equal("old", await File.ReadAllTextAsync(file));
            return 3;
        });

        Assert.Equal((3, "new"), (answer, await File.ReadAllTextAsync(file)));
        Assert.Equal(file, File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName);
        Assert.Equal([file, link], Directory.GetFiles(folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_file_that_holds_something_is_replaced_only_when_that_is_said()
    {
        await books.ImportAsync("shop", "txnidx,date,description,account,amount,commodity\n"
            + "1,2026-01-31,Rent,Expenses,5,EUR\n1,2026-01-31,Rent,Assets,-5,EUR\n");
        var folder = Directory.CreateDirectory(Path.Combine(books.DataFolder, "fresh")).FullName;
        var file = Path.Combine(folder, "books.csv");
        var absent = Path.Combine(folder, "none");

        Assert.Equal((0, "1 entries exported."), await ExportedAsync(file));
        var written = await File.ReadAllTextAsync(file);
        Assert.Contains("Rent", written, StringComparison.Ordinal);
        Assert.Equal(
            (1, $"'{file}' exists: name another file, or say --replace, and it is kept until the new one is whole."),
            await ExportedAsync(file));
        await File.WriteAllTextAsync(file, "old");
        Assert.Equal((0, "1 entries exported."), await ExportedAsync(file, "--replace"));
        Assert.Equal(written, await File.ReadAllTextAsync(file));
        await File.WriteAllTextAsync(file, "");
        Assert.Equal((0, "1 entries exported."), await ExportedAsync(file));
        Assert.Equal(written, await File.ReadAllTextAsync(file));
        Assert.Equal(
            (1, $"There is no folder '{absent}': make it, or name a file in another one."),
            await ExportedAsync(Path.Combine(absent, "books.csv")));
        Assert.Equal((1, $"'{folder}' is a folder: name a file in it."), await ExportedAsync(folder, "--replace"));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder));
    }

    /// <summary>The exit code, and the last line that was said.</summary>
    private async Task<(int Code, string Said)> ExportedAsync(string file, params string[] more)
    {
        await using var error = new StringWriter();
        var code = await Program.RunAsync(
            [
                "export", "--company", "shop", "--format", "csv", "--output", file, "--data", books.DataFolder,
                "--connection", books.ConnectionString, .. more,
            ],
            TextWriter.Null,
            error);
        return (code, error.ToString().TrimEnd().Split('\n')[^1]);
    }

    private async Task<(string Folder, string File)> OldFileAsync(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(books.DataFolder, name)).FullName;
        var file = Path.Combine(folder, "books.csv");
        await File.WriteAllTextAsync(file, "old");
        return (folder, file);
    }

    private async Task<string> ExportAsync()
    {
        using var output = new MemoryStream();
        await ExportRun.RunAsync(
            books.Ledger, "acme", ExportFormat.Ndjson, output, _ => { }, CancellationToken.None);
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
