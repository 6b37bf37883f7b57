using Ledger.Api;
using Ledger.Api.Audit;
using Ledger.EventStore;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using Microsoft.Extensions.Configuration;

namespace Ledger.Tests.Audit;

/// <summary>Which keys a service signs by, of those in its file and those that are published.</summary>
public sealed class AuditKeyringTests : IAsyncLifetime
{
    private const string Actor = "key:test";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-keyring-");
    private readonly List<string> said = [];
    private AuditDatabase database = null!;
    private Store store = null!;

    public async Task InitializeAsync()
    {
        database = await AuditDatabase.CreateAsync();
        store = new(database.Source);
        await store.StartAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await store.DisposeAsync();
        await database.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_key_that_is_published_after_its_file_was_read_signs_from_then_on()
    {
        var (service, command) = (Ring("one"), Ring("one"));
        await PrepareAsync(service);
        Assert.Single((await SignerAsync(service))!.PublicKeys);

        // The command wrote the file, and has not published the key yet.
        FileOf("one").Add();
        Assert.Single((await SignerAsync(service))!.PublicKeys);
        await command.RotateAsync(Actor, CancellationToken.None);

        Assert.Equal(2, (await SignerAsync(service))!.PublicKeys.Count);
        await command.RetireAsync(Actor, "Exchanged", CancellationToken.None);
        Assert.Single((await SignerAsync(service))!.PublicKeys);
        Assert.StartsWith("The key that signs the audit logs was made", Assert.Single(said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_services_with_files_of_their_own_one_gives_the_ledger_its_key_and_the_other_says_so()
    {
        var (one, two) = (Ring("one"), Ring("two"));

        await Task.WhenAll(PrepareAsync(one), PrepareAsync(two));

        Assert.Single((await one.KeysAsync(CancellationToken.None)).InUse);
        Assert.Single(new[] { await SignerAsync(one), await SignerAsync(two) }, signer => signer is not null);
        Assert.Contains("All services of a ledger need the same file.", said.Last(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_lacks_the_newest_key_signs_nothing_until_the_file_is_there()
    {
        var (one, two) = (Ring("one"), Ring("two"));
        await PrepareAsync(one);
        CopyKeys("one", "two");
        Assert.NotNull(await SignerAsync(two));

        await one.RotateAsync(Actor, CancellationToken.None);
        Assert.Null(await SignerAsync(two));

        CopyKeys("one", "two");
        Assert.Equal(2, (await SignerAsync(two))!.PublicKeys.Count);
    }

    [Fact]
    public async Task Where_the_key_is_lost_another_signs_alone()
    {
        var ring = Ring("one");
        await PrepareAsync(ring);
        File.Delete(FileOf("one").Path);
        Assert.Null(await SignerAsync(ring));

        var keys = await ring.RotateAsync(Actor, CancellationToken.None);

        Assert.Equal(
            [keys.InUse[1]], (await SignerAsync(ring))!.PublicKeys.Select(each => Convert.ToBase64String(each)));
    }

    [Fact]
    public async Task Whoever_lacks_the_newest_key_retires_none()
    {
        var (one, two) = (Ring("one"), Ring("two"));
        await PrepareAsync(one);
        CopyKeys("one", "two");
        var published = await one.RotateAsync(Actor, CancellationToken.None);

        var refused = await Assert.ThrowsAsync<SetUpException>(
            () => two.RetireAsync(Actor, "Exchanged", CancellationToken.None));

        Assert.Contains(
            "copy the file from the machine on which it was made", refused.Message, StringComparison.Ordinal);
        Assert.Equal(published, await two.KeysAsync(CancellationToken.None));
        Assert.Single(FileOf("two").Read());
    }

    [Fact]
    public async Task A_retired_key_of_an_old_copy_of_the_file_never_signs_again()
    {
        var (one, two) = (Ring("one"), Ring("two"));
        await PrepareAsync(one);
        CopyKeys("one", "two");
        var first = Assert.Single((await one.KeysAsync(CancellationToken.None)).InUse);
        await one.RotateAsync(Actor, CancellationToken.None);
        await one.RetireAsync(Actor, "Leaked", CancellationToken.None);

        // As it is told to whoever has lost the newest.
        var keys = await two.RotateAsync(Actor, CancellationToken.None);

        Assert.Equal(2, keys.InUse.Count);
        Assert.Equal(first, Assert.Single(keys.Retired));
        Assert.Equal(
            [keys.InUse[1]], (await SignerAsync(two))!.PublicKeys.Select(each => Convert.ToBase64String(each)));
        Assert.Null(await SignerAsync(one));
    }

    [Fact]
    public async Task What_cannot_be_kept_beside_the_key_is_remembered_until_the_process_ends_and_that_is_said()
    {
        // The file itself could have this name, but none of its drafts.
        const int NameMax = 255;
        var name = new string('k', NameMax - ".ledger.signed".Length);
        var settings = SettingsOf(
            "one", (AuditKeyFile.Setting, Path.Combine(folder.FullName, name)), (AuditKeyring.NameSetting, "ledger"));
        await PrepareAsync(new AuditKeyring(store, SettingsOf("one", (AuditKeyring.NameSetting, "ledger"))));
        File.Copy(FileOf("one").Path, AuditKeyFile.Of(settings).Path);
        var ring = new AuditKeyring(store, settings);
        await PrepareAsync(ring);
        Assert.StartsWith(
            "What was signed last of the audit logs cannot be kept beside the key", said.Last(),
            StringComparison.Ordinal);
        var signer = (await SignerAsync(ring))!;

        ring.Signing.Keep(signer.Ledger, signer.Sign("", 7, MerkleTree.EmptyRoot));
        ring.Signing.Keep(signer.Ledger, signer.Sign("", 6, MerkleTree.EmptyRoot));

        Assert.Equal(7, ring.Signing.Last(signer.Ledger)!.Size);
        Assert.Null(new AuditKeyring(store, settings).Signing.Last(signer.Ledger));
    }

    [Fact]
    public async Task What_was_signed_last_is_kept_beside_the_key_and_never_goes_back()
    {
        var ring = Ring("one");
        await PrepareAsync(ring);
        var signer = (await SignerAsync(ring))!;
        var (root, other) = (MerkleTree.EmptyRoot, MerkleTree.HashLeaf([1]));
        ring.Signing.Keep(signer.Ledger, signer.Sign("", 7, root));
        ring.Signing.Keep(signer.Ledger, signer.Sign("", 6, other));

        var kept = Ring("one").Signing.Last(signer.Ledger)!;
        Assert.Equal((signer.Ledger, 7L), (kept.Origin, kept.Size));
        Assert.Null(ring.Signing.Last("another"));
        var path = $"{FileOf("one").Path}.{signer.Ledger}.signed";
        Assert.NotNull(SignedNote.Parse(await File.ReadAllTextAsync(path)));

        await File.WriteAllTextAsync(path, "torn");
        Assert.Contains(
            "does not hold the checkpoint that was signed last: put back the file as it was",
            Assert.Throws<AuditLogException>(() => Ring("one").Signing.Last(signer.Ledger)).Message,
            StringComparison.Ordinal);
        Assert.Throws<AuditLogException>(() => ring.Signing.Last("../other"));
    }

    private static Task<AuditSigner?> SignerAsync(AuditKeyring ring) => ring.SignerAsync(CancellationToken.None);

    private Task PrepareAsync(AuditKeyring ring) => ring.PrepareAsync(
        Actor,
        sentence =>
        {
            lock (said)
            {
                said.Add(sentence);
            }
        },
        CancellationToken.None);

    private void CopyKeys(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(to).Path)!);
        File.Copy(FileOf(from).Path, FileOf(to).Path, overwrite: true);
    }

    private AuditKeyring Ring(string data) => new(store, SettingsOf(data));

    private AuditKeyFile FileOf(string data) => AuditKeyFile.Of(SettingsOf(data));

    private Settings SettingsOf(string data, params (string Name, string Value)[] settings) => new(
        "", Path.Combine(folder.FullName, data), database.ConnectionString,
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(each => KeyValuePair.Create(each.Name, (string?)each.Value)))
            .Build());
}
