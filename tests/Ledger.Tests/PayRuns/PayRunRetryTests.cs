using Ledger.Tests.Http;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.PayRuns;

/// <summary>Whatever is sent again, in whatever order, and by however many at once: nobody is paid twice.</summary>
public sealed class PayRunRetryTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const int Callers = 6;
    private const int StepsOfCaller = 40;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_is_sent_again_by_many_at_once_nobody_is_paid_twice(int seed)
    {
        var shop = host.Given([.. PaidShop, .. Hired("e2", "3000.00")]);
        await shop.PrepareAsync();
        (await shop.SendAsync(Opening("2026-01"))).Is(202);
        await Task.WhenAll(Enumerable.Range(1, Callers).Select(caller => WalkAsync(shop, (seed * 100) + caller)));

        foreach (var run in new[] { "2026-01", "late" })
        {
            await FinishAsync(shop, run);
        }

        // The month of two people, once: 1,500 and 3,000 gross.
        var once = host.Given([.. PaidShop, .. Hired("e2", "3000.00")]);
        await once.PrepareAsync();
        await FinishAsync(once, "2026-01");
        Assert.Equal(await once.BalancesAsync(), await shop.BalancesAsync());
        Assert.Contains("netPay 0.00", await shop.BalancesAsync(), StringComparison.Ordinal);
        Assert.Empty((await shop.SendAsync(Get("/employees/e2/arrears"))).Is(200).Json.GetProperty("rows")
            .EnumerateArray());
    }

    private static Step Calculation(string run) => new(HttpMethod.Post, $"/pay-runs/{run}/calculation", null);

    private static Step Payment(string run) => Post($"/pay-runs/{run}/payment", PaymentOrder);

    private static Step Confirmation(string run, int file) => Post(
        $"/pay-runs/{run}/payment-confirmation", $$"""{"file": {{file}}, "bookedOn": "2026-02-05"}""");

    private static Step Opening(string run) => run == "late" ? Run("2026-01", "supplementary", run) : Run("2026-01");

    /// <summary>Sends one thing after another by chance. Whatever it is, it is done or refused, or
    /// others were quicker each time.</summary>
    private static async Task WalkAsync(Scenario shop, int seed)
    {
        var chance = new Random(seed);
        for (var step = 0; step < StepsOfCaller; step++)
        {
            var run = chance.Next(4) == 0 ? "late" : "2026-01";
            var answer = await shop.SendAsync(chance.Next(8) switch
            {
                0 => Opening(run),
                1 => Run("2026-01", id: "twin"),
                2 => Calculation(run),
                3 => Approval(await shop.SendAsync(Get($"/pay-runs/{run}")), run),
                4 => Posting(run),
                5 => Payment(run),
                6 => Confirmation(run, chance.Next(1, 3)),
                _ => Post(
                    $"/pay-runs/{run}/payment-return",
                    """{"file": 1, "employees": ["e2"], "bookedOn": "2026-02-06", "reason": "AC04"}"""),
            });
            Assert.True(answer.Status < 500 || answer.Body.Contains("\"busy\"", StringComparison.Ordinal), answer.Body);
        }
    }

    private static Step Approval(ApiAnswer shown, string run) => Post(
        $"/pay-runs/{run}/approval",
        $$"""{"sha256": "{{Text(shown, "sha256") ?? new string('0', 64)}}"}""");

    private static string? Text(ApiAnswer answer, string name) =>
        answer.Status == 200 ? answer.Json.GetProperty(name).GetString() : null;

    /// <summary>Brings a run to its end, from wherever it is: whatever is done already may be sent again.</summary>
    private static async Task FinishAsync(Scenario shop, string run)
    {
        (await shop.SendAsync(Opening(run))).IsOneOf(200, 202);
        while (Text(await shop.SendAsync(Get($"/pay-runs/{run}")), "status") is var status and not "paid")
        {
            if (status is "opened" or "calculating" or "calculated" or "approved")
            {
                (await shop.SendAsync(Calculation(run))).IsOneOf(200, 202);
                var calculated = await shop.CalculatedAsync(run);
                if (calculated.Json.GetProperty("count").GetInt32() == 0)
                {
                    return;
                }

                (await shop.SendAsync(PayRunSteps.Approval(calculated))).IsOneOf(200, 201);
                (await shop.SendAsync(Posting(run))).IsOneOf(200, 201);
            }

            await PayAsync(shop, run);
        }

        await PayAsync(shop, run);
    }

    private static async Task PayAsync(Scenario shop, string run)
    {
        (await shop.SendAsync(Payment(run))).IsOneOf(200, 201, 422);
        var files = (await shop.SendAsync(Get($"/pay-runs/{run}"))).Is(200).Json.GetProperty("files").GetArrayLength();
        for (var file = 1; file <= files; file++)
        {
            (await shop.SendAsync(Confirmation(run, file))).IsOneOf(200, 201);
        }
    }
}
