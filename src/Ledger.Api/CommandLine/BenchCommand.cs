using System.CommandLine;

namespace Ledger.Api.CommandLine;

/// <summary><c>bench</c> stands in the help; <c>./run bench</c> starts the benchmarks, a program beside this
/// one.</summary>
public static class BenchCommand
{
    public static Command Build()
    {
        var command = new Command(
            "bench",
            "Measure, each figure beside its peer of the same run (from the sources): ./run bench [catch-up audit "
                + "queries appends http import payroll pay-runs] [--quick] [--write FILE]. None of the options below.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(new Func<ParseResult, int>(_ => throw new SetUpException(
            "The benchmarks are no part of what is delivered: run ./run bench in a clone of the sources.")));
        return command;
    }
}
