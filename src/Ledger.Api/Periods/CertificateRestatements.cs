using System.Globalization;
using Ledger.Domain.Periods;
using Ledger.EventStore.Audit;
using Ledger.Projections.Periods;
using NodaTime;
using Npgsql;

namespace Ledger.Api.Periods;

/// <summary>Compares the trial balances of two certificates of a month, each as known with its closing.</summary>
internal static class CertificateRestatements
{
    private static readonly CertifiedRow Nothing = new("", "", "0", "0", "0", "0", "0", "0", "0", "0");

    /// <summary>The rows that differ; null where this program does not have one of the formats.</summary>
    public static async Task<IReadOnlyList<RestatedRow>?> RowsAsync(
        NpgsqlConnection connection,
        string company,
        PeriodCertified before,
        PeriodCertified now,
        int fiscalYear,
        CancellationToken ct)
    {
        if (await FiguresAsync(connection, company, before, fiscalYear, ct) is not { } earlier
            || await FiguresAsync(connection, company, now, fiscalYear, ct) is not { } later)
        {
            return null;
        }

        var rows = new SortedDictionary<(string, string), (CertifiedRow Before, CertifiedRow Now)>(
            Comparer<(string Account, string Unit)>.Create((left, right) =>
                ByteOrder.Instance.Compare(left.Account, right.Account) is not 0 and var order
                    ? order : ByteOrder.Instance.Compare(left.Unit, right.Unit)));
        foreach (var row in earlier.Rows)
        {
            rows[(row.Account, row.Unit)] = (row, Nothing with { Account = row.Account, Unit = row.Unit });
        }

        foreach (var row in later.Rows)
        {
            rows[(row.Account, row.Unit)] = rows.TryGetValue((row.Account, row.Unit), out var there)
                ? (there.Before, row) : (Nothing with { Account = row.Account, Unit = row.Unit }, row);
        }

        return
        [
            .. rows.Values.Where(each => each.Before != each.Now).Select(each => new RestatedRow(
                each.Now.Account,
                each.Now.Unit,
                Restated(each.Before.Debit, each.Now.Debit),
                Restated(each.Before.Credit, each.Now.Credit),
                Restated(each.Before.Closing, each.Now.Closing),
                Restated(each.Before.BaseDebit, each.Now.BaseDebit),
                Restated(each.Before.BaseCredit, each.Now.BaseCredit),
                Restated(each.Before.BaseClosing, each.Now.BaseClosing))),
        ];
    }

    private static async Task<PeriodFigures?> FiguresAsync(
        NpgsqlConnection connection, string company, PeriodCertified certificate, int fiscalYear, CancellationToken ct)
    {
        if (CertificateFormats.Find(certificate.Format) is not { } format)
        {
            return null;
        }

        var size = long.Parse(certificate.Size, CultureInfo.InvariantCulture);
        var after = certificate.Previous is null ? (YearMonth?)null : certificate.From.ToYearMonth().PlusMonths(-1);
        return format.Figures(
            await CertificateQueries.PostedAsync(connection, company, size, certificate.To, ct), certificate.Period,
            after, fiscalYear);
    }

    private static RestatedAmount Restated(string before, string now) =>
        new(before, (ExactAmount.Parse(now) - ExactAmount.Parse(before)).ToString(), now);
}
