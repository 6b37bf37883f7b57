using System.CommandLine;
using System.Text;
using Ledger.Domain;
using Ledger.Domain.Companies;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Import;

/// <summary>The arguments of the command, and the options that they come to.</summary>
internal sealed class ImportArguments
{
    private readonly Argument<string> file = new("file")
    {
        Description = "CSV of 'hledger print -O csv', text of 'hledger print -x', or NDJSON; - is standard input",
    };

    private readonly Option<string> company = new("--company")
    {
        Description = "The company whose books it goes into", Required = true, HelpName = "id",
    };

    private readonly Option<string?> currency =
        Text("--currency", "code", "Registers a missing company, with this functional currency");

    private readonly Option<string?> country = Text("--country", "code", "Of a company that is registered");

    private readonly Option<string?> name = Text("--name", "text", "Of a company that is registered [default: its id]");

    private readonly Option<string?> timeZone =
        Text("--time-zone", "name", "Of a company that is registered [default: the country's]");

    private readonly Option<string?> fiscalYearStart =
        Text("--fiscal-year-start", "MM-dd", "Of a company that is registered [default: 01-01]");

    private readonly Option<string?> chart =
        Text("--chart", "file", "CSV of accounts: code, type and, if wanted, name, parent, currency");

    private readonly Option<string[]> type =
        Texts("--type", "account=type", "The type of an account and all below it, such as 'Activa=asset'");

    private readonly Option<string[]> commodity =
        Texts("--commodity", "symbol=unit", "What the file's commodity is, such as '$=CAD'");

    private readonly Option<string?> prices =
        Text("--prices", "file", "Market prices, as 'hledger prices' lists them");

    private readonly Option<string?> format =
        Text("--format", "name", "csv, journal or ndjson; by default the file tells");

    private readonly Option<string?> encoding =
        Text("--encoding", "name", "Of text that is not UTF-8, such as windows-1251");

    private readonly Option<string?> source =
        Text("--source", "name", "Remember what comes from here, under this name");

    private readonly Option<bool> reverseMissing =
        Flag("--reverse-missing", "Reverse what came from the source before and is missing now");

    private readonly Option<string?> reverseOn =
        Text("--reverse-on", "date", "The date of these reversals [default: each entry's]");

    private readonly Option<bool> atomic =
        Flag("--atomic", "Decide everything first, and record nothing if anything is refused");

    private readonly Option<bool> real = Flag("--real", "Leave virtual postings, those in brackets, out");

    public IEnumerable<Argument> Arguments => [file];

    public IEnumerable<Option> Options =>
    [
        company, currency, country, name, timeZone, fiscalYearStart, chart, type, commodity, prices, format, encoding,
        source, reverseMissing, reverseOn, atomic, real,
    ];

    public string FileOf(ParseResult parsed) => parsed.GetValue(file)!;

    /// <exception cref="InvalidDataException">One cannot be understood; the message says how it is written.</exception>
    public ImportOptions OptionsOf(ParseResult parsed)
    {
        var id = parsed.GetValue(company)!;
        if (!Ids.IsValid(id))
        {
            throw new InvalidDataException("--company takes 1–100 of A-Z a-z 0-9 . _ ~ -");
        }

        var units = new Commodities(
            Pairs(parsed, commodity).ToDictionary(pair => pair.Key, pair => UnitOf(pair.Value)));
        return new(id)
        {
            Format = FormatOf(parsed.GetValue(format)),
            Encoding = EncodingOf(parsed.GetValue(encoding)),
            NewCompany = NewCompanyOf(parsed, id),
            Source = SourceOf(parsed),
            ReverseMissing = parsed.GetValue(reverseMissing),
            ReverseOn = DateOf(parsed.GetValue(reverseOn)),
            Atomic = parsed.GetValue(atomic),
            RealOnly = parsed.GetValue(real),
            Commodities = units,
            Types = Pairs(parsed, type).ToDictionary(
                pair => AccountNames.ToCode(pair.Key, out var reason) ?? throw new InvalidDataException(reason),
                pair => ChartFile.TypeOf(pair.Value) ?? throw new InvalidDataException(
                    $"--type {pair.Key}={pair.Value}: a type is asset, liability, equity, income, expense or "
                    + "off-balance.")),
            Chart = ReadFile(parsed.GetValue(chart), ChartFile.Read) ?? ChartFile.Empty,
            Prices = ReadFile(parsed.GetValue(prices), text => PriceList.Read(text, units)),
        };
    }

    private static UnitCode UnitOf(string code) => UnitCode.IsValid(code)
        ? new UnitCode(code)
        : throw new InvalidDataException($"--commodity: '{code}' is no code of a unit, such as EUR.");

    private static ImportFormat? FormatOf(string? name) => name switch
    {
        null => null,
        "csv" => ImportFormat.Csv,
        "journal" => ImportFormat.Journal,
        "ndjson" => ImportFormat.Ndjson,
        _ => throw new InvalidDataException("--format is csv, journal or ndjson."),
    };

    private static LocalDate? DateOf(string? text) => text is null ? null
        : Dates.TryParse(text, out var day) ? day
        : throw new InvalidDataException("--reverse-on takes a date such as 2026-01-31.");

    private static Encoding EncodingOf(string? name)
    {
        if (name is null)
        {
            return Encoding.UTF8;
        }

        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        try
        {
            return Encoding.GetEncoding(name);
        }
        catch (Exception unknown) when (unknown is ArgumentException or NotSupportedException)
        {
            throw new InvalidDataException(
                $"--encoding {name} is not known: try windows-1251, windows-1252 or utf-16.", unknown);
        }
    }

    private static T? ReadFile<T>(string? path, Func<TextReader, T> read)
        where T : class
    {
        if (path is null)
        {
            return null;
        }

        try
        {
            using var text = new StreamReader(path);
            return read(text);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"'{path}' cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>What stands before and behind the last equals sign; of the same name twice, the last counts.</summary>
    private static Dictionary<string, string> Pairs(ParseResult parsed, Option<string[]> option)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in parsed.GetValue(option) ?? [])
        {
            var at = pair.LastIndexOf('=');
            if (at < 0)
            {
                throw new InvalidDataException($"{option.Name} {pair}: it is written {option.HelpName}.");
            }

            pairs[pair[..at]] = pair[(at + 1)..];
        }

        return pairs;
    }

    private static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    private static Option<string[]> Texts(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Arity = ArgumentArity.OneOrMore };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    private string? SourceOf(ParseResult parsed)
    {
        var named = parsed.GetValue(source);
        if (named is not null && (!Ids.IsValid(named) || named.Length > 40 || named.Contains('~')))
        {
            throw new InvalidDataException("--source takes 1–40 of A-Z a-z 0-9 . _ -");
        }

        return named is not null || !parsed.GetValue(reverseMissing)
            ? named
            : throw new InvalidDataException(
                "--reverse-missing needs --source: only what a source brought before can be missing.");
    }

    private CompanySettings? NewCompanyOf(ParseResult parsed, string id)
    {
        if (parsed.GetValue(currency) is not { } code)
        {
            return null;
        }

        var where = parsed.GetValue(country) ?? throw new InvalidDataException(
            "--currency needs --country, such as --country BG, to register a company.");
        AnnualDate? start = parsed.GetValue(fiscalYearStart) is not { } text ? null
            : AnnualDatePattern.Iso.Parse(text) is { Success: true, Value: var day } ? day
            : throw new InvalidDataException("--fiscal-year-start takes a day such as 04-01.");
        return new(parsed.GetValue(name) ?? id, new UnitCode(code), where, parsed.GetValue(timeZone), start);
    }
}
