using Ledger.EventStore.Audit;

namespace Ledger.Api.Witnesses;

/// <summary>A witness that the service shows the log over all logs to.</summary>
/// <param name="Url">The beginning of its addresses, with a slash at its end.</param>
/// <param name="Key">Of its cosignatures.</param>
/// <param name="Owner">Who runs it, in words.</param>
/// <param name="IsOutside">Whether that is somebody else than the operator of the ledger.</param>
public sealed record WitnessSettings(Uri Url, VerifierKey Key, string Owner, bool IsOutside)
{
    public const string Section = "Audit:Witnesses";

    /// <exception cref="SetUpException">A witness is not told whole.</exception>
    public static IReadOnlyList<WitnessSettings> Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        WitnessSettings[] all = [.. configuration.GetSection(Section).GetChildren().Select(ReadOne)];
        return all.GroupBy(witness => witness.Key.Name, StringComparer.Ordinal)
            .FirstOrDefault(group => group.Count() > 1) is { } twice
                ? throw new SetUpException($"{Section} names '{twice.Key}' twice: leave one.")
                : all;
    }

    private static WitnessSettings ReadOne(IConfigurationSection section)
    {
        var url = section["Url"] ?? "";
        if (!Uri.TryCreate(url.TrimEnd('/') + "/", UriKind.Absolute, out var address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new SetUpException($"{section.Path}:Url is '{url}': set an address such as https://witness.example.");
        }

        var key = VerifierKey.Parse(section["Key"] ?? "") is { Kind: SignatureKind.Cosignature } parsed ? parsed
            : throw new SetUpException(
                $"{section.Path}:Key is no key of a witness: set what './run witness' says at its start.");
        var owner = section["Owner"];
        return string.IsNullOrWhiteSpace(owner)
            ? throw new SetUpException($"{section.Path}:Owner is missing: set who runs the witness, in words.")
            : new(address, key, owner.Trim(), section.GetValue("Outside", false));
    }
}
