using Ledger.Api.Export;
using Ledger.Api.Import;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Journals;

/// <summary>What a carry-over is asked for.</summary>
/// <param name="Currency">Of the new books; needed when they do not exist yet.</param>
/// <param name="Name">Of the new company; by default the old one's.</param>
/// <param name="Difference">Takes what rounding leaves; opened when it does not exist.</param>
/// <param name="ResultTo">Takes income and expense at the start of a year; by default retained earnings.</param>
internal sealed record CarryOverRequest(
    string From,
    string To,
    LocalDate On,
    decimal Rate,
    UnitCode? Currency,
    string? Name,
    AccountCode Difference,
    AccountCode OffBalanceDifference,
    AccountCode? ResultTo);

/// <summary>
/// Carries the books of a company over into another currency: ends the old books, makes the new company with the same
/// accounts and dimensions, and posts what the old books hold. Running it again posts what changed since.
/// </summary>
internal sealed class CarryOverRun(LedgerHost host, CarryOverRequest request, Action<string> say)
{
    private readonly RequestMetadata who = new(host.OwnerActor, null, null, null);

    /// <returns>True when the new books hold all of it.</returns>
    /// <exception cref="SetUpException">It cannot be done; the message says why and what to do.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        var old = await ExportedCompany.LoadAsync(host.Store, request.From, cancellation)
            ?? throw new SetUpException($"There is no company {request.From}.");
        if (request.From == request.To)
        {
            throw new SetUpException("--to is a set of books of its own: name another company than --from.");
        }

        await EndAsync(old);
        await BooksFollowing.CatchUpAsync(host, say, cancellation);
        var chart = old.Accounts.Aggregate(
            Chart.Initial, (state, each) => Chart.Evolve(state, new AccountOpened(each.Code, each.Details)));
        var source = new ClosingBalances(host.Database, request.From, chart);
        if (await source.CountFromAsync(request.On, cancellation) is > 0 and var later)
        {
            say($"Note: {later} entries of {request.From} are booked on {Day(request.On)} or later; they stay there.");
        }

