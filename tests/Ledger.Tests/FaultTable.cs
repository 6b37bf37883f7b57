using Ledger.Domain;

namespace Ledger.Tests;

/// <summary>A row: the code that answers while this fault is there, and the repair of this one fault.</summary>
internal sealed record Fault<TCase>(string Code, Func<TCase, TCase> Repair);

/// <summary>
/// Pins the order of a decider's rules: a case with every fault is repaired fault by fault, and each time the next rule
/// of the table answers, until nothing is left to refuse.
/// </summary>
internal sealed class FaultTable<TCase>(TCase broken, Func<TCase, Refusal?> decide, params Fault<TCase>[] faults)
{
    public IEnumerable<string> Codes => faults.Select(fault => fault.Code);

    public TheoryData<int, string> Rows
    {
        get
        {
            var rows = new TheoryData<int, string>();
            for (var i = 0; i <= faults.Length; i++)
            {
                rows.Add(i, i < faults.Length ? faults[i].Code : "");
            }

            return rows;
        }
    }

    public void Check(int repaired, string code)
    {
        var repairedCase = faults.Take(repaired).Aggregate(broken, (before, fault) => fault.Repair(before));
        Assert.Equal(code, decide(repairedCase)?.Code ?? "");
    }
}
