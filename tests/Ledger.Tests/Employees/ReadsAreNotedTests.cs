using Ledger.Api.Audit;
using Ledger.Domain.Keys;
using Ledger.Tests.Http;
using Ledger.Tests.Keys;
using Ledger.Tests.PayRuns;
using Ledger.Tests.People;
using Microsoft.Extensions.DependencyInjection;
using static Ledger.Tests.Http.Step;
using static Ledger.Tests.PayRuns.PayRunSteps;

namespace Ledger.Tests.Employees;

/// <summary>Whoever reads what is recorded of employees stands in the log of accesses, names or no names.</summary>
public sealed class ReadsAreNotedTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly Permission[] OfEmployees =
    [
        Permission.ReadPeople, Permission.ReadPayRuns, Permission.ReadPayments, Permission.ExportPersonalData,
    ];

    /// <summary>Reads that tell of nobody, and why.</summary>
    private static readonly Dictionary<string, string> OfNobody = new(StringComparer.Ordinal)
    {
        ["getHeadCount"] = "counts", ["getStaffTurnover"] = "counts",
        ["getPayGroup"] = "settings", ["listPayGroups"] = "settings",
        ["getPayRunJournal"] = "sums by account",
        ["listPayRuns"] = "how far runs are", ["getPayRun"] = "how far it is, and how many it pays",
    };

    /// <summary>All others, by the id of the operation.</summary>
    private static readonly Dictionary<string, string> Paths = new(StringComparer.Ordinal)
    {
        ["exportPersonalData"] = "/people/p-17/data-export",
        ["listEmployees"] = "/employees",
        ["getEmployee"] = "/employees/p-17",
        ["listEmployeeHistory"] = "/employees/p-17/history",
        ["listTimeEntries"] = "/employees/p-17/time-entries?from=2026-01-01&to=2026-01-31",
        ["listHours"] = "/employees/p-17/hours?from=2026-01-01&to=2026-01-31",
    };

    [Fact]
    public async Task Every_read_of_what_is_recorded_of_employees_is_noted_for_those_who_see_no_names_too()
    {
        var (shop, keys) = await PaidAsync();
        var approver = await keys.IssueAsync("approver", Role.Approver, "boris");
        var actor = await ActorAsync(keys, approver);
        var reads = EveryOperation.Of(host)
            .Where(each => each.Method == "GET" && each.Permission is { } needed && OfEmployees.Contains(needed))
            .ToList();
        Assert.Empty(OfNobody.Keys.Concat(Paths.Keys).Except(reads.Select(each => each.Id)));

        var missed = new List<string>();
        foreach (var read in reads.Where(each => !OfNobody.ContainsKey(each.Id)))
        {
            var path = Paths.GetValueOrDefault(read.Id) ?? read.Pattern["/companies/{company}".Length..]
                .Replace("{employee}", "p-17", StringComparison.Ordinal)
                .Replace("{run}", "2026-01", StringComparison.Ordinal)
                .Replace("{line}", "1", StringComparison.Ordinal);
            var isOwners = read.Permission == Permission.ExportPersonalData;
            (isOwners ? await shop.SendAsync(Get(path)) : await keys.SendAsync(approver, Get(path))).Is(200);
            if (!(await NotedAsync(shop, isOwners ? null : actor)).Contains(read.Pattern))
            {
                missed.Add(read.Id);
            }
        }

        Assert.Empty(missed);
    }

    [Fact]
    public async Task A_page_of_somebodys_history_that_holds_no_name_is_noted_as_any_other()
    {
        var (shop, keys) = await PaidAsync();
        var first = (await shop.SendAsync(Get("/employees/p-17/history?limit=1"))).Is(200).Json;
        foreach (var role in (Role[])[Role.Auditor, Role.Approver])
        {
            var key = await keys.IssueAsync($"of-{role}", role, $"holder-{role}");
            var page = (await keys.SendAsync(
                key, Get($"/employees/p-17/history?limit=1&cursor={first.GetProperty("next").GetString()}"))).Is(200);
            Assert.Contains("contract_recorded", page.Body, StringComparison.Ordinal);

            Assert.Contains(
                "/companies/{company}/employees/{employee}/history",
                await NotedAsync(shop, await ActorAsync(keys, key)));
        }
    }

    private async Task<(Scenario Shop, CompanyKeys Keys)> PaidAsync()
    {
        var shop = host.Given(PaidShop);
        await shop.PrepareAsync();
        await shop.PostedAsync(Run("2026-01"));
        (await shop.SendAsync(Put("/four-eyes", """{"exempt": ["changeKey"]}"""))).Is(201);
        await host.CatchUpAsync();
        await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        return (shop, new(host, shop.Company));
    }

    private static async Task<string?> ActorAsync(CompanyKeys keys, string key) =>
        (await keys.SendAsync(key, Get("/me"))).Is(200).Json.GetProperty("actor").GetString();

    /// <summary>The routes by which personal data was read by the actor, or by anybody.</summary>
    private async Task<IEnumerable<string?>> NotedAsync(Scenario shop, string? actor)
    {
        await host.App.Services.GetRequiredService<AccessLog>().FlushAsync();
        var by = actor is null ? "" : $"&actor={Uri.EscapeDataString(actor)}";
        return (await shop.SendAsync(Get($"/access-log?code={AccessLog.PersonalDataRead}&limit=1000{by}"))).Is(200)
            .Json.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("route").GetString());
    }
}
