using System.Globalization;
using Ledger.Api.Audit;
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
/// <param name="OffBalanceDifference">The same for off-balance accounts.</param>
/// <param name="ResultTo">Takes results of earlier years; by default the account of retained earnings.</param>
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
/// Carries the books of a company over into another currency: makes the new company with the same accounts and
/// dimensions, ends the old books, and posts what they hold. Each step is nothing new when it is done already, so that
/// running it again completes what was cut off, and posts what came late.
/// </summary>
internal sealed class CarryOverRun(LedgerHost host, CarryOverRequest request, Action<string> say)
{
    private readonly RequestMetadata who = new(host.OwnerActor, null, null, null);
    private readonly LocalDate last = request.On.PlusDays(-1);

    /// <returns>True when the new books hold all of it.</returns>
    /// <exception cref="SetUpException">It cannot be done; the message says why and what to do.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        if (request.From == request.To)
        {
            throw new SetUpException("--to is a set of books of its own: name another company than --from.");
        }

        var old = await ExportedCompany.LoadAsync(host.Store, request.From, cancellation)
            ?? throw new SetUpException($"There is no company {request.From}.");
        if (old.Company.Settings!.BooksTo is { } end && end != last)
        {
            throw new SetUpException(
                $"The books of {request.From} end on {Day(end)}, so new ones begin a day later: "
                + "change --on, or booksTo of the company.");
        }

        var target = await BooksTarget.OpenAsync(host, request.To, who);
        var terms = TermsOf(old.Company, target.Company);
        await BooksFollowing.CatchUpAsync(host, say, cancellation);
        Require((await PlanAsync(terms, target.Company.Exists ? target.Company : old.Company, cancellation)).Refusal);

        await RegisterAsync(old.Company.Settings!, terms, target);
        await EndAsync();
        await OpenAccountsAsync(old, terms, target);
        await BooksFollowing.CatchUpAsync(host, say, cancellation);
        await SayWhatStaysAsync(cancellation);
        var plan = await PlanAsync(terms, target.Company, cancellation);
        if (plan.Entries.Any(entry => entry.CounterpartyPerson is { IsOpen: true }))
        {
            await CommandAccess.NoteReadAsync(host, request.From, "carry-over", cancellation);
        }

