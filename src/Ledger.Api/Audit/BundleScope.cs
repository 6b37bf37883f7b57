using System.Globalization;
using System.Text.Json;
using Ledger.Api.Periods;
using Ledger.Domain.Accounts;
using Ledger.Domain.Audit;
using Ledger.Domain.Companies;
using Ledger.Domain.Journals;
using Ledger.Domain.Periods;
using Ledger.EventStore;
using Ledger.Projections.Audit;
using NodaTime.Text;
using Npgsql;

namespace Ledger.Api.Audit;

/// <summary>What the bundle of a month discloses: the bodies that its newest certificate rests on, and no others, so
/// that whoever is to check a year is not given the next one.</summary>
/// <param name="Size">Leaves up to the closing that is certified.</param>
/// <param name="Position">Of the certificate, which the bundle must reach.</param>
internal sealed record BundleScope(long Size, long Position)
{
    private static readonly string Certified = EventCatalog.Ledger.NameOf(typeof(PeriodCertified));

    private static readonly string SaltDeletion = EventCatalog.Ledger.NameOf(typeof(SaltsDeleted));

    private static readonly HashSet<string> Types =
    [
        .. EventCatalog.Ledger.Names.Where(name => Array.Exists(
            [
                typeof(JournalEvent), typeof(AccountEvent), typeof(CompanyEvent), typeof(PeriodEvent),
                typeof(PeriodCertificateEvent), typeof(SaltDeletionEvent),
            ],
            each => EventCatalog.Ledger.TypeOf(name).IsAssignableTo(each))),
    ];

    /// <param name="period">As <c>2026-03</c>.</param>
    /// <exception cref="SetUpException">The month has no certificate.</exception>
    public static async Task<BundleScope> OfAsync(
        LedgerHost ledger, NpgsqlConnection connection, string company, string period, CancellationToken cancellation)
    {
        var month = YearMonthPattern.Iso.Parse(period).Value;
        return await Certificates.ReadAsync(ledger.Store, company, month, cancellation) is not [.., var newest]
            ? throw new SetUpException(
                $"{period} has no certificate in the company '{company}', and without one nothing says what its bundle "
                    + "discloses: close the month and wait for it, or leave out --period to disclose all.")
            : await ProofQueries.LeafOfSequenceAsync(
                connection, company, newest.Event.Sequence, cancellation) is not [var leaf]
            ? throw NotYet(company, period)
            : new BundleScope(NumberOf(newest.Body.Size), leaf.Position);
    }

    public static SetUpException NotYet(string company, string period) => new(
        $"The audit log of '{company}' has not come to the certificate of {period} yet: ask again a little later.");

    /// <param name="position">Of the leaf, from 1.</param>
    public bool Shows(long position, string type, ProvenEvent leaf) => position <= Size
        ? Types.Contains(type)

        // Certificates and deletions of salts are recorded behind what they are about.
        : type == SaltDeletion || type == Certified && leaf.Body is { ValueKind: JsonValueKind.Object } body
            && NumberOf(body.GetProperty("size").GetString()!) <= Size;

    private static long NumberOf(string digits) => long.Parse(digits, CultureInfo.InvariantCulture);
}
