using Ledger.Api.Witnesses;
using Ledger.EventStore.Audit;
using NodaTime;

namespace Ledger.Tests.Witnesses;

/// <summary>What a witness keeps, whoever sends it what, and what of a witness is believed.</summary>
public sealed class WitnessMemoryTests : IAsyncLifetime
{
    private readonly SmallLog log = new SmallLog("ledger.example", 1).Grow(20);

    private RunningWitness witness = null!;

    public async Task InitializeAsync() => witness = await RunningWitness.StartAsync("witness.example/w1", log.Key);

    public async Task DisposeAsync() => await witness.DisposeAsync();

    [Fact]
    public async Task Right_checkpoints_that_anybody_sends_with_wrong_proofs_use_up_nothing_and_a_fork_is_still_said()
    {
        var fork = new SmallLog("ledger.example", 1).Grow(6).Grow(14, branch: 1);
        var now = Instant.FromUtc(2026, 4, 2, 8, 0);
        witness.Now = now;
        await witness.AddAsync(log.Request(0, 8));
        for (var size = 9; size <= 20; size++)
        {
            Assert.Equal(422, (await witness.AddAsync(log.Request(8, size) with { Proof = [] })).Status);
            Assert.Equal(422, (await witness.AddAsync(log.Request(8, 9) with { Proof = [] })).Status);
            Assert.Equal(409, (await witness.AddAsync(log.Request(0, 5))).Status);
            Assert.Equal(409, (await witness.AddAsync(log.Request(0, size % 8))).Status);
        }

        Assert.Single(witness.Unproven);
        Assert.Single(witness.Smaller);
        Assert.Equal(2, witness.Said.Count);
        Assert.Empty(witness.Evidence);
        Assert.Equal(422, (await witness.AddAsync(fork.Request(8, 8))).Status);
        Assert.StartsWith("EVIDENCE: ", witness.Said[^1], StringComparison.Ordinal);
        Assert.Single(witness.Evidence);

        witness.Now = now + Duration.FromSeconds(6);
        Assert.Equal(422, (await witness.AddAsync(log.Request(8, 15) with { Proof = [] })).Status);
        Assert.Equal(2, witness.Unproven.Length);
    }

    [Fact]
    public async Task A_fork_is_said_even_where_there_is_no_room_for_it()
    {
        var fork = new SmallLog("ledger.example", 1).Grow(6).Grow(14, branch: 1);
        await witness.AddAsync(log.Request(0, 8));
        for (var i = 0; i < 1_000; i++)
        {
            var name = $"{WitnessFolder.EvidencePrefix}{WitnessFolder.HashOf("ledger.example")[..8]}-{i}-x.txt";
            await File.WriteAllTextAsync(Path.Combine(witness.Folder, name), "");
        }

        Assert.Equal(422, (await witness.AddAsync(fork.Request(8, 8))).Status);

        Assert.Equal(1_000, witness.Evidence.Length);
        Assert.Contains("not kept, since so much of it is", Assert.Single(witness.Said), StringComparison.Ordinal);
    }

    [Fact]
    public void Of_what_anybody_can_send_the_first_and_the_last_are_kept()
    {
        var state = Directory.CreateTempSubdirectory("backoffice-witness-");
        using (var folder = WitnessFolder.Open(state.FullName))
        {
            for (var size = 1; size <= 120; size++)
            {
                var path = folder.KeepRefused(
                    WitnessFolder.SmallerPrefix, new("ledger.example", size, new byte[32]), $"{size}");
                File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddMinutes(size));
            }

            var kept = Directory.GetFiles(state.FullName, WitnessFolder.SmallerPrefix + "*")
                .Select(file => int.Parse(File.ReadAllText(file))).Order().ToArray();
            Assert.Equal([1, .. Enumerable.Range(22, 99)], kept);
        }

        state.Delete(recursive: true);
    }

    [Fact]
    public async Task A_witness_whose_memory_is_damaged_does_not_forget()
    {
        await witness.AddAsync(log.Request(0, 8));
        await File.WriteAllTextAsync(Directory.GetFiles(witness.Folder, "log-*.txt").Single(), "torn");

        Assert.Equal(503, (await witness.AddAsync(log.Request(0, 9))).Status);
        Assert.Contains("is damaged", Assert.Single(witness.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_witness_whose_memory_is_lost_does_not_take_the_log_for_a_new_one()
    {
        await witness.AddAsync(log.Request(0, 8));
        File.Delete(Directory.GetFiles(witness.Folder, "log-*.txt").Single());
        await witness.RestartAsync();

        Assert.Equal(503, (await witness.AddAsync(log.Request(0, 5))).Status);
        Assert.Contains("is gone", Assert.Single(witness.Said), StringComparison.Ordinal);
    }

    [Fact]
    public void A_witness_that_signs_another_text_than_it_was_sent_is_not_believed()
    {
        var secret = new byte[32];
        var key = new VerifierKey("witness.example/w1", SignatureKind.Cosignature, Ed25519.PublicKeyOf(secret));
        var note = log.Note(8);
        var longer = SignedNote.Cosign(note + "x\n", key, secret, 1);
        var own = SignedNote.Cosign(SignedNote.Parse(note)!.Text, key, secret, 1);

        Assert.IsType<WitnessReply.Unusable>(WitnessClient.SignatureOf(key, note, $"x\n\n{longer}"));
        Assert.IsType<WitnessReply.Unusable>(WitnessClient.SignatureOf(key, note, "\n"));
        Assert.Equal(new WitnessReply.Cosigned(own.ToString()), WitnessClient.SignatureOf(key, note, own.ToString()));
    }
}
