using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;

namespace Ledger.Api.Import;

/// <summary>
/// What the books must have before entries can be posted (accounts, digits of units), and how they get it.
/// </summary>
internal sealed class Needs(ImportOptions options, IImportTarget target, ImportReport report, Action<string> complain)
{
    private readonly MissingAccounts accounts = new(options.Chart, options.Types);
    private readonly Dictionary<UnitCode, int> digits = [];

    public bool Any => accounts.Opening.Count > 0 || digits.Count > 0;

    /// <summary>Forgets what was noted: the books have it, or refused it.</summary>
    public void Clear()
    {
        accounts.Clear();
        digits.Clear();
    }

    /// <summary>Notes what the entry needs before it can be posted.</summary>
    /// <param name="entry">As the file has it.</param>
    /// <param name="ready">The same, with units said where an account would imply another one.</param>
    /// <returns>Why it cannot be had; null when it can.</returns>
    public string? Note(FileEntry entry, out FileEntry ready)
    {
        ready = entry;
        JournalLine[]? lines = null;
        for (var i = 0; i < entry.Entry.Lines.Count; i++)
        {
            var line = entry.Entry.Lines[i];
            if (AccountCode.IsValid(line.Account.Value) && accounts.Need(line.Account, target.Chart) is { } reason)
            {
                return reason;
            }

            var only = (target.Chart.Find(line.Account)?.Details ?? options.Chart.Find(line.Account))?.Currency;
            if (entry.IsMapped && line.Currency is null && only is { } other && other != target.Company.Currency)
            {
                lines ??= [.. entry.Entry.Lines];
                lines[i] = line with { Currency = target.Company.Currency };
            }

            var unit = line.Currency ?? (entry.IsMapped ? null : only) ?? target.Company.Currency;
            NoteDigits(unit, FileAmounts.DigitsOf(line.Amount));
            if (line.BaseAmount is { } worth)
            {
                NoteDigits(target.Company.Currency, FileAmounts.DigitsOf(worth));
            }
        }

        ready = lines is null ? entry : entry with { Entry = entry.Entry with { Lines = lines.ToValueList() } };
        return null;
    }

    public void NoteDigits(UnitCode unit, int count)
    {
        if (UnitCode.IsValid(unit.Value) && count <= CompanyDecider.DigitsMax
            && (!target.Company.TryGetDigits(unit, out var now) || now < count))
        {
            digits[unit] = Math.Max(digits.GetValueOrDefault(unit), count);
        }
    }

    /// <summary>Gives the books what was noted.</summary>
    public async Task MeetAsync()
    {
        if (digits.Count > 0)
        {
            await RaiseDigitsAsync();
        }

        if (accounts.Opening.Count == 0 || await OpenAsync(accounts.Opening) is null)
        {
            return;
        }

        // One of them is refused: the others are opened, and what is posted to that one is refused by itself.
        foreach (var account in accounts.Opening)
        {
            if (await OpenAsync([account]) is { } refusal)
            {
                complain($"{refusal.Message} ({refusal.Code})");
            }
        }
    }

    private async Task<Refusal?> OpenAsync(IReadOnlyList<PutAccount> opening)
    {
        var before = target.Chart.Count;
        var refusal = await target.OpenAccountsAsync(opening);
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
