using System.Text;
using System.Text.Json;
using Ledger.EventStore.Audit;

namespace Ledger.Tests.Audit;

/// <summary>Rules of <c>docs/audit-format.md</c> that a verifier easily passes over, held against ours.</summary>
public sealed class StrictRulesTests
{
    /// <summary>What no file brings about: a program that refutes by these would refute anything.</summary>
    private static readonly string[] OwnFaults =
        ["Traceback", "NameError", "UnboundLocalError", "ImportError", "SyntaxError"];

    [FactWith("python3")]
    public async Task Both_verifiers_keep_to_every_rule_and_say_nothing_that_a_terminal_acts_on()
    {
        using var cases = await VerifierCases.MakeAsync("strict_cases.py");
        var failed = new List<string>();
        foreach (var (each, second) in cases.All.Zip(await cases.SecondReportsAsync()))
        {
            var report = await cases.OurReportAsync(each);
            var said = string.Join('\n', report.Lines);
            if (report.Holds != (each.Code == 0) || !said.Contains(each.Says, StringComparison.Ordinal)
                || report.Lines.Any(IsForATerminal))
            {
                failed.Add($"{each.File} is to end with {each.Code} and '{each.Says}': {said}");
            }

            // The second one says it in words of its own.
            if (second.Code != each.Code
                || OwnFaults.Any(fault => second.Said.Contains(fault, StringComparison.Ordinal))
                || second.Said.Split('\n').Any(IsForATerminal))
            {
                failed.Add($"{each.File} is to end with {each.Code} for the second verifier, too: {second}");
            }
        }

        Assert.True(failed.Count == 0, string.Join('\n', failed));
        Assert.InRange(cases.All.Count, 30, int.MaxValue);
    }

    [Theory]
    [InlineData("""{"a":1,"a":1}""")]
    [InlineData("""{"b":1,"a":2,"\u0062":3}""")]
    [InlineData("""[{"c":{"x":"1","y":"2","x":"1"}}]""")]
    public void An_object_that_has_a_name_twice_has_no_canonical_form(string json) =>
        Assert.Throws<JsonException>(() => CanonicalJson.Of(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Whatever_is_read_as_a_note_or_a_request_is_one_or_none_and_never_throws()
    {
        string[] pieces = ["\n", "x", "— x AAAAAAE=", "old 0", "0", " "];
        var (notes, requests) = (0, 0);
        foreach (var text in TextsOf(pieces, 6))
        {
            notes += SignedNote.Parse(text) is null ? 0 : 1;
            requests += AddCheckpoint.Parse(text) is null ? 0 : 1;
            _ = Checkpoint.Parse(text);
            _ = VerifierKey.Parse(text);
        }

        Assert.InRange(notes, 1, int.MaxValue);
        Assert.InRange(requests, 1, int.MaxValue);
        Assert.Null(SignedNote.Parse("x\n\n"));
    }

    [Fact]
    public void Of_cosignatures_by_one_key_all_must_be_right_and_the_first_time_counts()
    {
        var secret = new byte[32];
        var key = new VerifierKey("witness.example/w1", SignatureKind.Cosignature, Ed25519.PublicKeyOf(secret));
        const string text = "x\n1\ny\n";
        NoteSignature At(long seconds) => SignedNote.Cosign(text, key, secret, seconds);
        long? Seen(params NoteSignature[] lines) => new SignedNote(text, lines).CosignedBy(key);

        Assert.Equal(5, Seen(At(9), At(5), At(7)));
        Assert.Null(Seen(At(9), At(5) with { Bytes = At(9).Bytes[..^1] }));
        Assert.Null(Seen(At(9), At(5) with { Bytes = [.. At(5).Bytes[..8], .. At(9).Bytes[8..]] }));
        Assert.Equal(253_402_300_799, Seen(At(253_402_300_799)));
        Assert.Null(Seen(At(253_402_300_800)));
        Assert.Null(Seen());
    }

    private static bool IsForATerminal(string line) =>
        line.Any(character => char.IsControl(character) || character == '\u202e');

    private static IEnumerable<string> TextsOf(string[] pieces, int length) => length == 0 ? [""]
        : TextsOf(pieces, length - 1).SelectMany(text => pieces.Select(piece => text + piece).Append(text)).Distinct();
}
