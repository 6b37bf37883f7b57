using System.Text;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using NodaTime;

namespace Ledger.Api.Import;

/// <summary>The shape of a file.</summary>
internal enum ImportFormat
{
    /// <summary>CSV as <c>hledger print -O csv</c> writes it.</summary>
    Csv,

    /// <summary>Entries as JSON objects, one a line.</summary>
    Ndjson,

    /// <summary>Text as <c>hledger print -x</c> writes it.</summary>
    Journal,
}

/// <summary>What an import is asked for.</summary>
internal sealed record ImportOptions(string Company)
{
    /// <summary>By default the first character of the file tells.</summary>
    public ImportFormat? Format { get; init; }

    /// <summary>Of CSV and journals.</summary>
    public Encoding Encoding { get; init; } = Encoding.UTF8;

    /// <summary>Registers the company if it does not exist; null refuses then.</summary>
    public CompanySettings? NewCompany { get; init; }

    /// <summary>The name under which imports are remembered; null forgets them.</summary>
    public string? Source { get; init; }

    /// <summary>Reverses entries of the source that came before and are missing now.</summary>
    public bool ReverseMissing { get; init; }

    /// <summary>The date of these reversals; by default each entry's own.</summary>
    public LocalDate? ReverseOn { get; init; }

    /// <summary>Decides everything first, and records nothing if anything is refused.</summary>
    public bool Atomic { get; init; }

    /// <summary>Leaves virtual postings out.</summary>
    public bool RealOnly { get; init; }

    /// <summary>Units by what the file calls them.</summary>
    public Commodities Commodities { get; init; } = new(new Dictionary<string, UnitCode>());

    /// <summary>Types of accounts and everything below them.</summary>
    public IReadOnlyDictionary<AccountCode, AccountType> Types { get; init; } =
        new Dictionary<AccountCode, AccountType>();

    public ChartFile Chart { get; init; } = ChartFile.Empty;

    public PriceList? Prices { get; init; }
}
