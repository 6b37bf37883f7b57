using System.Globalization;

namespace Ledger.Api.Journals;

internal static class BooksFollowing
{
    /// <summary>Waits until the tables of the books have all that is recorded now.</summary>
    /// <exception cref="SetUpException">They do not follow.</exception>
    public static async Task CatchUpAsync(LedgerHost host, Action<string> say, CancellationToken cancellation)
    {
        var head = await host.Store.HeadAsync(cancellation);
        while (!await host.Books.WaitForAsync(head, TimeSpan.FromSeconds(5), cancellation))
        {
            if (host.Books.Status.Stopped is { } stopped)
            {
                throw new SetUpException($"The tables of the books do not follow: {stopped}");
            }

            var behind = (head - host.Books.Status.Sequence).ToString("N0", CultureInfo.InvariantCulture);
            say($"Waiting for the tables of the books: {behind} events to go …");
        }
    }
}
