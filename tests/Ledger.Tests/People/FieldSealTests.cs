using System.Text;
using Ledger.EventStore.Sealing;

namespace Ledger.Tests.People;

public sealed class FieldSealTests
{
    /// <summary>"Ana Petrova" under the key and in the place below, for ever.</summary>
    internal const string GoldenCiphertext = "grtXECTkFogGP7HONohmVp2wNOFkKqSTYt15YOvBziI_qcGXnTTKz9EfZCJCv18A";

    private static readonly byte[] Key = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private static readonly FieldPlace Place = new(
        new("0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a11"), "acme", "journal-entry/order-5512", 1, "journal_entry_posted",
        "counterpartyPerson");

    [Fact]
    public void The_same_text_in_the_same_place_is_the_same_ciphertext_for_ever()
    {
        Assert.Equal(GoldenCiphertext, FieldSeal.Seal(Key, Place, "Ana Petrova"));
        Assert.Equal("Ana Petrova", FieldSeal.Open(Key, Place, GoldenCiphertext));
    }

    public static TheoryData<FieldPlace> OtherPlaces =>
    [
        Place with { Event = new("0b9f0f5e-6f5c-4b0b-9c1b-6d7a0f3c2a12") },
        Place with { Company = "acme2" },
        Place with { Stream = "journal-entry/order-5513" },
        Place with { Version = 2 },
        Place with { Type = "journal_entry_posted_v2" },
        Place with { Path = "counterparty" },
    ];

    [Theory]
    [MemberData(nameof(OtherPlaces))]
    public void What_was_sealed_in_one_place_opens_in_no_other(FieldPlace other)
    {
        Assert.Null(FieldSeal.Open(Key, other, FieldSeal.Seal(Key, Place, "Ana Petrova")));
        Assert.NotEqual(FieldSeal.Seal(Key, Place, "Ana Petrova"), FieldSeal.Seal(Key, other, "Ana Petrova"));
    }

    [Fact]
    public void Another_key_opens_nothing() =>
        Assert.Null(FieldSeal.Open(new byte[32], Place, FieldSeal.Seal(Key, Place, "Ana Petrova")));

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64url!")]
    public void What_is_no_ciphertext_opens_to_nothing(string text) => Assert.Null(FieldSeal.Open(Key, Place, text));

    [Fact]
    public void Every_changed_bit_is_found()
    {
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(FieldSeal.Seal(Key, Place, "Ana"));
        Assert.All(Enumerable.Range(0, bytes.Length * 8), bit =>
        {
            var changed = bytes.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Null(FieldSeal.Open(Key, Place, System.Buffers.Text.Base64Url.EncodeToString(changed)));
        });
    }

    [Fact]
    public void Texts_of_all_lengths_come_back_and_short_ones_cannot_be_told_apart_by_length()
    {
        string[] texts = ["A", "Ана Петрова", new('x', 31), new('x', 32), new('я', 200)];
        Assert.All(texts, text => Assert.Equal(text, FieldSeal.Open(Key, Place, FieldSeal.Seal(Key, Place, text))));
        Assert.Single(texts.Take(3).Select(text => FieldSeal.Seal(Key, Place, text).Length).Distinct());
    }

    [Theory]
    [InlineData("Ana Petrova", "  ANA   petrova ", true)]
    [InlineData("Ана Петрова", "АНА ПЕТРОВА", true)]
    [InlineData("Ａｎａ", "Ana", true)]
    [InlineData("Ana Petrova", "Ana Petrov", false)]
    [InlineData("Ana Petrova", "AnaPetrova", false)]
    public void The_blind_index_finds_a_name_however_it_is_written(string name, string asked, bool isFound) =>
        Assert.Equal(isFound, BlindIndex.TokenOf(Key, name).SequenceEqual(BlindIndex.TokenOf(Key, asked)));

    [Fact]
    public void The_blind_index_of_another_company_says_something_else() => Assert.NotEqual(
        Encoding.Latin1.GetString(BlindIndex.TokenOf(Key, "Ana")),
        Encoding.Latin1.GetString(BlindIndex.TokenOf(new byte[32], "Ana")));
}
