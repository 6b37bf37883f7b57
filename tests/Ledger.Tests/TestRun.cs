using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: Xunit.TestFramework("Ledger.Tests.TestRun", "Ledger.Tests")]

// One more than the cores of a small machine: most tests wait for the database most of the time.
[assembly: Xunit.CollectionBehavior(MaxParallelThreads = 3)]

namespace Ledger.Tests;

/// <summary>
/// xunit's own framework, with one thing more: at the end of the run it leaves the shared server, which the last run to
/// leave stops.
/// </summary>
public sealed class TestRun(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName name, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkExecutor(name, sources, messages)
    {
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases,
            IMessageSink executionMessageSink,
            ITestFrameworkExecutionOptions executionOptions)
        {
            using var runner = new Runner(
                TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }
    }

    private sealed class Runner(
        ITestAssembly assembly,
        IEnumerable<IXunitTestCase> cases,
        IMessageSink messages,
        IMessageSink executionMessages,
        ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(assembly, cases, messages, executionMessages, options)
    {
        protected override Task BeforeTestAssemblyFinishedAsync() => TestDatabase.LeaveServerAsync();
    }
}
