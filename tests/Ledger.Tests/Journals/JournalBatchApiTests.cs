using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Journals;

public sealed class JournalBatchApiTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Batch = "/journal-entries:batch";
    private const string Atomic = "/journal-entries:batch?atomic=true";

    [Fact]
    public async Task Each_entry_of_a_batch_stands_alone_and_the_results_are_in_order()
    {
        var books = host.Given([.. CompanyWithChart, JanuaryClosed]);

        var answer = await books
            .When(Lines(Batch, Entry("e1"), Entry("e2", "2026-01-31"), "{}", Entry("e1"), Entry("e1", amount: "13.00"),
                Entry("e3")))
            .Then(200, "journal_entry_posted", "journal_entry_posted");

        Assert.Equal("application/x-ndjson", answer.Header("Content-Type"));
        Assert.Equal(
            [
                (1, "e1", 201, null), (2, "e2", 422, "period-closed"), (3, null, 400, "field-missing"),
                (4, "e1", 200, null), (5, "e1", 409, "journal-entry-exists"), (6, "e3", 201, null),
            ],
            Results(answer));
    }

    [Fact]
    public async Task A_json_list_is_answered_by_a_json_list()
    {
        var answer = await host.Given(CompanyWithChart)
            .When(Post(Batch, $"[{Entry("e1")},{Entry("e2")}]"))
            .Then(200, "journal_entry_posted", "journal_entry_posted");

        Assert.Equal("application/json", answer.Header("Content-Type"));
        Assert.Equal(
            [(0, "e1", 201), (1, "e2", 201)],
            answer.Json.EnumerateArray().Select(result => (
                result.GetProperty("index").GetInt32(),
                result.GetProperty("id").GetString()!,
                result.GetProperty("status").GetInt32())));
        Assert.Equal("[]", (await host.Given(CompanyWithChart).When(Post(Batch, "[]")).Then(200)).Body);
    }

    [Fact]
    public async Task A_later_entry_may_correct_an_earlier_one_of_the_same_batch()
    {
        var correction = Entry("e2", corrects: "e1");
        foreach (var path in new[] { Batch, Atomic })
        {
            await host.Given(CompanyWithChart)
                .When(Lines(path, Entry("e1"), correction))
                .Then(path == Batch ? 200 : 201, "journal_entry_posted", "journal_entry_posted");
        }
    }

    [Theory]
    [InlineData(Batch)]
    [InlineData(Atomic)]
    public async Task A_correction_may_be_corrected_in_the_same_batch_but_not_before_it_is_there(string path)
    {
        var (first, second) = (Entry("e2", corrects: "e1"), Entry("e3", corrects: "e2"));

        await host.Given(CompanyWithChart)
            .When(Lines(path, Entry("e1"), first, second))
            .Then(path == Batch ? 200 : 201, [.. Enumerable.Repeat("journal_entry_posted", 3)]);

        if (path == Batch)
        {
            var answer = await host.Given(CompanyWithChart)
                .When(Lines(path, Entry("e1"), second, first))
                .Then(200, "journal_entry_posted", "journal_entry_posted");
            Assert.Equal(
                [(1, "e1", 201, null), (2, "e3", 422, "corrected-entry-unknown"), (3, "e2", 201, null)],
                Results(answer));
        }
        else
        {
            await host.Given(CompanyWithChart)
                .When(Lines(path, Entry("e1"), second, first))
                .ThenProblem(422, "batch-refused");
        }
    }

    [Fact]
    public async Task An_atomic_batch_is_recorded_as_a_whole_and_again_is_answered_the_same()
    {
        var books = host.Given(CompanyWithChart);
        var batch = Lines(Atomic, Entry("e1"), Entry("e2", reverseOn: "2026-03-01"), Entry("e1"));

        var first = await books.When(batch).Then(
            201, "journal_entry_posted", "journal_entry_posted", "journal_entry_reversed", "journal_entry_posted");
        var again = (await books.SendAsync(batch)).Is(200);

        Assert.Equal([(1, "e1", 201, null), (2, "e2", 201, null), (3, "e1", 201, null)], Results(first));
        Assert.Equal([(1, "e1", 200, null), (2, "e2", 200, null), (3, "e1", 200, null)], Results(again));
        Assert.Equal(first.Body.Replace("201", "200", StringComparison.Ordinal), again.Body);
        Assert.Equal(first.Header("Ledger-Sequence"), again.Header("Ledger-Sequence"));
        var alone = (await books.SendAsync(Put("/journal-entries/e2", Entry(null, reverseOn: "2026-03-01")))).Is(200);
        Assert.Equal(
            Line(first, 1).GetProperty("sequence").GetInt64(), alone.Json.GetProperty("sequence").GetInt64());
    }

    [Fact]
    public async Task An_atomic_batch_with_one_refused_entry_records_nothing()
    {
        var answer = await host.Given([.. CompanyWithChart, JanuaryClosed])
            .When(Lines(Atomic, Entry("e1"), Entry("e2", "2026-01-31"), Entry("e3")))
            .ThenProblem(422, "batch-refused");

        var result = answer.Json.GetProperty("results").EnumerateArray().Single();
        Assert.Equal(2, result.GetProperty("line").GetInt32());
        Assert.Equal("e2", result.GetProperty("id").GetString());
        Assert.Equal("period-closed", result.GetProperty("code").GetString());
    }

    [Fact]
    public async Task An_atomic_batch_holds_at_most_a_thousand_entries()
    {
        var books = host.Given(CompanyWithChart);
        var entries = Enumerable.Range(0, 1_001).Select(i => Entry($"e{i}")).ToArray();

        await books.When(Lines(Atomic, entries)).ThenProblem(413, "batch-too-large");
        (await books.SendAsync(Lines(Atomic, entries[..1_000]))).Is(201);
        Assert.Equal(1_000, (await books.EventsAsync()).Count(type => type == "journal_entry_posted"));
    }

    [Fact]
    public async Task An_atomic_batch_is_at_most_eight_mebibytes() =>
        await host.Given(CompanyWithChart)
            .When(Lines(Atomic, [.. Enumerable.Repeat($"{{\"description\":\"{new string('x', 1 << 20)}\"}}", 20)]))
            .ThenProblem(413, "body-too-large");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_same_batch_twice_at_the_same_moment_is_recorded_once(bool isAtomic)
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        var batch = Lines(isAtomic ? Atomic : Batch, [.. Enumerable.Range(0, 500).Select(i => Entry($"e{i}"))]);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => books.SendAsync(batch)));

        Assert.Equal(500, (await books.EventsAsync()).Count(type => type == "journal_entry_posted"));
        var sequences = answers.Select(answer => answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64()).ToArray())
                .ToArray();
        Assert.All(sequences, each => Assert.Equal(sequences[0], each));
        Assert.Equal(500, answers.Sum(answer => Results(answer).Count(result => result.Status == 201)));
    }

    [Fact]
    public async Task A_caller_who_hangs_up_in_the_middle_leaves_whole_entries_only()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(host.Address.Host, host.Address.Port);
            var head = $"POST /companies/{books.Company}{Batch} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n"
                + $"Content-Type: application/x-ndjson\r\nAuthorization: Bearer {host.OwnerKeyText}\r\n\r\n";
            var body = string.Concat(Enumerable.Range(0, 100).Select(i => Entry($"e{i}") + "\n")) + Entry("last")[..50];
            await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(head + body));
            var first = new byte[1];
            await connection.GetStream().ReadExactlyAsync(first);
            connection.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        (await books.SendAsync(Sale("after"))).Is(201);
        var posted = (await books.RecordedAsync()).Where(e => e.Type == "journal_entry_posted").ToArray();
        Assert.DoesNotContain("journal-entry/last", posted.Select(e => e.Stream));
        Assert.Equal(posted.Select(e => e.Stream).Distinct(), posted.Select(e => e.Stream));
        Assert.InRange(posted.Length, 2, 101);
    }

    [Fact]
    public async Task A_caller_who_sends_everything_before_reading_is_answered()
    {
        var books = host.Given(CompanyWithChart);
        await books.PrepareAsync();
        var body = new StringBuilder();
        for (var i = 0; i < 60_000; i++)
        {
            body.Append("{\"id\":\"").Append(i).Append("\"}\n");
        }

        using var connection = new TcpClient { ReceiveBufferSize = 8192 };
        await connection.ConnectAsync(host.Address.Host, host.Address.Port);

        // HTTP/1.0 has no chunks, whose heads would stand in the middle of what is counted.
        await connection.GetStream().WriteAsync(Encoding.UTF8.GetBytes(
            $"POST /companies/{books.Company}{Batch} HTTP/1.0\r\nHost: x\r\n"
            + $"Content-Length: {body.Length}\r\nContent-Type: application/x-ndjson\r\n"
            + $"Authorization: Bearer {host.OwnerKeyText}\r\n\r\n{body}"));
        using var reader = new StreamReader(connection.GetStream());
        var answer = await reader.ReadToEndAsync();

        Assert.Equal(60_000, answer.Split("\"code\":\"field-missing\"").Length - 1);
    }

    private static Step Lines(string path, params string[] entries) =>
        Post(path, string.Join('\n', entries), ("Content-Type", "application/x-ndjson"));

    private static string Entry(
        string? id, string bookedOn = "2026-02-01", string amount = "12.00", string? corrects = null,
        string? reverseOn = null) =>
        string.Concat(
            "{",
            id is null ? "" : $"\"id\":\"{id}\",",
            corrects is null ? "" : $"\"corrects\":\"{corrects}\",",
            reverseOn is null ? "" : $"\"reverseOn\":\"{reverseOn}\",",
            SaleJson(bookedOn, amount).ReplaceLineEndings("").TrimStart('{'));

    private static JsonElement Line(ApiAnswer answer, int index) =>
        JsonDocument.Parse(answer.Body.Split('\n')[index]).RootElement;

    private static IReadOnlyList<(int Line, string? Id, int Status, string? Code)> Results(ApiAnswer answer) =>
    [
        .. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Select(result => (
                result.GetProperty("line").GetInt32(),
                result.TryGetProperty("id", out var id) ? id.GetString() : null,
                result.GetProperty("status").GetInt32(),
                result.TryGetProperty("code", out var code) ? code.GetString() : null)),
    ];
}
