using System.Globalization;

namespace Ledger.Api;

/// <summary>Settings that are whole numbers.</summary>
internal static class WholeSetting
{
    /// <exception cref="SetUpException">It is set, and no whole number within these bounds.</exception>
    public static int Read(IConfiguration configuration, string name, int byDefault, int least, int most) =>
        configuration[name] is not { Length: > 0 } text ? byDefault
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number
        : throw new SetUpException(
            $"The setting {name} is '{text}': set a whole number from {least} to {most}, or leave it out for "
            + $"{byDefault}.");
}
