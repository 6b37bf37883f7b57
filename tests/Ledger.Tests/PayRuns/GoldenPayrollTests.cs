using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ledger.Domain.Employees;
using Ledger.Domain.PayGroups;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using Ledger.Tests.Golden;

namespace Ledger.Tests.PayRuns;

/// <summary>
/// Payrolls as data: what was recorded of somebody, run by run, and the complete payslips with a sentence for each
/// line. A file says why its figures are right. Payslips of an engine version are never changed: those of before leave
/// stood on them stay without it.
/// </summary>
public sealed class GoldenPayrollTests
{
    private const string Folder = "tests/Ledger.Tests/PayRuns/Golden";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static TheoryData<string> Files =>
        [.. new DirectoryInfo(Path.Combine(GoldenFile.Root, Folder)).GetFiles("*.json").Select(file => file.Name)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_payroll_comes_out_as_its_file_says(string file)
    {
        var path = $"{Folder}/{file}";
        var payroll = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenFile.Root, path)))!;
        Assert.NotEmpty(payroll["because"]!.GetValue<string>());
        var group = payroll["payGroup"].Deserialize<PayGroupDetails>(EventJson.Options)!;
        var payee = new Payee(group.Pack) { Group = group };
        var maker = new PayslipMaker();
        foreach (var step in payroll["steps"]!.AsArray())
        {
            if (step!["record"] is JsonObject recorded)
            {
                var (name, data) = recorded.Single();
                payee.Record((EmployeeEvent)EventCatalog.Ledger.Read(name, JsonSerializer.SerializeToUtf8Bytes(data)));
                continue;
            }

            var period = step["run"]!.GetValue<string>();
            var kind = step["supplementary"]?.GetValue<bool>() == true ? PayRunKind.Supplementary : PayRunKind.Regular;
            var payDate = step["payDate"]?.GetValue<string>();
            var because = new List<string>();
            Assert.Null(maker.Make(payee.Request(period, kind, payDate), because, out var explained));
            var slip = payee.Run(period, kind, payDate);
            Assert.Equal(slip, explained);
            var stored = step["payslip"].Deserialize<Payslip>(EventJson.Options);
            slip = slip?.Reproduces(stored) == true ? stored : slip;
            step["net"] = slip is null ? null : FormattableString.Invariant($"{slip.Net():0.00}");
            step["payslip"] = JsonSerializer.SerializeToNode(slip, EventJson.Options);
            step["why"] = new JsonArray([.. because.Select(each => (JsonNode)each)]);
        }

        GoldenFile.Matches(path, payroll.ToJsonString(Indented) + "\n");
    }
}
