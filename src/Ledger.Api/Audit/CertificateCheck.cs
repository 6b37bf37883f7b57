using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.EventStore.Audit;
using static Ledger.Api.Audit.OfflineVerification;

namespace Ledger.Api.Audit;

/// <summary>
/// Checks the certificates of months in a bundle: each root over the leaves that it names, each trial balance from the
/// bodies that are disclosed, and that each begins where the one before it ended.
/// </summary>
internal sealed class CertificateCheck
{
    private const string Certified = "period_certified";
    private const string Posted = "journal_entry_posted";

    private readonly Dictionary<long, List<JsonElement>> bySize = [];
    private readonly Dictionary<string, JsonElement> byHash = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string Unit), SortedDictionary<string, Sums>> movements = [];
    private readonly Dictionary<string, Dictionary<(string Account, string Unit), (decimal Amount, decimal Base)>>
        closings = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Day> days = new(StringComparer.Ordinal);
    private readonly List<string> lines = [];
    private long missed;

    private record struct Sums(decimal Debit, decimal Credit, decimal BaseDebit, decimal BaseCredit);

    private record struct Day(long Entries, decimal Debit, decimal Credit);

    /// <summary>Told of every leaf before any is added: a certificate comes behind what it is about.</summary>
    public void Announce(JsonElement leaf)
    {
        if (TextOf(leaf.GetProperty("envelope"), "type") != Certified || Member(leaf, "body") is not { } body)
        {
            return;
        }

        if (TextOf(leaf.GetProperty("envelope"), "stream") != $"period-certificate/{TextOf(body, "period")}")
        {
            throw new RefutedException($"a certificate of {TextOf(body, "period")} stands in another month's stream.");
        }

        var size = NumberOf(body, "size");
        if (!bySize.TryGetValue(size, out var same))
        {
            bySize.Add(size, same = []);
        }

        same.Add(body);
        byHash[HashOf(CanonicalJson.Of(body))] = body;
    }

    /// <summary>A body that is disclosed.</summary>
    public void Add(string type, JsonElement body, string where)
    {
        if (type != Posted)
        {
            return;
        }

        var (date, currency) = (TextOf(body, "bookedOn"), TextOf(body, "currency"));
        var day = days.GetValueOrDefault(date);
        day.Entries++;
        foreach (var line in body.GetProperty("lines").EnumerateArray())
        {
            var resolved = Member(line, "resolved");
            var unit = resolved is { } known ? TextOf(known, "unit") : currency;
            var amount = AmountOf(line, "amount");
            var inBase = resolved is { } settled ? AmountOf(settled, "baseAmount") : amount;
            var isDebit = TextOf(line, "side") switch
            {
                "debit" => true,
                "credit" => false,
                _ => throw new RefutedException($"{where} has a line of neither side."),
            };
            var key = (TextOf(line, "account"), unit);
            if (!movements.TryGetValue(key, out var account))
            {
                movements.Add(key, account = new(StringComparer.Ordinal));
            }

            var sums = account.GetValueOrDefault(date);
            account[date] = isDebit
                ? sums with { Debit = sums.Debit + amount, BaseDebit = sums.BaseDebit + inBase }
                : sums with { Credit = sums.Credit + amount, BaseCredit = sums.BaseCredit + inBase };
            _ = isDebit ? day.Debit += inBase : day.Credit += inBase;
        }

        days[date] = day;
    }

    /// <summary>A body that is not disclosed.</summary>
    public void Miss(string type) => missed += type == Posted ? 1 : 0;

    /// <summary>Checks the certificates over what was added so far.</summary>
    /// <param name="last">The envelope that was added last.</param>
    public void Reached(GrowingTree tree, JsonElement last)
    {
        if (!bySize.TryGetValue(tree.Size, out var certificates))
        {
            return;
        }

        foreach (var certificate in certificates)
        {
            if (TextOf(last, "type") != "period_closed" || TextOf(certificate, "closing") != TextOf(last, "event")
                || TextOf(certificate, "closingSequence") != TextOf(last, "sequence"))
            {
                throw new RefutedException(
                    $"the certificate of {TextOf(certificate, "period")} over {tree.Size} leaves is not of their last, "
                        + "a closing.");
            }

            Check(certificate, tree);
        }
    }

    public IReadOnlyList<string> Report() =>
        lines.Count == 0 ? ["No certificate of a month is in it."] : lines;

    private void Check(JsonElement certificate, GrowingTree tree)
    {
        var what = $"the certificate of {TextOf(certificate, "period")} over {tree.Size} leaves";
        if (TextOf(certificate, "root") != Convert.ToBase64String(tree.Root()))
        {
            throw new RefutedException($"{what} names another root than these leaves have.");
        }

        var previous = Member(certificate, "previous")?.GetString();
        if (previous is not null && !byHash.ContainsKey(previous))
        {
            throw new RefutedException($"{what} goes on from a certificate that is not in the bundle.");
        }

        if (missed > 0)
        {
            lines.Add($"NOT complete: {what} rests on {missed} entries whose bodies are not shown.");
            return;
        }

        if (TextOf(certificate, "format") != "1")
        {
            lines.Add($"NOT complete: {what} has a format that this verifier does not know.");
            return;
        }

        var (from, to) = (TextOf(certificate, "from"), TextOf(certificate, "to"));
        if (TextOf(certificate, "trialBalance") != HashOf(TrialBalance(from, to)))
        {
            throw new RefutedException($"{what} is not over the trial balance of these entries.");
        }

        var within = days.Where(day => string.CompareOrdinal(day.Key, from) >= 0
            && string.CompareOrdinal(day.Key, to) <= 0).Select(day => day.Value).ToArray();
        if (NumberOf(certificate, "entries") != within.Sum(day => day.Entries)
            || TextOf(certificate, "debit") != Plain(within.Sum(day => day.Debit))
            || TextOf(certificate, "credit") != Plain(within.Sum(day => day.Credit)))
        {
            throw new RefutedException($"{what} counts other entries, debits or credits than there are.");
        }

        closings[HashOf(CanonicalJson.Of(certificate))] = Balances(day => string.CompareOrdinal(day, to) <= 0);
        if (previous is not null && closings.TryGetValue(previous, out var before))
        {
            var opening = Balances(day => string.CompareOrdinal(day, from) < 0);
            if (opening.Count != before.Count || opening.Except(before).Any())
            {
                throw new RefutedException($"{what} does not open with what the certificate before it closed with.");
            }
        }

        lines.Add(
            $"Complete: {what}: {within.Sum(day => day.Entries)} entries from {from} to {to}, closed by "
            + $"{Member(certificate, "closedBy")?.GetString() ?? "nobody"}. Not checked: its chart and entry numbers.");
    }

    /// <summary>What is not zero, in units and in the functional currency, of the days that count.</summary>
    private Dictionary<(string Account, string Unit), (decimal Amount, decimal Base)> Balances(
        Func<string, bool> counts) => movements
        .Select(each => (each.Key, Sums: each.Value.Where(day => counts(day.Key)).Select(day => day.Value)
            .Aggregate(default(Sums), Plus)))
        .Select(each => (each.Key, Balance: (each.Sums.Debit - each.Sums.Credit,
            each.Sums.BaseDebit - each.Sums.BaseCredit)))
        .Where(each => each.Balance != (0m, 0m))
        .ToDictionary(each => each.Key, each => each.Balance);

    /// <summary>The canonical trial balance by section 5 of the format.</summary>
    private byte[] TrialBalance(string from, string to)
    {
        var output = new ArrayBufferWriter<byte>();
        var isFirst = true;
        output.Write("["u8);
        foreach (var (key, account) in movements
            .OrderBy(each => each.Key.Account, Utf8Order).ThenBy(each => each.Key.Unit, Utf8Order))
        {
            Sums before = default, within = default;
            var touched = false;
            foreach (var (date, sums) in account.TakeWhile(day => string.CompareOrdinal(day.Key, to) <= 0))
            {
                touched = true;
                _ = string.CompareOrdinal(date, from) < 0 ? before = Plus(before, sums) : within = Plus(within, sums);
            }

            if (!touched)
            {
                continue;
            }

            output.Write(isFirst ? default : ","u8);
            isFirst = false;
            WriteRow(output, key, before, within);
        }

        output.Write("]"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteRow(
        IBufferWriter<byte> output, (string Account, string Unit) key, Sums before, Sums within)
    {
        var (opening, baseOpening) = (before.Debit - before.Credit, before.BaseDebit - before.BaseCredit);
        var row = JsonSerializer.SerializeToElement(new Dictionary<string, string>
        {
            ["account"] = key.Account,
            ["unit"] = key.Unit,
            ["opening"] = Plain(opening),
            ["debit"] = Plain(within.Debit),
            ["credit"] = Plain(within.Credit),
            ["closing"] = Plain(opening + within.Debit - within.Credit),
            ["baseOpening"] = Plain(baseOpening),
            ["baseDebit"] = Plain(within.BaseDebit),
            ["baseCredit"] = Plain(within.BaseCredit),
            ["baseClosing"] = Plain(baseOpening + within.BaseDebit - within.BaseCredit),
        });
        output.Write(CanonicalJson.Of(row));
    }

    /// <summary>The order of bytes differs from that of UTF-16 code units beyond the basic plane.</summary>
    private static readonly Comparer<string> Utf8Order = Comparer<string>.Create(static (left, right) =>
        Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right)));

    private static Sums Plus(Sums one, Sums other) => new(
        one.Debit + other.Debit, one.Credit + other.Credit, one.BaseDebit + other.BaseDebit,
        one.BaseCredit + other.BaseCredit);

    private static decimal AmountOf(JsonElement of, string member) =>
        decimal.Parse(
            TextOf(of, member), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture);

    /// <summary>Without trailing zeros.</summary>
    private static string Plain(decimal amount) =>
        amount.ToString("0.############################", CultureInfo.InvariantCulture);

    private static string HashOf(byte[] canonical) => Convert.ToBase64String(SHA256.HashData(canonical));
}
