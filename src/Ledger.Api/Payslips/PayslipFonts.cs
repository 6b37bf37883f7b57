using Ledger.Api.Pdf;

namespace Ledger.Api.Payslips;

/// <summary>The fonts of payslips, from the packages of the system: DejaVu Sans, else one that has the letters of all
/// three languages, too.</summary>
public sealed class PayslipFonts
{
    /// <summary>Regular and bold, the best first.</summary>
    private static readonly (string Name, string Regular, string Bold)[] Known =
    [
        ("DejaVuSans", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
        ("LiberationSans", "LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
        ("Arial", "arial.ttf", "arialbd.ttf"),
        ("Arial", "Arial.ttf", "Arial Bold.ttf"),
    ];

    private const string LettersOfAll = "AZaz09АЯабвщъьюя№ƏəĞğIıİiŞşÇçÖöÜü–„“";

    private static readonly Lazy<PayslipFonts?> OfSystem = new(() => Find(UsualFolders()));

    private PayslipFonts(TrueTypeFont regular, TrueTypeFont bold) => (Regular, Bold) = (regular, bold);

    public TrueTypeFont Regular { get; }

    public TrueTypeFont Bold { get; }

    /// <summary>Those of this system, which are looked for once.</summary>
    /// <exception cref="RequestException">There are none.</exception>
    public static PayslipFonts Require() => Require(OfSystem.Value);

    internal static PayslipFonts Require(PayslipFonts? found) => found ?? throw RequestProblems.Fail(
        RequestProblems.FontMissing,
        "The service finds no font for payslips. Have DejaVu Sans installed where it runs (Debian: apt-get install "
            + "fonts-dejavu-core; Fedora: dejavu-sans-fonts; Alpine: font-dejavu; Homebrew: font-dejavu) and the "
            + "service started again, or ask for application/json.");

    /// <summary>The file of this name in the usual folders of fonts; null where it is not there.</summary>
    internal static string? PathOf(string file) => FilesIn(UsualFolders()).GetValueOrDefault(file);

    /// <summary>Those in these folders, or below them; null where there are none.</summary>
    public static PayslipFonts? Find(IEnumerable<string> folders)
    {
        var files = FilesIn(folders);
        foreach (var (name, regular, bold) in Known)
        {
            if (files.TryGetValue(regular, out var file) && files.TryGetValue(bold, out var boldFile)
                && Read(name, file) is { } found && Read(name + "-Bold", boldFile) is { } foundBold)
            {
                return new(found, foundBold);
            }
        }

        return null;
    }

    private static Dictionary<string, string> FilesIn(IEnumerable<string> folders) => folders.Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.ttf", new EnumerationOptions
        {
            RecurseSubdirectories = true,
            MatchCasing = MatchCasing.CaseInsensitive,
        }))
        .GroupBy(file => Path.GetFileName(file), StringComparer.Ordinal)
        .ToDictionary(same => same.Key, same => same.Min(StringComparer.Ordinal)!, StringComparer.Ordinal);

    /// <summary>Null where the file cannot be read, or lacks letters.</summary>
    private static TrueTypeFont? Read(string name, string file)
    {
        try
        {
            var font = new TrueTypeFont(name, File.ReadAllBytes(file));
            return LettersOfAll.All(font.Has) ? font : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static IEnumerable<string> UsualFolders()
    {
        yield return "/usr/share/fonts";
        yield return "/usr/local/share/fonts";
        yield return "/Library/Fonts";
        yield return "/System/Library/Fonts";
        yield return Environment.GetFolderPath(Environment.SpecialFolder.Fonts);
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        foreach (var folder in (string[])[".fonts", ".local/share/fonts", "Library/Fonts"])
        {
            yield return Path.Combine(home, folder);
        }
    }
}
