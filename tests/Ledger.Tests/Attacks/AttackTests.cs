using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Ledger.Domain.Keys;
using Ledger.Tests.Employees;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.PayRuns;
using Xunit.Abstractions;
using static Ledger.Tests.Http.Steps;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.Attacks;

/// <summary>
/// Requests drawn at random from the description of the API, by callers without a right key, with the ledger owner's,
/// with keys of all roles in the company that they may change, and with one of the company that must be as before,
/// which pays somebody. Nobody is ever shown what is that company's own: they ask elsewhere, with its ids, cursors and
/// ETags. <c>ATTACK_REQUESTS</c> sets how many, <c>ATTACK_SEED</c> repeats a run.
/// </summary>
public sealed partial class AttackTests(ApiHost host, ITestOutputHelper output) : IClassFixture<ApiHost>
{
    private const int Senders = 8;
    private const string Employee = "nobodys-employee";

    /// <summary>Stands in the books of the foreign company only, and is whom it pays.</summary>
    private const string Private = "nobodys-business";

    /// <summary>What the server or the routing answers, before there is an operation.</summary>
    private static readonly string[] BeforeAnyOperation = ["path-unknown", "path-malformed", "method-not-allowed"];

    [Fact]
    public async Task Whatever_is_sent_is_answered_as_described_and_leaves_other_books_as_they_were()
    {
        var count = Number("ATTACK_REQUESTS") ?? 10_000;
        var seed = Number("ATTACK_SEED") ?? RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"ATTACK_SEED={seed} ATTACK_REQUESTS={count}");
        var (own, foreign) = (host.Given(CompanyWithChart), host.Given(
        [
            .. PaidShop, EmployeeSteps.Ana(Employee, Private), EmployeeSteps.Contract(Employee),
            EmployeeSteps.Salary(id: Employee), EmployeeSteps.Facts(id: Employee), EmployeeSteps.Account(id: Employee),
            Account("100", "Bank", "asset"), Account("400", "Sales", "income"), Sale("e1"), Sale("e2"),
        ]));
        await own.PrepareAsync();
        (await own.SendAsync(Step.Put("/chart/bg", "") with { Json = null })).Is(201);
        await foreign.PrepareAsync();
        var entry = SaleJson().Replace("Order", Private, StringComparison.Ordinal);
        (await foreign.SendAsync(Step.Put("/journal-entries/e3", entry))).Is(201);
        await foreign.CalculateAsync(Run("2026-01"));
        var callers = await CallersAsync(own, foreign);
        var texts = await TextsOf(foreign);
        var before = await BooksOf(foreign);
        var ofOwn = callers.Where(each => !each.MaySeeForeign).Select(each => each.Key).ToHashSet();
        var drawn = new AttackGenerator(seed, host.Document, own.Company, callers, texts);
        var attacks = Enumerable.Range(0, count).Select(drawn.Draw).ToArray();
        var faults = new ConcurrentQueue<string>();
        var answered = new ConcurrentDictionary<int, int>();
        var letIn = 0;
        using var client = new HttpClient();

        await Parallel.ForEachAsync(
            attacks, new ParallelOptions { MaxDegreeOfParallelism = Senders }, async (attack, _) =>
            {
                if (await SendAsync(client, attack) is not { } answer)
                {
                    if (!attack.IsOversized)
                    {
                        faults.Enqueue($"The connection is cut off.\n  {attack}");
                    }

                    return;
                }

                answered.AddOrUpdate(answer.Status, 1, (_, many) => many + 1);
                if (answer.Status is 200 or 201 && ofOwn.Contains(attack.Key))
                {
                    Interlocked.Increment(ref letIn);
                }

                foreach (var fault in FaultsOf(attack, answer))
                {
                    var body = answer.Body[..Math.Min(answer.Body.Length, 600)];
                    faults.Enqueue($"{fault}\n  {attack}\n  {answer.Status} {body}");
                }
            });

        output.WriteLine($"{letIn} {string.Join(", ", answered.OrderBy(each => each.Key))}");
        Assert.True(
            faults.IsEmpty, $"ATTACK_SEED={seed} ATTACK_REQUESTS={count}: {faults.Count} faults\n"
                + string.Join('\n', faults.Take(20)));
        Assert.Equal(before, await BooksOf(foreign));

