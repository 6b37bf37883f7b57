using System.Security.Cryptography;
using System.Text.Json;

namespace Ledger.Tests.People;

/// <summary>Project Wycheproof's vectors of what seals, wraps and finds, in the sizes that are used here.</summary>
public sealed class WycheproofTests
{
    [FactWithVectors("wycheproof/aes_gcm_test.json")]
    public void AES_256_GCM_seals_and_refuses_as_its_vectors_say() => Check(
        "wycheproof/aes_gcm_test.json",
        group => Number(group, "keySize") == 256 && Number(group, "ivSize") == 96 && Number(group, "tagSize") == 128,
        (_, test) =>
        {
            using var cipher = new AesGcm(Bytes(test, "key"), 16);
            var plain = new byte[Bytes(test, "ct").Length];
            cipher.Decrypt(Bytes(test, "iv"), Bytes(test, "ct"), Bytes(test, "tag"), plain, Bytes(test, "aad"));
            var (sealedAgain, tag) = (new byte[plain.Length], new byte[16]);
            cipher.Encrypt(Bytes(test, "iv"), Bytes(test, "msg"), sealedAgain, tag, Bytes(test, "aad"));
            return plain.SequenceEqual(Bytes(test, "msg")) && sealedAgain.SequenceEqual(Bytes(test, "ct"))
                && tag.SequenceEqual(Bytes(test, "tag"));
        });

    [FactWithVectors("wycheproof/aes_kwp_test.json")]
    public void AES_KWP_wraps_and_refuses_as_its_vectors_say() => Check(
        "wycheproof/aes_kwp_test.json",
        group => Number(group, "keySize") == 256,
        (_, test) =>
        {
            using var aes = Aes.Create();
            aes.Key = Bytes(test, "key");
            return aes.DecryptKeyWrapPadded(Bytes(test, "ct")).SequenceEqual(Bytes(test, "msg"))
                && aes.EncryptKeyWrapPadded(Bytes(test, "msg")).SequenceEqual(Bytes(test, "ct"));
        });

    [FactWithVectors("wycheproof/hmac_sha256_test.json")]
    public void HMAC_SHA_256_is_as_its_vectors_say() => Check(
        "wycheproof/hmac_sha256_test.json",
        _ => true,
        (group, test) => HMACSHA256.HashData(Bytes(test, "key"), Bytes(test, "msg"))
            .Take(Number(group, "tagSize") / 8).SequenceEqual(Bytes(test, "tag")));

    /// <summary>Valid vectors must be accepted and invalid ones refused; what is acceptable may be either.</summary>
    private static void Check(
        string file, Func<JsonElement, bool> isUsed, Func<JsonElement, JsonElement, bool> isAccepted)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(FactWithVectorsAttribute.PathOf(file)));
        var tests =
            from each in document.RootElement.GetProperty("testGroups").EnumerateArray()
            where isUsed(each)
            from test in each.GetProperty("tests").EnumerateArray()
            select (Group: each, Test: test, Result: test.GetProperty("result").GetString());
        var checkedTests = tests.ToList();
        Assert.Contains(checkedTests, each => each.Result == "valid");
        Assert.Contains(checkedTests, each => each.Result == "invalid");
        Assert.All(
            checkedTests.Where(each => each.Result != "acceptable"),
            each => Assert.Equal(each.Result == "valid", IsAccepted(each.Group, each.Test)));

        bool IsAccepted(JsonElement group, JsonElement test)
        {
            try
            {
                return isAccepted(group, test);
            }
            catch (Exception refused) when (refused is CryptographicException or ArgumentException)
            {
                return false;
            }
        }
    }

    private static int Number(JsonElement element, string name) => element.GetProperty(name).GetInt32();

    private static byte[] Bytes(JsonElement element, string name) =>
        Convert.FromHexString(element.GetProperty(name).GetString()!);
}
