using System.Text;
using Ledger.Tests.People;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Http;

/// <summary>While the database cannot record, requests wait up to a number of bytes, and more are sent away.</summary>
public sealed class QueueFullTests
{
    private const int RequestsMax = 64;

    /// <summary>So many may be with the writer, and no longer in the queue.</summary>
    private const int BatchMax = 4;

    [Fact]
    public async Task What_is_more_than_may_wait_is_told_to_come_back_and_what_waits_is_recorded()
    {
        await using var own = new OwnHost(await ApiHost.StartAsync());
        var books = own.Host.Given(CompanyWithChart);
        await books.PrepareAsync();
        await using var held = await own.Host.Ledger.Database.OpenConnectionAsync();
        await using var hold = new Npgsql.NpgsqlCommand("select pg_advisory_lock(7305804402566423141)", held);
        await hold.ExecuteNonQueryAsync();

        var sent = new List<Task<ApiAnswer>>();
        while (!sent.Exists(each => each.IsCompleted))
        {
            Assert.InRange(sent.Count, 0, RequestsMax);
            sent.Add(books.SendAsync(LargeEntry($"e{sent.Count}")));
            while (own.Host.Ledger.Store.Waiting < sent.Count - BatchMax && !sent.Exists(each => each.IsCompleted))
            {
                await Task.Delay(1);
            }
        }

        var early = (await sent.First(each => each.IsCompleted)).IsProblem(503, "queue-full");
        Assert.Equal("1", early.Header("Retry-After"));
        hold.CommandText = "select pg_advisory_unlock_all()";
        await hold.ExecuteNonQueryAsync();
        var answers = await Task.WhenAll(sent);
        var recorded = answers.Count(each => each.Status == 201);

        Assert.InRange(recorded, 1, sent.Count - 1);
        Assert.All(answers.Where(each => each.Status != 201), each => each.IsProblem(503, "queue-full"));
        Assert.Equal(
            recorded, (await books.RecordedAsync()).Count(each => each.Type == "journal_entry_posted"));
    }

    /// <summary>A thousand lines with memos of a thousand characters of three bytes each.</summary>
    private static Step LargeEntry(string id)
    {
        var memo = new string('€', 1_000);
        var lines = new StringBuilder();
        for (var line = 0; line < 1_000; line++)
        {
            lines.Append(line == 0 ? "" : ",")
                .Append($$"""{"account":"{{(line % 2 == 0 ? "100" : "400")}}","side":""")
                .Append($$"""{{(line % 2 == 0 ? "\"debit\"" : "\"credit\"")}},"amount":"1.00","memo":"{{memo}}"}""");
        }

        return Step.Put(
            $"/journal-entries/{id}", $$"""{"bookedOn":"2026-01-15","description":"Large","lines":[{{lines}}]}""");
    }
}
