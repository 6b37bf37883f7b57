using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using static Ledger.Tests.Audit.AuditDatabase;

namespace Ledger.Tests.Audit;

/// <summary>What the verification believes of the audit logs, and what it does not.</summary>
public sealed class AuditCheckTests
{
    private static readonly AuditTrust Known = new([Key(1, "").PublicKey], null);

    [Fact]
    public async Task A_key_that_only_the_database_names_signs_nothing_for_who_knows_another()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.PublishAsync(1);
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(AuditSigning.By(Signer(1)));
        Assert.Empty(await database.FindingsAsync(Known));

        // Whoever is the superuser names a key of their own and signs all of it again.
        await database.PublishAsync(66);
        await database.ChangeAsync("""
            delete from ledger.checkpoint; delete from ledger.logged_checkpoint;
            delete from ledger.leaf where company = ''
            """);
        await database.CatchUpAsync(AuditSigning.By(Signer(66)));

        Assert.Empty(await database.FindingsAsync(AuditTrust.None));
        var findings = await database.FindingsAsync(Known);
        foreach (var log in (string[])["ledger.checkpoint *DEFAULT* / 2", "ledger.checkpoint acme / 3",
            "ledger.checkpoint  / 2"])
        {
            Assert.Contains(
                $"{log}: is the newest of its log, and no key that is known here signed it: whoever changed the "
                + "database can have made a key",
                findings);
        }
    }

    [Fact]
    public async Task An_earlier_key_may_have_signed_what_is_not_the_newest()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.PublishAsync(2);
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(AuditSigning.By(Signer(2)));
        await database.PublishAsync(1);
        await database.AddAsync("acme");
        await database.CatchUpAsync(AuditSigning.By(Signer(1)));

        Assert.Empty(await database.FindingsAsync(Known));
    }

    [Fact]
    public async Task A_database_that_was_set_back_is_found_by_what_is_kept_beside_the_key()
    {
        await using var database = await AuditDatabase.CreateAsync();
        var signing = AuditSigning.By(Signer(1));
        await database.PublishAsync(1);
        await database.AddAsync("acme", 3);
        await database.CatchUpAsync(signing);
        var last = signing.Last(LedgerName)!;
        Assert.Equal(2, last.Size);

        Assert.Equal(
            ["ledger.leaf  / 3: the log over all logs has 2 leaves, and 3 were signed by the key here: the database "
                + "was set back"],
            await database.FindingsAsync(Known with { Last = last with { Size = 3 } }));
        Assert.Equal(
            ["ledger.leaf  / 2: the log over all logs has another root at 2 leaves than was signed last by the key "
                + "here: it was changed, or set back and used on"],
            await database.FindingsAsync(Known with { Last = last with { Root = MerkleTree.EmptyRoot } }));
        Assert.Empty(await database.FindingsAsync(Known with { Last = last }));

        await database.ChangeAsync("""
            delete from ledger.leaf; delete from ledger.logged_checkpoint; delete from ledger.checkpoint;
            delete from ledger.log; delete from public.mt_events
            """);
        Assert.StartsWith(
            "ledger.leaf  / 2: the log over all logs has 0 leaves",
            Assert.Single(await database.FindingsAsync(Known with { Last = last })), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_of_several_pages_is_looked_at_to_its_end()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.PublishAsync(1);
        await database.AddAsync("acme", 8_500);
        await database.CatchUpAsync(AuditSigning.By(Signer(1)));
        await database.AddAsync("acme", 8_500);
        await database.CatchUpAsync(AuditSigning.By(Signer(1)));
        Assert.Empty(await database.FindingsAsync(Known));

        await database.ChangeAsync("""
            update ledger.subtree set hash = sha256(hash) where company = 'acme' and level = 1 and index = 40;
            insert into ledger.subtree (company, level, index, hash) values ('acme', 1, 66, '\x00'), ('acme', 2, 0, '');
            update public.mt_events set user_name = 'key:other' where tenant_id = 'acme' and version = 8300
            """);
        Assert.Equal(
            [
                "event 8301 (acme / notes, version 8300): is not as it was recorded: its row in public.mt_events was "
                    + "changed, or its leaf",
                "ledger.subtree acme / 1 / 40: is not the hash over its leaves",
                "ledger.subtree acme / 1 / 66: stands over leaves that are not there",
                "ledger.subtree acme / 2 / 0: stands over leaves that are not there",
            ],
            await database.FindingsAsync(Known));
    }

    [Fact]
    public async Task An_event_that_is_nested_too_deeply_for_canonical_json_is_hashed_as_its_text()
    {
        await using var database = await AuditDatabase.CreateAsync();
        await database.PublishAsync(1);
        foreach (var depth in (int[])[64, 65, 128, 129, 1_000])
        {
            await database.AddAsync("acme", data: new string('[', depth) + new string(']', depth));
        }

        await database.CatchUpAsync(AuditSigning.By(Signer(1)));

        Assert.Empty(await database.FindingsAsync(Known));
        await using var connection = await database.Source.OpenConnectionAsync();
        var leaves = await ProofQueries.LeavesOfStreamAsync(connection, "acme", "notes", CancellationToken.None);
        Assert.Equal(
            ["Array", "Array", "Array", "String", "String"],
            leaves.Select(each => $"{each.Shown.Body!.Value.ValueKind}"));
    }
}
