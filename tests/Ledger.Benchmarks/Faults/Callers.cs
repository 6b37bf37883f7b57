using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Ledger.Benchmarks.Faults;

/// <summary>
/// Callers of one or more services on one database: they post entries, batches and reversals, close months, ask, send
/// some things twice at once and others again, and note all that they are told.
/// </summary>
public sealed class Callers(IReadOnlyList<FaultyService> services, Told told, string name)
{
    /// <summary>In a month that nobody closes.</summary>
    private const string OpenDay = "2026-01-31";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private const int SettlingAtOnce = 16;
    private int number;

    /// <summary>Until the token says so; each request that is on its way then is waited for.</summary>
    public async Task RunAsync(int count, int seed, IReadOnlyList<Months> months, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(months);
        await Task.WhenAll(Enumerable.Range(0, count).Select(caller => Task.Run(
            async () =>
            {
                var random = new Random(HashCode.Combine(seed, caller));
                while (!stop.IsCancellationRequested)
                {
                    await ActAsync(random, months[random.Next(months.Count)]);
                    await Task.Delay(random.Next(4));
                }
            },
            CancellationToken.None)));
    }

    /// <summary>Closes one month after the other, each as often as it takes.</summary>
    /// <param name="months">Of one company.</param>
    /// <param name="every">How long it waits before each.</param>
    /// <param name="seed">Of the services that are asked.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="most">So many are closed.</param>
    public async Task CloseAsync(
        Months months, TimeSpan every, int seed, CancellationToken stop, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(months);
        var random = new Random(seed);
        while (most > 0 && !stop.IsCancellationRequested && months.Next is { } period)
        {
            await Task.Delay(every, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (await SendAsync(Any(random), Document.Closing(months.Company, period)))
            {
                months.Closed();
                most--;
            }
        }
    }

    /// <summary>Posts entries to that service until one is acknowledged.</summary>
    /// <exception cref="TimeoutException">None was, for long.</exception>
    public async Task ProbeAsync(FaultyService service, string company)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await SendAsync(service, Document.Entry(company, NextId(), OpenDay, 100)))
        {
            if (patience.IsCancellationRequested)
            {
                throw new TimeoutException("A service acknowledges nothing although the fault is over.");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>
    /// Sends again, to any service, what nobody knows the outcome of; then asks every service for balances that hold
    /// all that was acknowledged.
    /// </summary>
    public async Task SettleAsync(IEnumerable<string> companies, int seed)
    {
        ArgumentNullException.ThrowIfNull(companies);
        var random = new Random(seed);
        using var patience = new CancellationTokenSource(Patience);
        while (told.Unsettled is { Count: > 0 } unsettled && !patience.IsCancellationRequested)
        {
            await Parallel.ForEachAsync(
                unsettled.Select(document => (Document: document, Service: Any(random))).ToList(),
                new ParallelOptions { MaxDegreeOfParallelism = SettlingAtOnce },
                async (each, _) =>
                {
                    // The month was closed meanwhile: then it was not recorded before, or it would be a retry.
                    if (!await SendAsync(each.Service, each.Document, settles: true))
                    {
                        await Task.Delay(Pause, CancellationToken.None);
                    }
                });
        }

        // However long the sending took: thousands may be unknown after minutes of faults.
        using var asking = new CancellationTokenSource(Patience);
        foreach (var (service, company) in services.SelectMany(each => companies.Select(company => (each, company))))
        {
            await BalancesAsync(service, company, asking.Token);
        }
    }

    /// <summary>True when it was acknowledged.</summary>
    public async Task<bool> SendAsync(FaultyService service, Document document, bool settles = false)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(document);
        told.Sending(document);
        try
        {
            using var request = document.Request();
            using var answer = await service.Client.SendAsync(request);
            var done = told.Answered(
                document, (int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
            if (settles && answer.StatusCode == HttpStatusCode.UnprocessableEntity)
            {
                told.NotRecorded(document);
            }

            return done;
        }
        catch (Exception gone) when (IsLost(gone))
        {
            told.Lost(document);
            await Task.Delay(Pause);
            return false;
        }
    }

    private static bool IsLost(Exception e) =>
        e is HttpRequestException or IOException or SocketException or OperationCanceledException;

    private FaultyService Any(Random random) => services[random.Next(services.Count)];

    private string NextId() =>
        string.Create(CultureInfo.InvariantCulture, $"{name}-{Interlocked.Increment(ref number)}");

    private async Task ActAsync(Random random, Months months)
    {
        switch (random.Next(100))
        {
            case < 55:
                await SendAsync(Any(random), NewEntry(random, months));
                break;
            case < 65:
                await SendBatchAsync(
                    Any(random), [.. Enumerable.Range(0, random.Next(2, 20)).Select(_ => NewEntry(random, months))]);
                break;
            case < 75:
                // The same to two services, or twice to one, at the same time.
                var twice = NewEntry(random, months);
                await Task.WhenAll(SendAsync(Any(random), twice), SendAsync(Any(random), twice));
                break;
            case < 82 when told.Any(random) is { } entry:
                await SendAsync(Any(random), Document.Reversal(entry.Document, OpenDay));
                break;
            case < 88 when told.Any(random) is { } entry:
                await SendAsync(Any(random), entry.Document);
                break;
            default:
                await AskAsync(Any(random), random);
                break;
        }
    }

    private Document NewEntry(Random random, Months months) =>
        Document.Entry(months.Company, NextId(), months.AnyDay(random), random.Next(1, 100_000));

    private async Task SendBatchAsync(FaultyService service, Document[] documents)
    {
        Array.ForEach(documents, told.Sending);
        var answered = 0;
        try
        {
            using var content = new StringContent(
                string.Concat(documents.Select(each => each.BatchLine + "\n")), Encoding.UTF8, "application/x-ndjson");
            using var request = new HttpRequestMessage(
                HttpMethod.Post,
                new Uri($"/companies/{documents[0].Company}/journal-entries:batch", UriKind.Relative))
            { Content = content };
            using var answer = await service.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                // One problem for all of them.
                var problem = await answer.Content.ReadAsStringAsync();
                while (answered < documents.Length)
                {
                    told.Answered(documents[answered++], (int)answer.StatusCode, problem);
                }
            }

            using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
            while (answered < documents.Length)
            {
                // A connection that is lost throws: what ends like this is whole.
                if (await lines.ReadLineAsync() is not { } line)
                {
                    told.Find($"A batch of {documents.Length} was answered with {answered} results.");
                    break;
                }

                told.AnsweredInBatch(documents[answered++], line);
            }
        }
        catch (Exception gone) when (IsLost(gone))
        {
            await Task.Delay(Pause);
        }

        Array.ForEach(documents[answered..], told.Lost);
    }

    /// <summary>What was acknowledged can be read, or the service says that it cannot answer now.</summary>
    private async Task AskAsync(FaultyService service, Random random)
    {
        if (told.Any(random) is not { } entry)
        {
            return;
        }

        var path = random.Next(2) == 0
            ? entry.Document.Path
            : $"/companies/{entry.Document.Company}/balances?asOf=2026-12-31";
        path += (path.Contains('?', StringComparison.Ordinal) ? "&" : "?")
            + string.Create(CultureInfo.InvariantCulture, $"atLeast={entry.Sequence}");
        try
        {
            using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative));
            told.Read(path, (int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (Exception gone) when (IsLost(gone))
        {
            told.ReadLost();
        }
    }

    private async Task BalancesAsync(FaultyService service, string company, CancellationToken patience)
    {
        var path = string.Create(
            CultureInfo.InvariantCulture, $"/companies/{company}/balances?asOf=2026-12-31&atLeast={told.Head}");
        while (!patience.IsCancellationRequested)
        {
            try
            {
                using var answer = await service.Client.GetAsync(new Uri(path, UriKind.Relative), patience);
                var text = await answer.Content.ReadAsStringAsync(patience);
                told.Read(path, (int)answer.StatusCode, text);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    told.Balanced(path, company, text);
                    return;
                }
            }
            catch (Exception gone) when (IsLost(gone))
            {
                told.ReadLost();
            }

            await Task.Delay(Pause, CancellationToken.None);
        }

        told.Find($"{path} was never answered.");
    }
}
