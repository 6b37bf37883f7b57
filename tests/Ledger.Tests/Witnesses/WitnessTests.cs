using System.Text;
using Ledger.Api;
using Ledger.Api.Witnesses;
using Ledger.EventStore.Audit;

namespace Ledger.Tests.Witnesses;

public sealed class WitnessTests : IAsyncLifetime
{
    private readonly SmallLog log = new SmallLog("ledger.example", 1).Grow(20);

    private RunningWitness witness = null!;

    public async Task InitializeAsync() => witness = await RunningWitness.StartAsync("witness.example/w1", log.Key);

    public async Task DisposeAsync() => await witness.DisposeAsync();

    [Fact]
    public async Task What_goes_on_from_what_it_saw_is_cosigned_with_the_time()
    {
        foreach (var (from, to) in new[] { (0, 3), (3, 4), (4, 4), (4, 20) })
        {
            var request = log.Request(from, to);
            var (status, type, text) = await witness.AddAsync(request);

            Assert.Equal((200, "text/plain"), (status, type));
            Assert.Matches("^— witness.example/w1 [A-Za-z0-9+/]+={0,2}\n$", text);
            var time = SignedNote.Parse(request.Note + text)!.CosignedBy(witness.Key);
            Assert.InRange(time!.Value, 1_700_000_000, 4_000_000_000);
        }
    }

    [Fact]
    public async Task The_old_size_must_be_what_it_saw_and_it_says_that_size()
    {
        Assert.Equal((409, "text/x.tlog.size", "0\n"), await witness.AddAsync(log.Request(3, 5)));
        await witness.AddAsync(log.Request(0, 5));
        Assert.Equal((409, "text/x.tlog.size", "5\n"), await witness.AddAsync(log.Request(0, 7)));
        Assert.Equal((409, "text/x.tlog.size", "5\n"), await witness.AddAsync(log.Request(3, 7)));
        Assert.Equal(200, (await witness.AddAsync(log.Request(5, 7))).Status);
    }

    [Fact]
    public async Task A_fork_of_the_same_size_is_refused_and_both_notes_are_kept()
    {
        var fork = new SmallLog("ledger.example", 1).Grow(6).Grow(14, branch: 1);
        await witness.AddAsync(log.Request(0, 8));

        Assert.Equal(422, (await witness.AddAsync(fork.Request(8, 8))).Status);

        var evidence = Assert.Single(witness.Evidence);
        Assert.Contains(log.Note(8), evidence, StringComparison.Ordinal);
        Assert.Contains(fork.Note(8), evidence, StringComparison.Ordinal);
        Assert.StartsWith(
            "EVIDENCE: 'ledger.example' with 8 leaves", Assert.Single(witness.Said), StringComparison.Ordinal);
        await witness.AddAsync(fork.Request(8, 8));
        Assert.Single(witness.Evidence);
        Assert.Equal(200, (await witness.AddAsync(log.Request(8, 9))).Status);
    }

