using Ledger.Domain.Accounts;
using Ledger.EventStore;

namespace Ledger.Api.Accounts;

/// <summary>On which streams commands of accounts are decided, and what they write.</summary>
public static class AccountWrites
{
    public static async ValueTask<Verdict<Written>> PutAsync(PutAccount command, Reading reading, PostingFacts facts)
    {
        ArgumentNullException.ThrowIfNull(command);
        var company = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var chart = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
        var account = chart.State.Find(command.Code);
        var hasPostings = account is not null && MayNeedNoPostings(command.Account, account.Details)
            && await facts.HasPostingsAsync(reading, command.Code);
        var decision = AccountDecider.Decide(command, chart.State, company.State, hasPostings);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        return decision.Events.Count == 0
            ? Verdict.Nothing(
                new Written(account!.Version, await facts.PlaceAsync(reading, Streams.Chart, account.Version)))
            : Verdict.Append(new Written(chart.Version + 1), (Streams.Chart, decision.Events));
    }

    public static async ValueTask<Verdict<Written>> ApplyTemplateAsync(ApplyChartTemplate command, Reading reading)
    {
        var company = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
        var chart = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
        var decision = AccountDecider.Decide(command, chart.State, company.State);
        if (decision.Refusal is { } refusal)
        {
            return refusal;
        }

        return decision.Events.Count == 0
            ? Verdict.Nothing(new Written(chart.Version, chart.Last))
            : Verdict.Append(new Written(chart.Version + decision.Events.Count), (Streams.Chart, decision.Events));
    }

    private static bool MayNeedNoPostings(AccountDetails sent, AccountDetails now) =>
        sent.Type != now.Type || sent.Currency != now.Currency;
}
