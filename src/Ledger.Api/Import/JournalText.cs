using Ledger.Domain;
using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Api.Import;

/// <summary>
/// Reads transactions as <c>hledger print</c> writes them, with the costs that its CSV leaves out. Comments and
/// directives that say nothing about amounts are passed over; any other line is named, with what to do.
/// </summary>
internal sealed class JournalText(TextReader text)
{
    private const string Hint = "send what 'hledger print -x' writes.";

    private static readonly string[] PassedOver = ["account", "commodity", "payee", "tag", "P"];

    private long number;
    private Draft? draft;

    public IEnumerable<FileItem> Read()
    {
        while (text.ReadLine() is { } line)
        {
            number++;
            line = number == 1 ? line.TrimStart('\uFEFF') : line;
            if (line.Length > 0 && char.IsWhiteSpace(line[0]) && !string.IsNullOrWhiteSpace(line))
            {
                draft?.AddLine(line.Trim(), number);
                continue;
            }

            if (draft is not null)
            {
                yield return draft.Finish();
                draft = null;
            }

            if (Begin(line) is { } fault)
            {
                yield return fault;
            }
        }

        if (draft is not null)
        {
            yield return draft.Finish();
        }
    }

    /// <summary>A line that is not indented begins something.</summary>
    private FileFault? Begin(string line)
    {
        if (line.Length == 0 || line[0] is ';' or '#' or '*' || string.IsNullOrWhiteSpace(line))
        {
            return null;
        }

        if (char.IsAsciiDigit(line[0]))
        {
            draft = new Draft(line, number);
            return null;
        }

        var word = line.Split(' ', 2)[0];
        return Array.IndexOf(PassedOver, word) >= 0
            ? null
            : new FileFault(number, $"'{Texts.Shown(line)}' is no transaction: {Hint}");
    }

    /// <summary>The text before a comment, and the comment; a semicolon within quotes begins none.</summary>
    private static (string Before, string Comment) SplitComment(string line)
    {
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            quoted ^= line[i] == '"';
            if (line[i] == ';' && !quoted)
            {
                return (line[..i].TrimEnd(), line[(i + 1)..].Trim());
            }
        }

        return (line.TrimEnd(), "");
    }

    private static string Joined(string one, string other) =>
        one.Length == 0 ? other : other.Length == 0 ? one : $"{one}\n{other}";

    private sealed class Draft
    {
        private readonly long line;
        private readonly List<FilePosting> postings = [];
        private readonly LocalDate date;
        private readonly string description = "";
        private readonly string code = "";
        private string comment = "";
        private int lines;
        private FileFault? fault;

        public Draft(string heading, long line)
        {
            this.line = line;
            var (before, said) = heading.IndexOf(';', StringComparison.Ordinal) is >= 0 and var at
                ? (heading[..at].TrimEnd(), heading[(at + 1)..].Trim())
                : (heading.TrimEnd(), "");
            comment = said;
            var end = before.IndexOf(' ', StringComparison.Ordinal) is > 0 and var space ? space : before.Length;
            var dates = before[..end].Split('=', 2);
            if (!Dates.TryParse(dates[0], out date))
            {
                fault = new(line, $"'{Texts.Shown(before[..end])}' is no date such as 2026-01-31.");
            }

            comment = dates.Length == 2 ? Joined(comment, $"date2:{dates[1]}") : comment;
            var rest = before[end..].Trim();
            rest = rest.StartsWith('*') || rest.StartsWith('!') ? rest[1..].TrimStart() : rest;
            if (rest.StartsWith('(') && rest.IndexOf(')', StringComparison.Ordinal) is > 0 and var close)
            {
                (code, rest) = (rest[1..close].Trim(), rest[(close + 1)..].Trim());
            }

            description = rest;
        }

        public void AddLine(string text, long at)
        {
            if (text[0] == ';')
            {
                AddComment(text[1..].Trim());
                return;
            }

            lines++;
            if (fault is null && lines <= JournalDecider.LinesMax)
            {
                AddPosting(text, at);
            }
        }

        public FileItem Finish()
        {
            if (fault is null && lines > JournalDecider.LinesMax)
            {
                fault = new(
                    line, $"The transaction has {lines} lines, more than the {JournalDecider.LinesMax} of an entry.");
            }

            fault ??= FillIn(PostingKind.Real) ?? FillIn(PostingKind.BalancedVirtual);
            return fault ?? (FileItem)new FileTransaction(line, date, description, code, comment, postings);
        }

        private void AddComment(string more)
        {
            if (postings.Count == 0)
            {
                comment = Joined(comment, more);
            }
            else
            {
                postings[^1] = postings[^1] with { Comment = Joined(postings[^1].Comment, more) };
            }
        }

        private void AddPosting(string text, long at)
        {
            var (before, said) = SplitComment(text);
            before = before is ['*' or '!', ' ', ..] ? before[2..].TrimStart() : before;
            var end = EndOfAccount(before);
            var account = before[..end].Trim();
            var amountText = before[end..].Trim();
            var kind = PostingKind.Real;
            if (account is ['(', .., ')'] or ['[', .., ']'])
            {
                kind = account[0] == '(' ? PostingKind.UnbalancedVirtual : PostingKind.BalancedVirtual;
                account = account[1..^1].Trim();
            }

            if (amountText.Length == 0)
            {
                postings.Add(new(account, kind, 0, Missing, null, said));
                return;
            }

            var commodity = "";
            if (amountText[0] == '=')
            {
                fault = new(at, $"'{Texts.Shown(text)}' assigns a balance, which only hledger can work out: {Hint}");
            }
            else if (!PostingAmount.TryRead(amountText, ref commodity, out var amount, out var cost, out var reason))
            {
                fault = new(at, reason);
            }
            else
            {
                postings.Add(new(account, kind, amount, commodity, cost, said));
            }
        }

        /// <summary>No commodity is called so: it marks a posting whose amount was left out.</summary>
        private const string Missing = "\0";

        /// <summary>An account's name ends at two spaces or at a tab.</summary>
        private static int EndOfAccount(string text)
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '\t' || (text[i] == ' ' && i + 1 < text.Length && char.IsWhiteSpace(text[i + 1])))
                {
                    return i;
                }
            }

            return text.Length;
        }

        /// <summary>An amount that was left out is what balances the others, one posting for each commodity.</summary>
        private FileFault? FillIn(PostingKind kind)
        {
            var at = postings.FindIndex(posting => posting.Kind == kind && posting.Commodity == Missing);
            if (at < 0)
            {
                return null;
            }

            if (postings.FindLastIndex(posting => posting.Kind == kind && posting.Commodity == Missing) != at)
            {
                return new(line, "Two of its amounts are left out; at most one can be worked out.");
            }

            var sums = new Dictionary<string, decimal>(StringComparer.Ordinal);
            try
            {
                foreach (var posting in postings.Where(posting => posting.Kind == kind && posting.Commodity != Missing))
                {
                    var (amount, commodity) = posting.Cost is { } cost
                        ? (cost.Amount, cost.Commodity)
                        : (posting.Amount, posting.Commodity);
                    sums[commodity] = sums.GetValueOrDefault(commodity) + amount;
                }
            }
            catch (OverflowException)
            {
                return new(line, "Its amounts are beyond what can be counted.");
            }

            var open = postings[at];
            postings.RemoveAt(at);
            postings.InsertRange(at, sums
                .Where(sum => sum.Value != 0)
                .Select(sum => open with { Amount = -sum.Value, Commodity = sum.Key }));
            return null;
        }
    }
}
