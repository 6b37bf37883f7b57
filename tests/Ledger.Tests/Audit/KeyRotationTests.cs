using Ledger.Api.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;
using Program = Ledger.Api.CommandLine.CommandLine;

namespace Ledger.Tests.Audit;

/// <summary>Keys of the audit logs are exchanged by commands, while the service goes on.</summary>
public sealed class KeyRotationTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const int AttemptsMax = 600;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task Whoever_has_the_old_key_or_the_new_one_verifies_until_the_old_one_is_retired()
    {
        var books = host.Given([.. CompanyWithChart, Sale("s1")]);
        await books.PrepareAsync();
        var old = Assert.Single(await KeysAsync(books));
        var folder = Directory.CreateDirectory(Path.Combine(host.DataFolder, "bundles")).FullName;
        var bundle = Path.Combine(folder, "first.zip");

        var written = await RunAsync("audit", "bundle", "--company", books.Company, bundle);
        Assert.Equal(0, written.Code);
        Assert.True((await VerifyAsync(bundle, old)).Holds);
        var again = await RunAsync("audit", "bundle", "--company", books.Company, bundle);
        Assert.Equal((1, true), (again.Code, again.Said.Contains("exists: name another", StringComparison.Ordinal)));
        Assert.Equal(0, (await RunAsync("audit", "bundle", "--company", books.Company, bundle, "--replace")).Code);
        var nowhere = await RunAsync(
            "audit", "bundle", "--company", books.Company, Path.Combine(folder, "none", "first.zip"));
        Assert.Equal(
            (1, true), (nowhere.Code, nowhere.Said.StartsWith("There is no folder", StringComparison.Ordinal)));

        var rotated = await RunAsync("audit", "rotate-key");
        Assert.Equal(0, rotated.Code);
        var both = await KeysAsync(books);
        Assert.Equal(2, both.Count);
        Assert.Equal(old.ToString(), both[0].ToString());
        (await books.SendAsync(Sale("s2"))).Is(201);
        var note = await NoteAsync(books, signatures: 2);
        Assert.All(both, key => Assert.True(note.IsSignedBy(key)));
        await HoldsAsync(books, "s2", old);
        await HoldsAsync(books, "s2", both[1]);

        Assert.Equal(0, (await RunAsync("audit", "retire-keys", "--reason", "A year has passed")).Code);
        Assert.Equal(both[1].ToString(), Assert.Single(await KeysAsync(books)).ToString());
        (await books.SendAsync(Sale("s3"))).Is(201);
        note = await NoteAsync(books, signatures: 1);
        Assert.Equal((false, true), (note.IsSignedBy(old), note.IsSignedBy(both[1])));
        await HoldsAsync(books, "s3", both[1]);
        var (holds, lines) = await ProvenAsync(books, "s3", old);
        Assert.False(holds);
        Assert.Contains("is not signed by", lines.Single(), StringComparison.Ordinal);

        // What was given before stays proven by the key that its owner has.
        Assert.True((await VerifyAsync(bundle, old)).Holds);
        Assert.Contains("is not signed by", (await VerifyAsync(bundle, both[1])).Lines.Single(),
            StringComparison.Ordinal);
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        Assert.Empty((await new Verification(host.Ledger.Database, EventCatalog.Ledger).RunAsync()).Findings);
    }

    private static async Task<IReadOnlyList<VerifierKey>> KeysAsync(Scenario books) =>
    [
        .. (await books.SendAsync(Step.Get("/audit/key"))).Is(200).Json.GetProperty("keys").EnumerateArray()
            .Select(key => VerifierKey.Parse(key.GetString()!)!),
    ];

    /// <summary>The newest checkpoint, once it holds all events under so many signatures.</summary>
    private static async Task<SignedNote> NoteAsync(Scenario books, int signatures)
    {
        var size = (await books.RecordedAsync()).Count;
        var note = await NewestAsync();
        for (var i = 0; i < AttemptsMax && Checkpoint.Parse(note.Text)!.Size < size; i++)
        {
            await Task.Delay(Pause);
            note = await NewestAsync();
        }

        Assert.Equal(signatures, note.Signatures.Count);
        return note;

        async Task<SignedNote> NewestAsync() =>
            SignedNote.Parse((await books.SendAsync(Step.Get("/audit/checkpoint"))).Is(200).Body)!;
    }

    /// <summary>The log over all logs takes some seconds to have it.</summary>
    private static async Task HoldsAsync(Scenario books, string entry, VerifierKey key)
    {
        var (holds, lines) = await ProvenAsync(books, entry, key);
        for (var i = 0; i < AttemptsMax && !(holds && lines.Any(IsLogged)); i++)
        {
            await Task.Delay(Pause);
            (holds, lines) = await ProvenAsync(books, entry, key);
        }

        Assert.True(holds, string.Join('\n', lines));
        Assert.Contains(lines, IsLogged);

        static bool IsLogged(string line) => line.EndsWith("holds the checkpoint.", StringComparison.Ordinal);
    }

    private static async Task<OfflineReport> ProvenAsync(Scenario books, string entry, VerifierKey key)
    {
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                path, (await books.SendAsync(Step.Get($"/audit/entries/{entry}"))).Is(200).Body);
            return await VerifyAsync(path, key);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Task<OfflineReport> VerifyAsync(string path, VerifierKey key) =>
        OfflineVerification.RunAsync(new(path), key, [], CancellationToken.None);

    private async Task<(int Code, string Said)> RunAsync(params string[] arguments)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await Program.RunAsync(
            [.. arguments, "--data", host.DataFolder, "--connection", host.Ledger.Settings.Connection!], output, error);
        return (code, error.ToString() + output);
    }
}
