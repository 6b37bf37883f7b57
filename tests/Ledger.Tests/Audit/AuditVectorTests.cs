using System.Text;
using System.Text.Json;
using Ledger.EventStore.Audit;

namespace Ledger.Tests.Audit;

/// <summary>What audit logs rest on, held against published vectors.</summary>
public sealed class AuditVectorTests
{
    private const string NoHashes = "sizes-are-equal-one-and-proof-is-empty.json";
    private const string Trees = "https://github.com/transparency-dev/merkle, Apache-2.0";
    private const string Canonical = "https://github.com/cyberphone/json-canonicalization, Apache-2.0";

    [FactWithVectors("wycheproof/ed25519_test.json")]
    public void Ed25519_accepts_and_refuses_as_its_vectors_say()
    {
        using var document = Read(FactWithVectorsAttribute.PathOf("wycheproof/ed25519_test.json"));
        var tests = (
            from each in document.RootElement.GetProperty("testGroups").EnumerateArray()
            let key = Hex(each.GetProperty("publicKey"), "pk")
            from test in each.GetProperty("tests").EnumerateArray()
            select (Key: key, Test: test, IsValid: test.GetProperty("result").GetString() == "valid")).ToList();

        Assert.Contains(tests, each => each.IsValid);
        Assert.Contains(tests, each => !each.IsValid);
        Assert.All(tests, each => Assert.Equal(
            each.IsValid, Ed25519.Verify(each.Key, Hex(each.Test, "msg"), Hex(each.Test, "sig"))));
    }

    [FactWithVectors("rfc6962/inclusion", Trees)]
    public void Proofs_of_inclusion_are_accepted_and_refused_as_their_vectors_say() => CheckAll(
        "rfc6962/inclusion",
        each => MerkleTree.Includes(
            each.GetProperty("leafIdx").GetInt64(), each.GetProperty("treeSize").GetInt64(), Bytes(each, "leafHash"),
            Hashes(each), Bytes(each, "root")));

    [FactWithVectors("rfc6962/consistency", Trees)]
    public void Proofs_of_consistency_are_accepted_and_refused_as_their_vectors_say() => CheckAll(
        "rfc6962/consistency",
        each => MerkleTree.IsConsistent(
            each.GetProperty("size1").GetInt64(), each.GetProperty("size2").GetInt64(), Bytes(each, "root1"),
            Bytes(each, "root2"), Hashes(each)));

    [FactWithVectors("jcs/input", Canonical)]
    public void Canonical_JSON_is_as_its_vectors_say_byte_for_byte()
    {
        // One number there has a digit more than a double keeps, which RFC 8785 rounds, and we refuse.
        const string tooLong = "333333333.33333329";
        var files = Directory.GetFiles(FactWithVectorsAttribute.PathOf("jcs/input"));
        Assert.Contains(files, file => File.ReadAllText(file).Contains(tooLong, StringComparison.Ordinal));
        Assert.All(files, file =>
        {
            var given = File.ReadAllText(file);
            if (given.Contains(tooLong, StringComparison.Ordinal))
            {
                Assert.Throws<FormatException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(given)));
                given = given.Replace(tooLong, tooLong[..^1].TrimEnd('2') + "3", StringComparison.Ordinal);
            }

            Assert.Equal(
                File.ReadAllText(file.Replace("input", "output", StringComparison.Ordinal)),
                Encoding.UTF8.GetString(CanonicalJson.Of(Encoding.UTF8.GetBytes(given))));
        });
    }

    /// <summary>Each file below a folder holds one vector, and says whether it must be refused.</summary>
    private static void CheckAll(string folder, Func<JsonElement, bool> isAccepted)
    {
        var files = Directory.GetFiles(
            FactWithVectorsAttribute.PathOf(folder), "*.json", SearchOption.AllDirectories);
        var refused = 0;
        Assert.All(files, file =>
        {
            using var document = Read(file);
            var mustBeRefused = document.RootElement.GetProperty("wantErr").GetBoolean();
            refused += mustBeRefused ? 1 : 0;

            // One that is to be accepted has roots that are no hashes at all.
            var isNone = file.EndsWith(NoHashes, StringComparison.Ordinal);
            Assert.True(isNone || mustBeRefused != IsAccepted(document.RootElement), file);
        });
        Assert.InRange(refused, 1, files.Length - 1);

        bool IsAccepted(JsonElement vector)
        {
            try
            {
                return isAccepted(vector);
            }
            catch (FormatException)
            {
                return false; // A hash that is not base64.
            }
        }
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(file));

    private static byte[] Hex(JsonElement element, string name) =>
        Convert.FromHexString(element.GetProperty(name).GetString()!);

    private static byte[] Bytes(JsonElement element, string name) => element.GetProperty(name).GetBytesFromBase64();

    private static byte[][] Hashes(JsonElement element) =>
        element.GetProperty("proof") is { ValueKind: JsonValueKind.Array } proof
            ? [.. proof.EnumerateArray().Select(hash => hash.GetBytesFromBase64())] : [];
}