        // It is no attack if all of it bounces off at the first door.
        Assert.True(
            new[] { 200, 201, 400, 401, 404, 405, 422 }.All(answered.ContainsKey)
                && letIn > count / 50,
            $"ATTACK_SEED={seed}: {letIn} {string.Join(", ", answered)}");
    }

    /// <summary>The ledger's owner, one of each role of the one company (whose owner may approve, too), and an owner of
    /// the other.</summary>
    private async Task<AttackCaller[]> CallersAsync(Scenario own, Scenario foreign)
    {
        var keys = new CompanyKeys(host, own.Company);
        var ofLedger = new AttackCaller(host.OwnerKeyText, MaySeeForeign: true);
        var others = new List<AttackCaller>();
        foreach (var role in Enum.GetValues<Role>().Where(role => role is not (Role.Owner or Role.Approver)))
        {
            others.Add(new(await keys.IssueAsync($"its-{role}", role, $"{role}"), false));
        }

        var owner = new AttackCaller(await keys.IssueAsync("its-owner", Role.Owner, "boss"), false);
        var neighbour = new AttackCaller(
            await new CompanyKeys(host, foreign.Company).IssueAsync("theirs", Role.Owner, "neighbour"), true);

        // Those who may do most are sent most.
        return [.. Enumerable.Repeat(ofLedger, 6), .. Enumerable.Repeat(owner, 6), .. others, neighbour, neighbour];
    }

    /// <summary>Null when the service closed the connection before the answer was complete.</summary>
    private async Task<ApiAnswer?> SendAsync(HttpClient client, Attack attack)
    {
        using var request = attack.Request(host.Address);
        try
        {
            using var response = await client.SendAsync(request);
            return await ApiAnswer.ReadAsync(response);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private IEnumerable<string> FaultsOf(Attack attack, ApiAnswer answer)
    {
        if (answer.Status >= 500 && !(answer.Body.Contains("\"projection-behind\"", StringComparison.Ordinal)))
        {
            yield return "It is answered by 5xx.";
        }

        if (Trace().IsMatch(answer.Body))
        {
            yield return "It shows a stack trace.";
        }

        if (answer.Body.Contains(Private, StringComparison.Ordinal))
        {
            yield return "It shows what is another company's.";
        }

        var byServer = answer.Body.Length == 0 && answer.Status is 400 or 414 or 431;
        var code = answer.Header("Content-Type") == "application/problem+json"
            ? answer.Json.GetProperty("code").GetString() : null;
        if (!byServer && !BeforeAnyOperation.Contains(code))
        {
            foreach (var fault in host.Document.Check(attack.Method, attack.Path, answer))
            {
                yield return fault;
            }
        }
    }

    private static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { } text
        ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Trial balance and events, word for word.</summary>
    private static async Task<(string TrialBalance, int Events)> BooksOf(Scenario books)
    {
        var balance = await books.SendAsync(Step.Get("/reports/trial-balance?from=2026-01-01&to=2026-12-31"));
        return (balance.Is(200).Body, (await books.RecordedAsync()).Count);
    }

    /// <summary>What belongs to a company, its own id first.</summary>
    private static async Task<string[]> TextsOf(Scenario books)
    {
        var change = (await books.SendAsync(
            EmployeeSteps.Account(EmployeeSteps.OtherIban, "2026-02-01", Employee))).Is(202);
        var events = await books.RecordedAsync();
        List<string> texts =
        [
            books.Company, "e3", "journal-entry/e3", "\"1\"", "\"2\"", Employee, $"employee/{Employee}",
            $"payslip/2026-01/{Employee}", change.Json.GetProperty("approval").GetString()!,
            .. events.Where(each => each.Stream is "journal-entry/e3" or $"employee/{Employee}")
                .Select(each => each.Id.ToString("D")),
        ];
        foreach (var list in new[] { "/journal-entries", "/events", "/accounts", "/employees" })
        {
            var page = (await books.SendAsync(Step.Get($"{list}?limit=1"))).Is(200);
            texts.Add(page.Json.GetProperty("next").GetString()!);
        }

        return [.. texts];
    }

    [GeneratedRegex(
        @"\bat (Ledger|Npgsql|System|Microsoft)\.|\.cs:line|Exception:", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Trace();
}
