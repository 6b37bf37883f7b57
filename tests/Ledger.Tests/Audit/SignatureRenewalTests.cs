using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using static Ledger.Tests.Audit.AuditDatabase;

namespace Ledger.Tests.Audit;

/// <summary>After an exchange of keys, the new one verifies whatever is served.</summary>
public sealed class SignatureRenewalTests
{
    [Theory]
    [InlineData(new byte[] { 1, 2 })]
    [InlineData(new byte[] { 2 })]
    public async Task A_company_without_news_gets_the_signature_of_a_new_key(byte[] keys)
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.AddAsync("quiet", 3);
        await database.CatchUpAsync(AuditSigning.By(Signer(1)));
        var (before, over) = (await database.NewestAsync("quiet"), await database.NewestAsync(""));
        Assert.False(before.IsSignedBy(Key(2, "quiet")));

        await database.CatchUpAsync(AuditSigning.By(Signer(keys)));

        var after = await database.NewestAsync("quiet");
        Assert.Equal(before.Text, after.Text);
        Assert.True(after.IsSignedBy(Key(2, "quiet")));
        Assert.Equal(keys.Length == 2, after.IsSignedBy(Key(1, "quiet")));
        Assert.Equal(over.Text, (await database.NewestAsync("")).Text);
        Assert.True((await database.NewestAsync("")).IsSignedBy(Key(2, "")));
        await using var connection = await database.Source.OpenConnectionAsync();
        var proof = await ProofQueries.LedgerProofAsync(connection, "quiet", 3, CancellationToken.None);
        Assert.True(SignedNote.Parse(proof!.Checkpoint)!.IsSignedBy(Key(2, "")));

        await database.PublishAsync(1);
        await database.PublishAsync(2);
        Assert.Empty(await database.FindingsAsync(AuditTrust.None));
    }

    [Fact]
    public async Task A_note_that_is_signed_anew_is_the_newest_also_after_the_clock_was_set_back()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.AddAsync("quiet", 3);
        await database.CatchUpAsync(AuditSigning.By(Signer(1)));
        await database.ChangeAsync("update ledger.checkpoint set made = made + interval '1 hour'");

        await database.CatchUpAsync(AuditSigning.By(Signer(2)));

        Assert.True((await database.NewestAsync("quiet")).IsSignedBy(Key(2, "quiet")));
        Assert.True((await database.NewestAsync("")).IsSignedBy(Key(2, "")));
    }

    [Fact]
    public async Task Catching_up_ends_while_more_and_more_is_recorded()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.AddAsync("acme", 3);
        var signing = AuditSigning.By(Signer(1));

        // It is asked for the key before each step, so each of them has news.
        await database.CatchUpAsync(signing with
        {
            SignerAsync = async cancellation =>
            {
                await database.AddAsync("acme");
                return await signing.SignerAsync(cancellation);
            },
        });

        Assert.True((await database.NewestAsync("acme")).IsSignedBy(Key(1, "acme")));
    }

    [Fact]
    public async Task What_proofs_stand_below_while_a_witness_is_down_is_signed_by_a_new_key_as_well()
    {
        await using var database = await AuditDatabase.CreateAsync();
        var signing = AuditSigning.By(Signer(1));
        await database.AddAsync("acme");
        await database.CatchUpAsync(signing);
        await database.ChangeAsync(
            "insert into ledger.cosignature (size, witness, line) values (1, 'w1', '— w1 AAAAAAAA\n')");
        await database.AddAsync("acme");
        await database.CatchUpAsync(signing);

        await database.CatchUpAsync(signing with { SignerAsync = _ => Task.FromResult<AuditSigner?>(Signer(1, 2)) });

        await using var connection = await database.Source.OpenConnectionAsync();
        var logged = (await ProofQueries.NewestLoggedAsync(connection, "acme", 0, CancellationToken.None))!;
        Assert.Equal(1, logged.Size);
        Assert.True(SignedNote.Parse(logged.Note)!.IsSignedBy(Key(2, "acme")));
        var over = (await ProofQueries.LedgerCheckpointAsync(connection, 0, CancellationToken.None))!;
        Assert.Equal(1, over.Size);
        Assert.True(SignedNote.Parse(over.Note)!.IsSignedBy(Key(2, "")));
        Assert.True((await database.NewestAsync("acme")).IsSignedBy(Key(2, "acme")));
    }

    [Fact]
    public async Task What_was_not_signed_is_not_signed_anew()
    {
        await using var database = await AuditDatabase.CreateAsync();
        var signing = AuditSigning.By(Signer(1));
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(signing);
        var forged = Signer(66).Sign("", 1, MerkleTree.EmptyRoot);
        await database.ChangeAsync($"update ledger.checkpoint set note = '{forged}' where company = ''");

        var refused = await Assert.ThrowsAsync<AuditLogException>(() => database.CatchUpAsync(signing));
        Assert.StartsWith($"The log '{LedgerName}' is not what its note of 1 leaves says", refused.Message,
            StringComparison.Ordinal);
    }
}
