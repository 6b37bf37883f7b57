namespace Ledger.Api.Limits;

/// <summary>
/// How much the service takes from a caller and how long it waits for one: the settings below <c>Limits</c>. The
/// defaults are far beyond what an honest caller does; they bound what a hostile one can make the service do.
/// </summary>
/// <param name="RequestsPerSecond">Of one key, on average; 0 sets no limit.</param>
/// <param name="FailedAuthenticationsPerSecond">Of one remote address, on average; 0 sets no limit.</param>
/// <param name="BurstSeconds">Of both: what may come at once is the rate times this.</param>
/// <param name="Connections">Open at once; one more is closed as soon as it is opened.</param>
/// <param name="Headers">Of a request, by number.</param>
/// <param name="HeaderBytes">Of all headers of a request together.</param>
/// <param name="RequestLineBytes">Method, path and query.</param>
/// <param name="HeaderSeconds">From the first byte of a request until its headers are complete.</param>
/// <param name="KeepAliveSeconds">How long a connection may be idle between requests.</param>
/// <param name="RequestBytesPerSecond">A body that comes more slowly is answered 408.</param>
/// <param name="ResponseBytesPerSecond">A caller who reads more slowly is dropped.</param>
/// <param name="GraceSeconds">How long the two rates may be missed.</param>
/// <param name="UnreadBytes">Results of a batch that wait for a caller who sends and does not read.</param>
/// <param name="UnreadSeconds">How long a caller may read nothing while that much waits.</param>
public sealed record EdgeLimits(
    int RequestsPerSecond,
    int FailedAuthenticationsPerSecond,
    int BurstSeconds,
    int Connections,
    int Headers,
    int HeaderBytes,
    int RequestLineBytes,
    int HeaderSeconds,
    int KeepAliveSeconds,
    int RequestBytesPerSecond,
    int ResponseBytesPerSecond,
    int GraceSeconds,
    int UnreadBytes,
    int UnreadSeconds)
{
    /// <exception cref="SetUpException">A setting is no whole number, or out of its bounds.</exception>
    public static EdgeLimits Read(IConfiguration configuration)
    {
        return new(
            Limit("RequestsPerSecond", 50_000, 0, 1_000_000),
            Limit("FailedAuthenticationsPerSecond", 1_000, 0, 1_000_000),
            Limit("BurstSeconds", 2, 1, 60),
            Limit("Connections", 10_000, 1, 1_000_000),
            Limit("Headers", 100, 10, 1_000),
            Limit("HeaderBytes", 32 * 1024, 1024, 1 << 20),
            Limit("RequestLineBytes", 16 * 1024, 1024, 1 << 20),
            Limit("HeaderSeconds", 30, 1, 3_600),
            Limit("KeepAliveSeconds", 130, 1, 86_400),
            Limit("RequestBytesPerSecond", 240, 1, 1 << 30),
            Limit("ResponseBytesPerSecond", 4_096, 1, 1 << 30),
            Limit("GraceSeconds", 5, 2, 3_600),
            Limit("UnreadBytes", 1 << 30, ResponseSpool.MemoryMax, int.MaxValue),
            Limit("UnreadSeconds", 60, 1, 3_600));

        int Limit(string name, int byDefault, int least, int most) =>
            WholeSetting.Read(configuration, $"Limits:{name}", byDefault, least, most);
    }
}