        return await PostAsync(plan, terms, target);
    }

    private CarryOverTerms TermsOf(Company old, Company @new)
    {
        if (request.Currency is { } wanted && @new.Exists && wanted != @new.Currency)
        {
            throw new SetUpException($"{request.To} is kept in {@new.Currency}, not in {wanted}.");
        }

        var currency = @new.Exists ? @new.Currency : request.Currency ?? throw new SetUpException(
            $"There is no company {request.To}: say its currency, such as --currency EUR, and it is registered.");
        if (!old.TryGetDigits(currency, out var digits))
        {
            throw new SetUpException($"'{currency}' is no currency of ISO 4217.");
        }

        return new(
            request.From, old.Currency, currency, Math.Max(digits, @new.CurrencyDigits), request.Rate, request.On,
            request.Difference, request.OffBalanceDifference,
            request.ResultTo ?? @new.Settings?.RetainedEarnings ?? old.Settings!.RetainedEarnings);
    }

    /// <param name="company">Whose fiscal year the new books begin in.</param>
    private async Task<EntryPlan> PlanAsync(
        CarryOverTerms terms, Company company, CancellationToken cancellation) => CarryOver.Open(
            await Balances(request.From).AtAsync(last, company.FiscalYearOf(request.On), cancellation),
            terms,
            $"Carried over from {request.From}",
            await Balances(request.To).OfAsync(CarryOver.Series(request.From, request.On), cancellation));

    private async Task RegisterAsync(CompanySettings old, CarryOverTerms terms, BooksTarget target)
    {
        if (!target.Company.Exists)
        {
            var settings = CarryOver.Successor(old, terms) with { Name = request.Name ?? old.Name };
            Require(await target.RegisterAsync(settings), $"The company {request.To} cannot be registered: ");
            say($"{request.To} was registered, in {terms.To}.");
        }

        var digits = old.Digits ?? ValueMap<int>.Empty;
        Require(await target.RaiseDigitsAsync(digits.ToDictionary(each => new UnitCode(each.Key), each => each.Value)));
    }

    /// <summary>From now on nothing can be booked in the old books on the first day of the new ones or later.</summary>
    private async Task EndAsync()
    {
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
                Require(refused.Refusal, $"The books of {request.From} cannot end on {Day(last)}: ");
                break;
            case Transacted<Written>.Done done:
                if (done.Appended)
                {
                    say($"The books of {request.From} end on {Day(last)}.");
                }

                break;
            default:
                throw new ImportStoppedException("The ledger cannot record now.");
        }
    }

    private async Task OpenAccountsAsync(ExportedCompany old, CarryOverTerms terms, BooksTarget target)
    {
        var before = target.Chart.Count;
        var accounts = old.Accounts
            .Select(each => new PutAccount(each.Code, CarryOver.Account(each.Details, terms)))
            .Append(new(terms.Difference, new AccountDetails("Difference of the carry-over", AccountType.Equity)));
        if (old.Accounts.Any(account => account.Details.Type == AccountType.OffBalance))
        {
            accounts = accounts.Append(new(
                terms.OffBalanceDifference,
                new AccountDetails("Difference of the carry-over, off balance", AccountType.OffBalance)));
        }

        if (terms.ResultTo is { } result)
        {
            accounts = accounts.Append(new(result, new AccountDetails("Retained earnings", AccountType.Equity)));
        }

        Require(await target.OpenAccountsAsync([.. accounts]));
        foreach (var value in old.Dimensions)
        {
            Require(await target.PutDimensionValueAsync(
                new PutDimensionValue(value.Dimension, value.Value, value.Details), before: null));
        }

        if (target.Chart.Count > before)
        {
            say($"Opened in {request.To}: {ImportReport.Count(target.Chart.Count - before, "account", "accounts")}.");
        }

        if (terms.ResultTo is { } equity && target.Chart.Find(equity)!.Details.Type != AccountType.Equity)
        {
            throw new SetUpException(
                $"Account {equity} of {request.To} is not of type equity: name one that is, with --result-to.");
        }
    }

    private async Task SayWhatStaysAsync(CancellationToken cancellation)
    {
        var (old, @new) = (Balances(request.From), Balances(request.To));
        if (await old.CountAsync(request.On, LocalDate.MaxIsoValue, cancellation) is > 0 and var after)
        {
            say($"Note: {request.From} has {ImportReport.Count(after, "entry", "entries")} on {Day(request.On)} or "
                + "later, which stay there and are not carried over.");
        }

        if (await @new.CountAsync(Company.EarliestDate, request.On, cancellation) is > 0 and var before)
        {
            say($"Note: {request.To} has {ImportReport.Count(before, "entry", "entries")} before {Day(request.On)}, "
                + "to which is added what is carried over.");
        }
    }

    private async Task<bool> PostAsync(EntryPlan plan, CarryOverTerms terms, BooksTarget target)
    {
        Require(plan.Refusal);
        if (plan.Entries.Count == 0)
        {
            say($"{request.To} holds all that {request.From} held at the end of {Day(last)}.");
            return true;
        }

        var (posted, refused) = await PlannedEntries.PostAsync(target, plan.Entries, say);
        say($"Posted in {request.To} on {Day(request.On)}: {ImportReport.Count(posted, "entry", "entries")}.");
        if (refused == 0)
        {
            var difference = plan.Difference.ToString($"F{terms.ToDigits}", CultureInfo.InvariantCulture);
            say($"The difference is {difference} {terms.To}, on account {terms.Difference}.");
        }

        return refused == 0;
    }

    private ClosingBalances Balances(string company) => new(host.Database, host.Vault, company);

    private static string Day(LocalDate day) => NodaTime.Text.LocalDatePattern.Iso.Format(day);

    private static void Require(Refusal? refusal, string what = "")
    {
        if (refusal is not null)
        {
            throw new SetUpException($"{what}{refusal.Message} ({refusal.Code})");
        }
    }
}
