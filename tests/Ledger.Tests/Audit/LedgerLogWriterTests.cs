using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Tests.Audit;

public sealed class LedgerLogWriterTests : IAsyncLifetime
{
    private static readonly AuditSigner Signer = new("ledger.example", [new byte[Ed25519.KeyLength]]);

    private TestDatabase database = null!;
    private NpgsqlDataSource source = null!;
    private NpgsqlConnection connection = null!;

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateMigratedAsync();
        source = NpgsqlDataSource.Create(database.ConnectionString);
        connection = await source.OpenConnectionAsync();
    }

    public async Task DisposeAsync()
    {
        await connection.DisposeAsync();
        await source.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public void Whatever_grows_the_log_holds_the_newest_checkpoint_of_every_company_that_has_one()
    {
        var writer = new LedgerLogWriter(connection, AuditSigning.By(Signer));
        var other = new LedgerLogWriter(connection, AuditSigning.By(Signer));
        var newest = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var round = 0L;
        var grown = Gen.Choose(0, 9).ListOf().Select(each => each.Distinct().ToArray()).ListOf();
        Prop.ForAll(Arb.From(grown), rounds =>
        {
            foreach (var companies in rounds)
            {
                round++;
                var names = companies.Select(each => $"company-{each}").ToArray();
                Array.ForEach(names, company => newest[company] = round);
                AddAsync(names, round).GetAwaiter().GetResult();

                // Of two processes each hears only of what it wrote itself.
                var turn = round % 3 == 0 ? other : writer;
                if (round % 3 == 1)
                {
                    turn.Hear(names);
                }
                else
                {
                    turn.HearOfOthers();
                }

                Assert.False(turn.AdvanceAsync(CancellationToken.None).GetAwaiter().GetResult().IsBusy);
                var logged = LoggedAsync().GetAwaiter().GetResult();
                Assert.Equal(newest, logged);

                // Each round proves one of them in turn, and the last all.
                foreach (var company in ReferenceEquals(companies, rounds[^1])
                    ? logged.Keys : logged.Keys.Skip((int)(round % Math.Max(1, logged.Count))).Take(1))
                {
                    AssertProvenAsync(company, newest[company]).GetAwaiter().GetResult();
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(8));
        Assert.True(round > 8, "Hardly anything was tried.");
    }

    [Fact]
    public async Task A_thousand_companies_are_logged_at_once_and_each_is_proven()
    {
        await AddAsync([.. Enumerable.Range(0, 1_000).Select(i => $"c{i:0000}")], 7);
        var writer = new LedgerLogWriter(connection, AuditSigning.By(Signer));
        Assert.Equal(1_000, (await writer.AdvanceAsync(CancellationToken.None)).Leaves);
        await AddAsync(["c0500"], 8);
        writer.Hear(["c0500"]);
        Assert.Equal(1, (await writer.AdvanceAsync(CancellationToken.None)).Leaves);
        Assert.Equal(new AuditStep(0), await writer.AdvanceAsync(CancellationToken.None));

        foreach (var company in new[] { "c0000", "c0255", "c0256", "c0500", "c0999" })
        {
            var logged = (await ProofQueries.NewestLoggedAsync(connection, company, 0, CancellationToken.None))!;
            Assert.Equal(company == "c0500" ? 8 : 7, logged.Size);
            var proof = (await ProofQueries.LedgerProofAsync(
                connection, company, logged.Size, CancellationToken.None))!;
            AssertProves(logged.Note, proof, 1_001);
        }

        Assert.Null(await ProofQueries.NewestLoggedAsync(connection, "c0001", 8, CancellationToken.None));
        Assert.Null(await ProofQueries.LedgerProofAsync(connection, "c0001", 8, CancellationToken.None));
    }

    [Fact]
    public async Task A_proof_stands_below_the_newest_checkpoint_that_most_witnesses_signed()
    {
        var writer = new LedgerLogWriter(connection, AuditSigning.By(Signer));
        for (var size = 1; size <= 4; size++)
        {
            await AddAsync(["acme"], size);
            writer.Hear(["acme"]);
            await writer.AdvanceAsync(CancellationToken.None);
        }

        Assert.Equal(4, (await ProofQueries.NewestLoggedAsync(connection, "acme", 1, CancellationToken.None))!.Size);
        await ExecuteAsync("""
            insert into ledger.cosignature (size, witness, line)
            values (2, 'w1', 'one'), (2, 'w2', 'two'), (3, 'w1', 'three')
            """);

        Assert.Equal(3, (await ProofQueries.NewestLoggedAsync(connection, "acme", 1, CancellationToken.None))!.Size);
        Assert.Equal(4, (await ProofQueries.NewestLoggedAsync(connection, "acme", 4, CancellationToken.None))!.Size);
        Assert.EndsWith("onetwo", await NoteAsync(0), StringComparison.Ordinal);
        Assert.EndsWith("three", await NoteAsync(3), StringComparison.Ordinal);
        Assert.StartsWith("ledger.example\n4\n", await NoteAsync(4), StringComparison.Ordinal);
        Assert.Null(await ProofQueries.LedgerCheckpointAsync(connection, 5, CancellationToken.None));
    }

    [Fact]
    public async Task Of_two_processes_one_writes_at_a_time_and_nothing_is_logged_twice()
    {
        await AddAsync(["acme"], 1);
        await using var second = await source.OpenConnectionAsync();
        await using (var held = await second.BeginTransactionAsync())
        {
            await using var hold = new NpgsqlCommand("select pg_advisory_xact_lock(7305804402566423154)", second);
            await hold.ExecuteNonQueryAsync();
            Assert.Equal(
                AuditStep.Busy,
                await new LedgerLogWriter(connection, AuditSigning.By(Signer)).AdvanceAsync(CancellationToken.None));
        }

        var writers = new[] { connection, second }
            .Select(each => new LedgerLogWriter(each, AuditSigning.By(Signer))).ToArray();
        var added = await Task.WhenAll(writers.Select(each => each.AdvanceAsync(CancellationToken.None)));
        Assert.Equal(1, added.Sum(each => each.Leaves));
        Assert.Equal(
            AuditStep.NoKey,
            await new LedgerLogWriter(connection, AuditSigning.By(null)).AdvanceAsync(CancellationToken.None));
    }

    private static void AssertProves(string note, LedgerProof proof, long size)
    {
        var over = Checkpoint.Parse(SignedNote.Parse(proof.Checkpoint)!.Text)!;
        Assert.Equal(("ledger.example", size), (over.Origin, over.Size));
        Assert.True(MerkleTree.Includes(
            long.Parse(proof.Index), size,
            MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(SignedNote.Parse(note)!.Text)),
            [.. proof.Proof.Select(Convert.FromBase64String)], over.Root));
    }

    private Task AddAsync(string[] companies, long size) => ExecuteAsync(
        "insert into ledger.checkpoint (company, size, note) select c, $2, n from unnest($1, $3) each (c, n)",
        companies, size,
        companies.Select(each => Signer.Sign(each, size, MerkleTree.HashLeaf(BitConverter.GetBytes(size)))).ToArray());

    private async Task<SortedDictionary<string, long>> LoggedAsync()
    {
        var logged = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var each in await LedgerLogQueries.CompaniesAsync(
            connection, null, "", 1_000, CancellationToken.None))
        {
            logged[each.Company] = long.Parse(each.Size);
        }

        return logged;
    }

    private async Task AssertProvenAsync(string company, long size)
    {
        var note = (await ProofQueries.NewestLoggedAsync(connection, company, size, CancellationToken.None))!.Note;
        var proof = (await ProofQueries.LedgerProofAsync(connection, company, size, CancellationToken.None))!;
        AssertProves(note, proof, Checkpoint.Parse(SignedNote.Parse(proof.Checkpoint)!.Text)!.Size);
    }

    private async Task<string> NoteAsync(long sizeMin) =>
        (await ProofQueries.LedgerCheckpointAsync(connection, sizeMin, CancellationToken.None))!.Note;

    private async Task ExecuteAsync(string sql, params object[] values)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await command.ExecuteNonQueryAsync();
    }
}
