using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;

namespace Ledger.Api.Import;

/// <summary>
/// What the books must have before entries can be posted (accounts, digits of units), and how they get it: only for
/// entries that are then accepted, so each entry that lacks something is decided first on the books as they would be.
/// </summary>
internal sealed class Needs(ImportOptions options, IImportTarget target, ImportReport report, Action<string> complain)
{
    private readonly MissingAccounts missing = new(options.Chart, options.Types);
    private readonly List<FileEntry> needy = [];
    private readonly List<PutAccount> opening = [];
    private readonly Dictionary<UnitCode, int> digits = [];

    public bool Any => needy.Count > 0 || digits.Count > 0;

    /// <summary>Notes whether the entry needs anything before it can be posted.</summary>
    /// <param name="entry">As the file has it.</param>
    /// <param name="ready">The same, with units said where an account would imply another one.</param>
    /// <returns>Why it cannot be had; null when it can.</returns>
    public string? Note(FileEntry entry, out FileEntry ready)
    {
        ready = entry;
        JournalLine[]? lines = null;
        var isNeedy = false;
        for (var i = 0; i < entry.Entry.Lines.Count; i++)
        {
            var line = entry.Entry.Lines[i];
            if (IsMissing(line.Account, target.Chart))
            {
                isNeedy = true;
                if (missing.Need(line.Account, target.Chart) is { } reason)
                {
                    return reason;
                }
            }

            var only = OnlyUnitOf(line.Account, target.Chart);
            if (entry.IsMapped && line.Currency is null && only is { } other && other != target.Company.Currency)
            {
                lines ??= [.. entry.Entry.Lines];
                lines[i] = line with { Currency = target.Company.Currency };
            }
        }

        ready = lines is null ? entry : entry with { Entry = entry.Entry with { Lines = lines.ToValueList() } };
        if (isNeedy || LacksDigits(ready, target.Chart, target.Company))
        {
            needy.Add(ready);
        }

        return null;
    }

    /// <summary>Notes digits that the books need whatever is posted.</summary>
    public void NoteDigits(UnitCode unit, int count)
    {
        if (IsLacking(unit, count, target.Company))
        {
            digits[unit] = Math.Max(digits.GetValueOrDefault(unit), count);
        }
    }

    /// <summary>
    /// Gives the books what was noted, except what only entries need that are refused all the same; then forgets it.
    /// </summary>
    /// <returns>The refused entries, in the order in which they were noted.</returns>
    public async Task<List<(FileEntry Entry, Refusal Refusal)>> MeetAsync()
    {
        var refused = await DecideAsync();
        if (digits.Count > 0)
        {
            await RaiseDigitsAsync();
        }

        if (opening.Count > 0 && await OpenAsync(opening) is not null)
        {
            // Somebody changed the books meanwhile: what can still be opened is, and the rest is refused by itself.
            foreach (var account in opening)
            {
                if (await OpenAsync([account]) is { } refusal)
                {
                    complain($"{refusal.Message} ({refusal.Code})");
                }
            }
        }

        needy.Clear();
        opening.Clear();
        digits.Clear();
        missing.Clear();
        return refused;
    }

    /// <summary>Each on the books as those before it will have left them.</summary>
    private async Task<List<(FileEntry Entry, Refusal Refusal)>> DecideAsync()
    {
        var refused = new List<(FileEntry Entry, Refusal Refusal)>();
        if (needy.Count == 0)
        {
            return refused;
        }

        // An id that comes from the content is new: who has recorded that content has all that it needs.
        var named = needy.Where(each => each.Id is not null).Select(each => each.Entry.Id)
            .Concat(needy.Select(each => each.Entry.Corrects).OfType<string>());
        var (books, entries) = await target.LookAsync([.. named.Distinct()]);
        foreach (var entry in needy)
        {
            if (Decide(entry, entries, ref books) is { } refusal)
            {
                refused.Add((entry, refusal));
            }
        }

        return refused;
    }

