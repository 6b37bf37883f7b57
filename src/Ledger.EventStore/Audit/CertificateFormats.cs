using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ledger.Domain.Accounts;
using Ledger.Domain.Periods;
using NodaTime;

namespace Ledger.EventStore.Audit;

/// <summary>What a certificate is made from: everything as it was known with the closing.</summary>
/// <param name="Posted">All that was booked up to the end of the month; what was booked later does not matter.</param>
/// <param name="FiscalYear">The name of the one that the month lies in.</param>
/// <param name="Size">Leaves of the company's audit log, with the closing as the last.</param>
/// <param name="Root">Over them.</param>
/// <param name="Previous">The hash of the certificate that this one goes on from; null for the first.</param>
public sealed record CertificateFacts(
    Closing Closing, PostedMonths Posted, Chart Chart, int FiscalYear, long Size, byte[] Root, string? Previous);

/// <summary>A way to make certificates.</summary>
/// <param name="Figures">From what was booked: for a month, after the certified month before it if there is one, in a
/// fiscal year.</param>
public sealed record CertificateFormat(
    Func<PostedMonths, YearMonth, YearMonth?, int, PeriodFigures> Figures,
    Func<CertificateFacts, PeriodCertified> Make);

/// <summary>
/// How certificates are made, one way a format. A stored certificate is derived again by the format that it names, so
/// one that was ever used stays here as it is.
/// </summary>
public static class CertificateFormats
{
    /// <summary>By which certificates are made now.</summary>
    public const string Newest = "1";

    private static readonly JsonSerializerOptions WithNulls = new(EventJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    private static readonly FrozenDictionary<string, CertificateFormat> All =
        new Dictionary<string, CertificateFormat>(StringComparer.Ordinal)
        {
            ["1"] = new(PeriodFigures.OfFormat1, Make1),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Null where this program does not have the format.</summary>
    public static CertificateFormat? Find(string format) => All.GetValueOrDefault(format);

    /// <summary>Base64 of the hash of the canonical form of JSON, such as the body of a certificate.</summary>
    public static string HashOf(ReadOnlyMemory<byte> json) =>
        Convert.ToBase64String(SHA256.HashData(CanonicalJson.Of(json.Span)));

    /// <summary>Where a certificate that was stored differs from one that was made; null where they are the same, byte
    /// for byte.</summary>
    /// <param name="stored">The body of an event.</param>
    public static string? Difference(ReadOnlyMemory<byte> stored, PeriodCertified made)
    {
        ReadOnlyMemory<byte> derived = JsonSerializer.SerializeToUtf8Bytes(made, EventJson.Options);
        if (CanonicalJson.Of(stored.Span).AsSpan().SequenceEqual(CanonicalJson.Of(derived.Span)))
        {
            return null;
        }

        using var left = JsonDocument.Parse(stored);
        using var right = JsonDocument.Parse(derived);
        var names = left.RootElement.EnumerateObject().Concat(right.RootElement.EnumerateObject())
            .Select(member => member.Name).Distinct().Order(StringComparer.Ordinal);
        return names
            .Select(name => (
                Name: name, Stored: Shown(left.RootElement, name), Derived: Shown(right.RootElement, name)))
            .Where(member => member.Stored != member.Derived)
            .Select(member => $"member {member.Name} is {member.Stored}, not {member.Derived}")
            .FirstOrDefault("it has a member twice");
    }

    /// <summary>The value, however its characters were escaped.</summary>
    private static string Shown(JsonElement certificate, string name) =>
        !certificate.TryGetProperty(name, out var value) ? "absent"
            : value.ValueKind == JsonValueKind.String ? $"\"{value.GetString()}\"" : value.GetRawText();

    /// <summary>The canonical trial balance, as JSON that is not canonical yet.</summary>
    public static byte[] TrialBalanceOf(IReadOnlyList<CertifiedRow> rows) =>
        JsonSerializer.SerializeToUtf8Bytes(rows, WithNulls);

    private static PeriodCertified Make1(CertificateFacts facts)
    {
        var (closing, posted, chart, fiscalYear, size, root, previous) = facts;
        var figures = PeriodFigures.OfFormat1(posted, closing.Name.Period, closing.GoesOnFrom?.Period, fiscalYear);
        return new(
            "1",
            closing.Name.Period,
            figures.From,
            figures.To,
            closing.Name.Id,
            Text(closing.Name.Sequence),
            Text(size),
            Convert.ToBase64String(root),
            HashOf(TrialBalanceOf(figures.Rows)),
            HashOf(ChartOf(chart)),
            Text(figures.Entries),
            figures.Debit.ToString(),
            figures.Credit.ToString(),
            closing.IsAlone,
            figures.FirstNumber is { } first ? Text(first) : null,
            figures.LastNumber is { } last ? Text(last) : null,
            previous,
            closing.Actor,
            closing.ApprovedBy);
    }

    private static byte[] ChartOf(Chart chart) => JsonSerializer.SerializeToUtf8Bytes(
        chart.Accounts.OrderBy(each => each.Code.Value, ByteOrder.Instance).Select(account => new CertifiedAccount(
            account.Code.Value, account.Details.Type, account.Details.Parent?.Value, account.Details.Currency?.Value)),
        WithNulls);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record CertifiedAccount(string Code, AccountType Type, string? Parent, string? Currency);
}
