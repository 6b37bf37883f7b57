using Ledger.Domain.Journals;
using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>One thing that the shop's people and programs ask of the ledger.</summary>
internal abstract record DemoStep
{
    private DemoStep()
    {
    }

    internal sealed record Post(PostJournalEntry Entry) : DemoStep;

    internal sealed record Reverse(ReverseJournalEntry Reversal) : DemoStep;

    /// <param name="Times">The month was closed this often when this is done.</param>
    internal sealed record Close(YearMonth Month, int Times) : DemoStep;

    internal sealed record Reopen(YearMonth Month, string Reason) : DemoStep;
}
