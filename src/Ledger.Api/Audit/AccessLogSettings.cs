namespace Ledger.Api.Audit;

/// <summary>The settings below <c>AccessLog</c>.</summary>
/// <param name="Days">How long rows are kept.</param>
/// <param name="RowsPerSecond">Rows that this process writes in a second at most, whatever is sent to it.</param>
/// <param name="Addresses">Whether the remote address is noted: it is a datum of a person, so not by default.</param>
public sealed record AccessLogSettings(int Days, int RowsPerSecond, bool Addresses)
{
    /// <exception cref="SetUpException">A setting cannot be read, or is out of its bounds.</exception>
    public static AccessLogSettings Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        const string addresses = "AccessLog:Addresses";
        return new(
            WholeSetting.Read(configuration, "AccessLog:Days", 400, 1, 36_500),
            WholeSetting.Read(configuration, "AccessLog:RowsPerSecond", 1_000, 2, 100_000),
            configuration[addresses] switch
            {
                null or "" => false,
                var text when bool.TryParse(text, out var isOn) => isOn,
                var text => throw new SetUpException($"The setting {addresses} is '{text}': set true or false."),
            });
    }
}
