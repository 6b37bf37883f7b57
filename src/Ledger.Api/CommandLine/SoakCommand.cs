using System.CommandLine;

namespace Ledger.Api.CommandLine;

/// <summary><c>soak</c> stands in the help; <c>./run soak</c> starts the long run of faults, a program beside this
/// one.</summary>
public static class SoakCommand
{
    public static Command Build()
    {
        var command = new Command(
            "soak", "Cause faults at random for --minutes N, and look whether anything was lost (from the sources)")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(new Func<ParseResult, int>(_ => throw new SetUpException(
            "The long run is no part of what is delivered: run ./run soak in a clone of the sources.")));
        return command;
    }
}
