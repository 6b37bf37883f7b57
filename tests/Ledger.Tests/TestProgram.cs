using System.Diagnostics;
using Ledger.Tests.EventStore;

namespace Ledger.Tests;

/// <summary>What this assembly does when a test starts it as a process of its own.</summary>
public static class TestProgram
{
    public static async Task<int> Main(string[] args)
    {
        switch (args)
        {
            case ["append", var connection, var company, var requests]:
                await AppendingProcess.RunAsync(connection, company, int.Parse(requests));
                return 0;
            default:
                await Console.Error.WriteLineAsync("This is run by the tests.");
                return 2;
        }
    }

    /// <summary>Starts this assembly with those arguments.</summary>
    public static Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("exec");
        start.ArgumentList.Add(typeof(TestProgram).Assembly.Location);
        Array.ForEach(args, start.ArgumentList.Add);
        return Process.Start(start)!;
    }
}
