using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using static Ledger.Tests.Audit.AuditDatabase;

namespace Ledger.Tests.Audit;

/// <summary>What was signed once binds whoever signs on.</summary>
public sealed class SignedBeforeTests
{
    [Fact]
    public async Task Whoever_changes_leaves_and_takes_the_notes_away_gets_no_signature_over_them()
    {
        await using var database = await AuditDatabase.CreateAsync();
        var signing = AuditSigning.By(Signer(1));
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(signing);

        await database.ChangeAsync("""
            update ledger.leaf set hash = sha256(hash) where company = 'acme' and position = 2;
            delete from ledger.checkpoint where company = 'acme'
            """);
        var refused = await Assert.ThrowsAsync<AuditLogException>(() => database.CatchUpAsync(signing));

        Assert.StartsWith(
            $"The log '{LedgerName}/acme' is not what the log over all logs holds of its 3 leaves: it was set back or "
            + "changed, so nothing more is signed.",
            refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await database.AskAsync<long>("select count(*) from ledger.checkpoint where company = 'acme'"));
    }

    [Fact]
    public async Task A_note_binds_before_the_log_over_all_logs_has_it()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(AuditSigning.By(Signer(1)));
        await database.ChangeAsync("""
            delete from ledger.leaf where company = ''; delete from ledger.logged_checkpoint;
            delete from ledger.checkpoint where company = '';
            update ledger.leaf set hash = sha256(hash) where company = 'acme' and position = 2
            """);
        await database.AddAsync("acme");

        var refused = await Assert.ThrowsAsync<AuditLogException>(
            () => database.CatchUpAsync(AuditSigning.By(Signer(1))));
        Assert.StartsWith(
            $"The log '{LedgerName}/acme' is not what its note of 3 leaves says", refused.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_was_set_back_is_signed_again_only_once_the_operator_took_away_what_is_kept()
    {
        await using var database = await AuditDatabase.CreateAsync();
        var signing = AuditSigning.By(Signer(1));
        await database.PublishAsync(1);
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(signing);
        await database.ChangeAsync("""
            delete from ledger.leaf where company = ''; delete from ledger.logged_checkpoint;
            delete from ledger.checkpoint
            """);

        var refused = await Assert.ThrowsAsync<AuditLogException>(() => database.CatchUpAsync(signing));
        Assert.StartsWith(
            "The log over all audit logs has 0 leaves, and 2 were signed by the key here", refused.Message,
            StringComparison.Ordinal);
        Assert.Contains(
            $"move the file that ends in '.{LedgerName}.signed'", refused.Message, StringComparison.Ordinal);

        await database.CatchUpAsync(AuditSigning.By(Signer(1)));
        Assert.Empty(await database.FindingsAsync(new([Key(1, "").PublicKey], null)));
    }

    [Fact]
    public async Task A_log_over_all_logs_that_was_changed_at_its_size_is_not_signed()
    {
        await using var database = await AuditDatabase.CreateAsync();
        var signing = AuditSigning.By(Signer(1));
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(signing);
        await database.ChangeAsync("update ledger.leaf set hash = sha256(hash) where company = ''");
        await database.AddAsync("beta");

        var refused = await Assert.ThrowsAsync<AuditLogException>(() => database.CatchUpAsync(signing));
        Assert.StartsWith(
            "The log over all audit logs does not go on from the 1 leaves that were signed by the key here",
            refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_note_does_not_enter_the_log_over_all_logs()
    {
        await using var database = await AuditDatabase.CreateAsync();
        var signing = AuditSigning.By(Signer(1));
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(signing);
        var forged = Signer(66).Sign("acme", 9, MerkleTree.EmptyRoot);
        await database.ChangeAsync(
            $"insert into ledger.checkpoint (company, size, note) values ('acme', 9, '{forged}')");

        await using var connection = await database.Source.OpenConnectionAsync();
        var refused = await Assert.ThrowsAsync<AuditLogException>(
            () => new LedgerLogWriter(connection, signing).AdvanceAsync(CancellationToken.None));
        Assert.Equal(
            "The checkpoint of 9 leaves of 'acme' is not signed by a key that is here: run './run verify'.",
            refused.Message);
    }

    [Fact]
    public async Task Logs_of_many_sizes_go_on_over_restarts_and_with_several_processes()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.PublishAsync(1);
        var one = AuditSigning.By(Signer(1));
        foreach (var count in (int[])[1, 255, 1, 2, 300, 700])
        {
            await database.AddAsync("acme", count);
            await database.AddAsync($"company-{count}");
            await Task.WhenAll(
                database.CatchUpAsync(one), database.CatchUpAsync(AuditSigning.By(Signer(1))));
        }

        Assert.Empty(await database.FindingsAsync(new([Key(1, "").PublicKey], one.Last(LedgerName))));
    }

    [Fact]
    public async Task A_log_is_signed_once_at_a_size_though_others_follow_its_closing()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.AddAsync("acme", 2);
        await database.AddAsync("acme", type: "period_closed", stream: "periods");
        await database.AddAsync("beta", type: "period_closed", stream: "periods");
        await database.AddAsync("beta", 2);

        await database.CatchUpAsync(AuditSigning.By(Signer(1)));

        Assert.Equal("acme 3, beta 1, beta 3", await database.AskAsync<string>("""
            select string_agg(company || ' ' || size, ', ' order by company, size)
            from ledger.checkpoint where company in ('acme', 'beta')
            """));
    }

    [Fact]
    public async Task That_the_key_goes_while_a_command_catches_up_is_said_and_not_waited_for()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.AddAsync("acme");
        var asked = 0;

        // It is there for the log of the company, and gone when the log over all logs is to be signed.
        var signing = AuditSigning.By(Signer(1)) with
        {
            SignerAsync = _ => Task.FromResult(asked++ == 0 ? Signer(1) : null),
        };

        var refused = await Assert.ThrowsAsync<AuditLogException>(() => database.CatchUpAsync(signing));
        Assert.StartsWith("The key that signs the audit logs is not here", refused.Message, StringComparison.Ordinal);
    }
}