    [Fact]
    public async Task A_log_that_does_not_go_on_is_refused_and_both_notes_are_kept_as_unproven()
    {
        var fork = new SmallLog("ledger.example", 1).Grow(6).Grow(14, branch: 1);
        await witness.AddAsync(log.Request(0, 8));

        Assert.Equal(422, (await witness.AddAsync(fork.Request(8, 12))).Status);

        var kept = Assert.Single(witness.Unproven);
        Assert.Contains(log.Note(8), kept, StringComparison.Ordinal);
        Assert.Contains(fork.Request(8, 12).ToString(), kept, StringComparison.Ordinal);
        Assert.Empty(witness.Evidence);
        Assert.StartsWith(
            "UNPROVEN: 'ledger.example' was shown with 12", Assert.Single(witness.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_smaller_log_is_refused_and_such_a_note_is_kept()
    {
        await witness.AddAsync(log.Request(0, 8));

        Assert.Equal((409, "text/x.tlog.size", "8\n"), await witness.AddAsync(log.Request(0, 5)));

        var kept = Assert.Single(witness.Smaller);
        Assert.Contains(log.Note(8), kept, StringComparison.Ordinal);
        Assert.Contains(log.Note(5), kept, StringComparison.Ordinal);
        Assert.Empty(witness.Evidence);
        Assert.StartsWith(
            "SMALLER: 'ledger.example' was shown with 5", Assert.Single(witness.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_witness_that_starts_again_knows_what_it_saw_and_has_its_key()
    {
        await witness.AddAsync(log.Request(0, 8));
        var key = witness.Key.ToString();

        await witness.RestartAsync();

        Assert.Equal(key, witness.Key.ToString());
        Assert.Equal((409, "text/x.tlog.size", "8\n"), await witness.AddAsync(log.Request(0, 9)));
        Assert.Equal(200, (await witness.AddAsync(log.Request(8, 9))).Status);
    }

    [Fact]
    public async Task Whoever_knows_the_log_can_read_what_it_cosigned_last()
    {
        var path = new Uri($"{WitnessFolder.HashOf("ledger.example")}/checkpoint", UriKind.Relative);
        Assert.Equal(404, (int)(await witness.Client.GetAsync(path)).StatusCode);
        var stranger = SignedNote.Sign("x\n", log.Key.Under("stranger"), new byte[32]);
        await witness.AddAsync(log.Request(0, 8) with { Note = log.Note(8) + stranger });

        var note = SignedNote.Parse(await witness.Client.GetStringAsync(path))!;

        Assert.True(note.IsSignedBy(log.Key));
        Assert.NotNull(note.CosignedBy(witness.Key));
        Assert.Equal(2, note.Signatures.Count);
    }

    public static TheoryData<string, int> Requests => new()
    {
        { "nothing", 400 },
        { "not UTF-8", 400 },
        { "an old size with a leading zero", 400 },
        { "64 hashes", 400 },
        { "a hash of 31 bytes", 400 },
        { "no note", 400 },
        { "a note without signatures", 400 },
        { "a note that is no checkpoint", 400 },
        { "another log", 404 },
        { "no signature of the log", 403 },
        { "a changed note", 403 },
        { "an old size above the new one", 400 },
        { "a proof from nothing", 422 },
        { "a proof that was changed", 422 },
        { "an empty log with a root", 422 },
        { "too much", 413 },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task What_is_no_request_is_refused_and_what_it_saw_stays(string what, int status)
    {
        var body = Encoding.UTF8.GetBytes(log.Request(5, 8).ToString());
        await witness.AddAsync(log.Request(0, 5));
        var good = log.Request(5, 8);
        var empty = new Checkpoint("ledger.example", 0, new byte[32]).ToString();
        var other = new SmallLog("other.example", 1).Grow(8);
        var request = what switch
        {
            "nothing" => [],
            "not UTF-8" => [.. body, 0xff],
            "an old size with a leading zero" => Bytes(good.ToString().Replace("old 5", "old 05")),
            "64 hashes" => Bytes(good with { Proof = [.. Enumerable.Repeat(new byte[32], 64)] }),
            "a hash of 31 bytes" => Bytes(good with { Proof = [new byte[31]] }),
            "no note" => Bytes(good with { Note = "" }),
            "a note without signatures" => Bytes("old 0\n\nx\n\n"),
            "a note that is no checkpoint" => Bytes(good with { Note = good.Note.Replace("\n8\n", "\n08\n") }),
            "another log" => Bytes(other.Request(0, 8)),
            "no signature of the log" => Bytes(good with
            {
                Note = new SmallLog("ledger.example", 2).Grow(8).Note(8),
            }),
            "a changed note" => Bytes(good with { Note = good.Note.Replace("\n8\n", "\n9\n") }),
            "an old size above the new one" => Bytes(good with { Old = 9 }),
            "a proof from nothing" => Bytes(good with { Proof = [] }),
            "a proof that was changed" => Bytes(good with { Proof = [.. good.Proof.Reverse()] }),
            "an empty log with a root" => [],
            _ => new byte[WitnessHost.BodyBytesMax + 1],
        };
        if (what == "an empty log with a root")
        {
            await using var fresh = await RunningWitness.StartAsync("witness.example/w3", log.Key);
            var note = new SignedNote(
                empty, [SignedNote.Sign(empty, log.Key, Enumerable.Repeat((byte)1, 32).ToArray())]).ToString();
            Assert.Equal(status, (await fresh.AddAsync(new AddCheckpoint(0, [], note))).Status);
            return;
        }

        Assert.Equal(status, (await witness.AddAsync(request)).Status);
        Assert.Equal((409, "text/x.tlog.size", "5\n"), await witness.AddAsync(log.Request(0, 8)));
    }

    [Fact]
    public async Task Of_many_at_once_one_goes_on_from_each_size()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(1, 20).Select(size => witness.AddAsync(log.Request(0, size))));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.All(answers, answer => Assert.Contains(answer.Status, (int[])[200, 409]));
    }

    [Fact]
    public async Task Other_addresses_are_told_what_there_is()
    {
        foreach (var (path, status) in new[]
        {
            ("..%2f/checkpoint", 404), ("", 404), ("checkpoint", 404), ("add-checkpoint", 405),
        })
        {
            using var answer = await witness.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Fact]
    public void A_folder_is_of_one_witness_at_a_time() =>
        Assert.Contains(
            "Each witness needs one of its own",
            Assert.Throws<SetUpException>(() => WitnessFolder.Open(witness.Folder)).Message,
            StringComparison.Ordinal);

    private static byte[] Bytes(object body) => Encoding.UTF8.GetBytes(body.ToString()!);
}