    private Refusal? Decide(FileEntry entry, IReadOnlyDictionary<string, JournalEntry> entries, ref Books books)
    {
        missing.Clear();
        foreach (var line in entry.Entry.Lines)
        {
            if (IsMissing(line.Account, books.Chart))
            {
                missing.Need(line.Account, books.Chart);
            }
        }

        var raising = new Dictionary<UnitCode, int>();
        if (!LacksDigits(entry, books.Chart, books.Company, raising) && missing.Opening.Count == 0)
        {
            // One before it needed the same.
            return null;
        }

        var raised = RegisterDecisions.RaiseDigits(raising, books.Company, books.Chart);
        var then = books with { Company = raised.Events.Aggregate(books.Company, Company.Evolve) };
        var opened = RegisterDecisions.OpenAccounts(missing.Opening, then.Company, then.Chart);
        then = then with { Chart = opened.Events.Aggregate(then.Chart, Chart.Evolve) };
        if ((raised.Refusal ?? opened.Refusal) is { } no)
        {
            return no;
        }

        var corrected = entry.Entry.Corrects is { } corrects ? entries.GetValueOrDefault(corrects) : null;
        var posted = JournalDecider.Decide(
            entry.Entry, entries.GetValueOrDefault(entry.Entry.Id) ?? JournalEntry.Initial, then, corrected);
        if (posted.Events.Count == 0)
        {
            return posted.Refusal;
        }

        opening.AddRange(missing.Opening);
        foreach (var (unit, count) in raising)
        {
            digits[unit] = Math.Max(digits.GetValueOrDefault(unit), count);
        }

        books = then;
        return null;
    }

    private static bool IsMissing(AccountCode account, Chart chart) =>
        chart.Find(account) is null && AccountCode.IsValid(account.Value);

    private static bool IsLacking(UnitCode unit, int count, Company company) =>
        count <= CompanyDecider.DigitsMax && (!company.TryGetDigits(unit, out var now) || now < count)
        && UnitCode.IsValid(unit.Value);

    private UnitCode? OnlyUnitOf(AccountCode account, Chart chart) =>
        (chart.Find(account)?.Details ?? options.Chart.Find(account))?.Currency;

    /// <param name="lacking">Is given the units and the digits they lack.</param>
    private bool LacksDigits(FileEntry entry, Chart chart, Company company, Dictionary<UnitCode, int>? lacking = null)
    {
        var isLacking = false;
        foreach (var line in entry.Entry.Lines.AsSpan())
        {
            Look(UnitOf(line, entry, chart, company), line.Amount);
            if (line.BaseAmount is { } worth)
            {
                Look(company.Currency, worth);
            }
        }

        return isLacking;

        void Look(UnitCode unit, decimal amount)
        {
            var count = FileAmounts.DigitsOf(amount);
            if (IsLacking(unit, count, company))
            {
                isLacking = true;
                lacking?[unit] = Math.Max(lacking.GetValueOrDefault(unit), count);
            }
        }
    }

    private UnitCode UnitOf(JournalLine line, FileEntry entry, Chart chart, Company company) =>
        line.Currency ?? (entry.IsMapped ? null : OnlyUnitOf(line.Account, chart)) ?? company.Currency;

    private async Task<Refusal?> OpenAsync(IReadOnlyList<PutAccount> accounts)
    {
        var before = target.Chart.Count;
        var refusal = await target.OpenAccountsAsync(accounts);
        report.AccountsOpened += target.Chart.Count - before;
        return refusal;
    }

    private async Task RaiseDigitsAsync()
    {
        var before = target.Company;
        if (await target.RaiseDigitsAsync(digits) is { } refusal)
        {
            complain($"{refusal.Message} ({refusal.Code})");
            return;
        }

        foreach (var unit in digits.Keys)
        {
            var isRaised = before.TryGetDigits(unit, out _) && !report.Declared.ContainsKey(unit);
            target.Company.TryGetDigits(unit, out var now);
            (isRaised ? report.Raised : report.Declared)[unit] = now;
        }
    }
}