        var balances = await source.AtAsync(request.On.PlusDays(-1), cancellation);
        var target = await BooksTarget.OpenAsync(host, request.To, who);
        var terms = TermsOf(old, target, balances);
        await MakeCompanyAsync(old, terms, target);
        await OpenAccountsAsync(old, terms, balances, target);
        return await PostAsync(old, terms, balances, target, cancellation);
    }

    private static string Day(LocalDate day) => day.ToString("uuuu-MM-dd", null);

    /// <summary>From now on nothing can be booked in the old books on the first day of the new ones or later.</summary>
    private async Task EndAsync(ExportedCompany old)
    {
        var last = request.On.PlusDays(-1);
        var ended = await host.Transact.RunAsync<Written>(request.From, who, async reading =>
        {
            var (company, version) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
            var (chart, _) = await reading.StateAsync(Streams.Chart, Streams.ChartFold);
            var command = new PutCompany(company.Settings! with { BooksTo = last }, version);
            var decision = CompanyDecider.Decide(command, company, chart, hasEntries: true);
            return decision.Refusal is { } no ? no
                : decision.Events.Count == 0 ? Verdict.Nothing(new Written(version))
                : Verdict.Append(new Written(version + 1), (Streams.Company, decision.Events));
        });
        switch (ended)
        {
            case Transacted<Written>.Refused refused:
                throw new SetUpException($"The books of {request.From} cannot end: {refused.Refusal.Message}");
            case not Transacted<Written>.Done:
                throw new SetUpException("The ledger cannot record now. The same command again goes on from here.");
        }

        if (old.Company.Settings!.BooksTo != last)
        {
            say($"The books of {request.From} end on {Day(last)}.");
        }
    }

    private CarryOverTerms TermsOf(ExportedCompany old, BooksTarget target, List<ClosingBalance> balances)
    {
        var currency = target.Company.Exists ? target.Company.Currency : request.Currency ?? throw new SetUpException(
            $"There is no company {request.To}: say its currency, such as --currency EUR, and it is registered.");
        if (request.Currency is { } wanted && wanted != currency)
        {
            throw new SetUpException($"{request.To} is kept in {currency}, not in {wanted}.");
        }

        var isNewYear = FiscalYear.Of(request.On, old.Company.FiscalYearStart).First == request.On;
        var resultTo = isNewYear ? request.ResultTo ?? old.Company.Settings!.RetainedEarnings : null;
        if (isNewYear && resultTo is null
            && balances.Exists(each => each.Type is AccountType.Income or AccountType.Expense))
        {
            throw new SetUpException("The new books begin with a year, and income and expense accounts hold a result: "
                + "say which account takes it, with --result-to.");
        }

        var digits = target.Company.Exists ? target.Company.CurrencyDigits
            : old.Company.TryGetDigits(currency, out var known) ? known
            : throw new SetUpException($"'{currency}' is no currency of ISO 4217.");
        return new(
            old.Currency, currency, digits, request.Rate, request.On, request.Difference, request.OffBalanceDifference,
            resultTo);
    }

    private async Task MakeCompanyAsync(ExportedCompany old, CarryOverTerms terms, BooksTarget target)
    {
        if (target.Company.Exists)
        {
            return;
        }

        var settings = CarryOver.Successor(old.Company.Settings!, terms);
        var refusal = await target.RegisterAsync(settings with { Name = request.Name ?? settings.Name });
        if (refusal is not null)
        {
            throw new SetUpException($"The company {request.To} cannot be registered: {refusal.Message}");
        }

        say($"{request.To} was registered, in {terms.To}.");
    }

    /// <summary>
    /// Accounts are opened so that balances can be posted to them, whatever they require of new entries, and made what
    /// they were afterwards, by <see cref="CloseAccountsAsync"/>.
    /// </summary>
    private async Task OpenAccountsAsync(
        ExportedCompany old, CarryOverTerms terms, List<ClosingBalance> balances, BooksTarget target)
    {
        var before = target.Chart.Count;
        var accounts = old.Accounts
            .Select(each => new PutAccount(each.Code, Open(CarryOver.Account(each.Details, terms))))
            .Append(new(terms.Difference, new AccountDetails("Difference of the carry-over", AccountType.Equity)));
        if (balances.Exists(each => each.Type == AccountType.OffBalance))
        {
            accounts = accounts.Append(new(
                terms.OffBalanceDifference!.Value,
                new AccountDetails("Difference of the carry-over, off balance", AccountType.OffBalance)));
        }

        Require(await target.OpenAccountsAsync([.. accounts]));
        foreach (var value in old.Dimensions)
        {
            Require(await target.PutDimensionValueAsync(
                new PutDimensionValue(value.Dimension, value.Value, value.Details with { Archived = null }), null));
        }

        if (target.Chart.Count > before)
        {
            say($"{ImportReport.Number(target.Chart.Count - before)} accounts were opened in {request.To}.");
        }
    }

    private async Task<bool> PostAsync(
        ExportedCompany old, CarryOverTerms terms, List<ClosingBalance> balances, BooksTarget target,
        CancellationToken cancellation)
    {
        var (recorded, posted) = await new ClosingBalances(host.Database, request.To, target.Chart)
            .OfAsync(CarryOver.IdPrefix(request.On), cancellation);
        var description = $"Carried over from {request.From}";
        var plan = CarryOver.Open(balances, terms, description, recorded, posted);
        Require(plan.Refusal);
        var outcomes = await target.WriteAsync([.. plan.Entries.Select(entry =>
            new FileEntry(0, entry.Id, default, entry, IsMapped: false))]);
        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Refusal is { } refusal)
            {
                say($"{plan.Entries[i].Id}: {refusal.Message} ({refusal.Code})");
            }
        }

        say(plan.Entries.Count == 0
            ? $"{request.To} holds all of it already."
            : $"{ImportReport.Number(outcomes.Count(outcome => outcome.IsNew))} opening entries were posted in "
                + $"{request.To} on {Day(request.On)}.");
        await CloseAccountsAsync(old, terms, target);
        return outcomes.All(outcome => outcome.Refusal is null);
    }

    private async Task CloseAccountsAsync(ExportedCompany old, CarryOverTerms terms, BooksTarget target)
    {
        foreach (var account in old.Accounts)
        {
            var details = CarryOver.Account(account.Details, terms);
            if (Open(details) != details)
            {
                Require(await target.PutAccountAsync(new PutAccount(account.Code, details), Open(details)));
            }
        }

        foreach (var value in old.Dimensions.Where(value => value.Details.Archived is true))
        {
            Require(await target.PutDimensionValueAsync(
                new PutDimensionValue(value.Dimension, value.Value, value.Details),
                value.Details with { Archived = null }));
        }
    }

    private static AccountDetails Open(AccountDetails account) =>
        account with { Archived = null, Postable = null, Requires = null };

    private static void Require(Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new SetUpException($"{refusal.Message} ({refusal.Code})");
        }
    }
}
