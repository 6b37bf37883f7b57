using Ledger.Domain.People;
using Ledger.EventStore.Sealing;
using Ledger.Tests.EventStore;
using Npgsql;

namespace Ledger.Tests.People;

public sealed class VaultTests(StoreDatabase database) : IClassFixture<StoreDatabase>, IAsyncLifetime
{
    private static readonly byte[] OldMaster = Filled(1);
    private static readonly byte[] NewMaster = Filled(2);

    private static readonly FieldPlace Place = new(Guid.NewGuid(), "acme", "journal-entry/e1", 1, "thing", "name");
    private static readonly PersonalText Ana = PersonalText.Open("p-17", Purpose.Bookkeeping, "Ana Petrova");

    public async Task InitializeAsync()
    {
        await database.Execute("delete from ledger.person_key; delete from ledger.person_index");
        await database.Execute("delete from ledger.master_key");
        await MasterRotation.CheckAsync(database.Source, new(OldMaster), MasterKeys.FingerprintOf(OldMaster));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task What_one_process_seals_another_opens()
    {
        var stored = await SealAsync(Of(OldMaster), Place, Ana);

        Assert.Equal([Ana], await Of(OldMaster).OpenAsync("acme", [new(Place, stored)]));
        Assert.True(stored.IsSealed);
        Assert.Equal(["acme|p-17|bookkeeping", "acme||index"], await Keys());
    }

    [Fact]
    public async Task Processes_that_need_the_same_new_key_agree_on_one()
    {
        var vaults = Enumerable.Range(0, 8).Select(_ => Of(OldMaster)).ToArray();

        var stored = await Task.WhenAll(vaults.Select(vault => SealAsync(vault, Place, Ana)));

        Assert.Single(stored.Select(text => text.Ciphertext).Distinct());
    }

    [Fact]
    public async Task A_company_a_person_and_a_purpose_have_keys_of_their_own()
    {
        var vault = Of(OldMaster);
        PersonalText[] texts =
        [
            Ana,
            PersonalText.Open("p-18", Purpose.Bookkeeping, Ana.Text!),
            PersonalText.Open("p-17", Purpose.Consent, Ana.Text!),
        ];
        var sealer = await vault.SealerAsync("acme", texts, []);
        var stored = texts.Select(text => sealer.Seal(Place, text).Ciphertext)
            .Append((await SealAsync(vault, Place with { Company = "other" }, Ana)).Ciphertext);

        Assert.Equal(4, stored.Distinct().Count());
    }

    [Fact]
    public async Task What_was_destroyed_is_erased_here_at_once_and_elsewhere_within_its_second()
    {
        var (here, elsewhere) = (Of(OldMaster), Of(OldMaster));
        SealedText stored = new(Place, await SealAsync(here, Place, Ana));
        await elsewhere.OpenAsync("acme", [stored]);

        await here.DestroyAsync("acme", "p-17", [Purpose.Bookkeeping]);

        var erased = PersonalText.Erased("p-17", Purpose.Bookkeeping);
        Assert.Equal([erased], await here.OpenAsync("acme", [stored]));
        await Task.Delay(Vault.KeptFor);
        Assert.Equal([erased], await elsewhere.OpenAsync("acme", [stored]));
        Assert.Empty(await here.PersonsAsync("acme", Purpose.Bookkeeping, "Ana Petrova"));
        Assert.Equal(["acme||index"], await Keys());
    }

    [Fact]
    public async Task A_name_of_somebody_who_was_erased_meanwhile_is_not_made_findable()
    {
        var (here, elsewhere) = (Of(OldMaster), Of(OldMaster));
        await SealAsync(elsewhere, Place, Ana);

        await here.DestroyAsync("acme", "p-17", [Purpose.Bookkeeping]);
        await SealAsync(elsewhere, Place, PersonalText.Open("p-17", Purpose.Bookkeeping, "Another Spelling"));

        Assert.Equal(0, await database.Number("select count(*) from ledger.person_index"));
    }

    [Fact]
    public async Task A_name_that_is_made_findable_while_its_person_is_erased_goes_with_them()
    {
        var vault = Of(OldMaster);
        await SealAsync(vault, Place, Ana);
        await using var connection = await database.Source.OpenConnectionAsync();
        await using var indexing = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(
            """
            select from ledger.person_key where person = 'p-17' for key share;
            insert into ledger.person_index values ('acme', '\x01', 'p-17', 'bookkeeping')
            """,
            connection);
        await command.ExecuteNonQueryAsync();

        var destroying = vault.DestroyAsync("acme", "p-17", [Purpose.Bookkeeping]);
        Assert.NotSame(destroying, await Task.WhenAny(destroying, Task.Delay(200)));
        await indexing.CommitAsync();
        await destroying;

        Assert.Equal(0, await database.Number("select count(*) from ledger.person_index"));
    }

    [Fact]
    public async Task Who_was_asked_to_be_erased_is_found_by_what_finds_them_too()
    {
        await database.Execute("insert into ledger.person_index values ('acme', '\x01', 'p-23', 'bookkeeping')");
        await database.ExecuteAsSuperuser("insert into mt_streams (tenant_id, id) values ('acme', 'person/p-23')");

        var kept = Assert.Single(await Of(OldMaster).PersonsToEraseAsync());
        Assert.Equal(("acme", "p-23", Purpose.Bookkeeping), (kept.Company, kept.Person, kept.Purposes.Single()));
    }

    [Fact]
    public async Task Names_are_found_by_hash_within_their_company_and_purpose()
    {
        var vault = Of(OldMaster);
        Assert.Empty(await vault.PersonsAsync("acme", Purpose.Bookkeeping, "Ana Petrova"));
        await SealAsync(vault, Place, Ana);
        await SealAsync(vault, Place, PersonalText.Open("p-18", Purpose.Bookkeeping, "ana  petrova"));
        await SealAsync(vault, Place, PersonalText.Open("p-19", Purpose.Bookkeeping, "Ana Petrov"));
        await SealAsync(vault, Place, PersonalText.Open("p-20", Purpose.Payroll, "Ana Petrova"));

        Assert.Equal(["p-17", "p-18"], (await vault.PersonsAsync("acme", Purpose.Bookkeeping, "ANA PETROVA")).Order());
        Assert.Equal(["p-20"], await vault.PersonsAsync("acme", Purpose.Payroll, "Ana Petrova"));
        Assert.Empty(await vault.PersonsAsync("other", Purpose.Bookkeeping, "Ana Petrova"));
    }

    [Fact]
    public async Task Nobody_is_found_by_a_text_that_is_no_name()
    {
        var vault = Of(OldMaster);
        var born = PersonalText.Open("p-17", Purpose.Bookkeeping, "1990-03-31");
        await vault.SealerAsync("acme", [Ana, born], [Ana]);

        Assert.Empty(await vault.PersonsAsync("acme", Purpose.Bookkeeping, "1990-03-31"));
        Assert.Equal(["p-17"], await vault.PersonsAsync("acme", Purpose.Bookkeeping, "Ana Petrova"));
        Assert.Equal(1, await database.Number("select count(*) from ledger.person_index"));
    }

    [Fact]
    public async Task Texts_that_differ_in_a_letter_or_in_where_one_ends_have_different_fingerprints()
    {
        var vault = Of(OldMaster);
        string?[][] different =
        [
            ["12 3456", "3456"], ["12 3456 3456", null], ["12 34563456", ""], ["12 3456", "3456", null], ["12 3456"],
            ["12  3456", "3456"], ["ab", "c"], ["AB", "c"], ["a", "bc"], ["12 3456\n3456"],
        ];
        var fingerprints = new List<string>();
        foreach (var texts in different)
        {
            fingerprints.Add(await vault.FingerprintAsync("acme", texts));
        }

        Assert.Equal(different.Length, fingerprints.Distinct().Count());
        Assert.Equal(fingerprints[0], await vault.FingerprintAsync("acme", ["12 3456", "3456"]));
        Assert.NotEqual(fingerprints[0], await vault.FingerprintAsync("other", ["12 3456", "3456"]));
    }

    [Fact]
    public async Task A_wrong_master_key_opens_nothing_and_is_refused_at_the_start()
    {
        SealedText stored = new(Place, await SealAsync(Of(OldMaster), Place, Ana));

        await Assert.ThrowsAsync<MasterKeyException>(() => Of(NewMaster).OpenAsync("acme", [stored]));
        await Assert.ThrowsAsync<MasterKeyException>(() => Of(NewMaster).SealerAsync("acme", [Ana], []));
        await Assert.ThrowsAsync<MasterKeyException>(() => MasterRotation.CheckAsync(
            database.Source, new(NewMaster), MasterKeys.FingerprintOf(NewMaster)));
        Assert.Equal([Ana], await Of(OldMaster).OpenAsync("acme", [stored]));
    }

    [Fact]
    public async Task A_wrapped_key_that_was_changed_or_put_elsewhere_is_found()
    {
        await SealAsync(Of(OldMaster), Place, Ana);
        await database.Execute("update ledger.person_key set wrapped = set_byte(wrapped, 5, get_byte(wrapped, 5) # 1)");

        await Assert.ThrowsAsync<MasterKeyException>(() =>
            Of(OldMaster).OpenAsync("acme", [new(Place, PersonalText.Sealed("p-17", Purpose.Bookkeeping, "AAAA"))]));
    }

    [Fact]
    public async Task The_master_key_is_exchanged_while_others_seal_and_the_old_one_then_opens_nothing()
    {
        MasterKeys[] file = [new(OldMaster)];
        var running = new Vault(database.Source, () => file[0]);
        SealedText before = new(Place, await SealAsync(running, Place, Ana));

        file[0] = new(NewMaster, OldMaster);
        var wrapped = await MasterRotation.RunAsync(database.Source, file[0], MasterKeys.FingerprintOf(NewMaster));
        var later = PersonalText.Open("p-20", Purpose.Bookkeeping, "Boris");
        SealedText after = new(Place, await SealAsync(running, Place, later));
        file[0] = new(NewMaster);

        Assert.Equal(2, wrapped);
        Assert.Equal([Ana, later], await Of(NewMaster).OpenAsync("acme", [before, after]));
        await Assert.ThrowsAsync<MasterKeyException>(() => Of(OldMaster).OpenAsync("acme", [before]));
        Assert.Equal([MasterKeys.FingerprintOf(NewMaster)], await database.Texts(
            "select distinct master from ledger.person_key"));
    }

    [Fact]
    public async Task An_exchange_that_was_cut_off_goes_on_where_it_was()
    {
        var texts = Enumerable.Range(0, 20)
            .Select(i => PersonalText.Open($"p-{i}", Purpose.Bookkeeping, $"Name {i}")).ToArray();
        var sealer = await Of(OldMaster).SealerAsync("acme", texts, texts);
        var stored = texts.Select(text => new SealedText(Place, sealer.Seal(Place, text))).ToArray();
        var (both, next) = (new MasterKeys(NewMaster, OldMaster), MasterKeys.FingerprintOf(NewMaster));
        // As after a crash between naming the new key and the end: some are wrapped under each.
        await database.Execute($"update ledger.master_key set current = '{next}'");
        await SealAsync(new Vault(database.Source, () => both), Place, PersonalText.Open("p-99", Ana.Purpose, "Eve"));
        await MasterRotation.CheckAsync(database.Source, both, next);
        Assert.Equal(texts, await new Vault(database.Source, () => both).OpenAsync("acme", stored));

        Assert.Equal(21, await MasterRotation.RunAsync(database.Source, both, next));
        Assert.Equal(0, await MasterRotation.RunAsync(database.Source, both, next));
        Assert.Equal(texts, await Of(NewMaster).OpenAsync("acme", stored));
    }

    [Fact]
    public async Task A_key_that_is_known_costs_no_statement_however_many_texts_are_sealed()
    {
        var vault = Of(OldMaster);
        await vault.SealerAsync("acme", [Ana], [Ana]);

        await database.ExecuteAsSuperuser("alter table ledger.person_key rename to person_key_away");
        try
        {
            var many = Enumerable.Repeat(Ana, 1_000).ToList();
            var sealer = await vault.SealerAsync("acme", many, many);
            Assert.True(sealer.Seal(Place, Ana).IsSealed);
        }
        finally
        {
            await database.ExecuteAsSuperuser("alter table ledger.person_key_away rename to person_key");
        }
    }

    private Vault Of(byte[] master) => new(database.Source, () => new MasterKeys(master));

    private static async Task<PersonalText> SealAsync(Vault vault, FieldPlace place, PersonalText text) =>
        (await vault.SealerAsync(place.Company, [text], [text])).Seal(place, text);

    private Task<string[]> Keys() => database.Texts(
        "select (company || '|' || person || '|' || purpose) collate \"C\" from ledger.person_key order by 1");

    private static byte[] Filled(byte with) => [.. Enumerable.Repeat(with, 32)];
}
