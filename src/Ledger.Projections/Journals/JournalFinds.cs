using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ledger.Projections.Queries;

namespace Ledger.Projections.Journals;

/// <summary>Finds the entries that carry a reference, document number or counterparty, as long as they are
/// few.</summary>
internal static class JournalFinds
{
    /// <summary>The counterparty as its index holds it: the SHA-256 of its UTF-8 bytes. Text becomes bytes as they are
    /// when its backslashes are doubled.</summary>
    public const string CounterpartyHash = @"sha256(replace(e.counterparty, '\', '\\')::bytea)";

    /// <summary>Beyond this many, reading in the order asked for finds a page sooner.</summary>
    private const int FewMax = 10_000;

    /// <summary>So many events of one company are sooner read than the pages of all companies are searched.</summary>
    private const int WholeMax = 20_000;

    // The company as an expression is no key to the planner, so that it goes by the index of what is looked for.
    private const string Entries =
        "select e.position from ledger_read.journal_entry_{v} e where e.company || '' = $1 and ";

    private const string OfPersons = """
        select e.position from ledger_read.journal_entry_{v} e
        where e.company = $1 and e.counterparty_person = any ($2)
        """;

    public static byte[] HashOf(string counterparty) => SHA256.HashData(Encoding.UTF8.GetBytes(counterparty));

    /// <summary>
    /// The positions of the company's entries that fit what is looked for; null when nothing rare is, when they are
    /// many, or when the company has few.
    /// </summary>
    public static async Task<long[]?> FewAsync(Snapshot snapshot, JournalFilter filter)
    {
        var (sql, values) = filter switch
        {
            { Reference: { } reference } => (Entries + "e.reference = $2", (object[])[reference]),
            { Document: { } document } => (Entries + "e.document_number = $2", [document]),
            { Person: { } person } => (OfPersons, [(string[])[person]]),
            { Counterparty: { } name } => (
                $"({OfPersons}) union all ({Entries}{CounterpartyHash} = $3)",
                [filter.CounterpartyPersons ?? [], HashOf(name)]),
            _ => ("", []),
        };
        if (sql.Length == 0 || snapshot.Position <= WholeMax)
        {
            return null;
        }

        var limited = string.Create(
            CultureInfo.InvariantCulture, $"select f.position from ({sql}) f limit {FewMax + 1}");
        var positions = snapshot.Ask(limited, row => row.GetInt64(0), [snapshot.Company.Code, .. values]);
        await snapshot.SendAsync();
        return positions.Count > FewMax ? null : [.. positions];
    }
}
