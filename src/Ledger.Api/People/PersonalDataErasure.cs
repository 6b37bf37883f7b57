using System.Runtime.ExceptionServices;
using Ledger.Api.Companies;
using Ledger.Domain;
using Ledger.Domain.People;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.People;

/// <summary>
/// Erases what is kept on a person. The events come first and the keys go after them, so whoever finds the events and a
/// key that should be gone completes what was cut off: the request itself, every start, and every hour.
/// </summary>
internal static class PersonalDataErasure
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(2);

    private static readonly RequestMetadata Service = new("service:erasure", null, null, null);

    /// <summary>
    /// The one way to ask for erasure, whoever decided it: what nothing keeps is gone when this returns, and the rest
    /// goes by itself.
    /// </summary>
    /// <param name="ledger">Where it is kept.</param>
    /// <param name="company">Whose data it is.</param>
    /// <param name="person">Whom it is on.</param>
    /// <param name="who">Stored beside the events.</param>
    /// <param name="clock">What may go goes by its day.</param>
    /// <param name="see">Whether whoever asks may still do so, and who else must see it; null for the service.</param>
    /// <exception cref="RequestException">The tables do not know yet what is kept.</exception>
    public static async Task<Transacted<Written>> RequestAsync(
        LedgerHost ledger, string company, string person, RequestMetadata who, IClock clock,
        Func<Reading, Func<Reading, ValueTask<Verdict<Written>>>, ValueTask<Verdict<Written>>>? see = null)
    {
        if (!await CaughtUpAsync(ledger, WaitMax, CancellationToken.None))
        {
            throw RequestProblems.Fail(
                RequestProblems.ProjectionBehind,
                "The tables do not say yet all that is kept on the person. Nothing was recorded: send it again.");
        }

        var outcome = await StepAsync(ledger, company, person, who, clock, (state, decided) =>
            PersonDecider.Decide(new(person), state, decided.Company, decided.Kept, decided.Today), see);
        if (outcome is Transacted<Written>.Done { Answer.Approval: null })
        {
            await CarryOutAsync(ledger, company, person, clock, CancellationToken.None);
        }

        return outcome;
    }

    /// <summary>
    /// Carries out for everybody what may go by now. Doing it again does nothing. What goes wrong with one person keeps
    /// no other from being erased: it is thrown after all had their turn.
    /// </summary>
    /// <returns>False when the tables do not know yet what is kept, so that something may be left.</returns>
    public static async Task<bool> CarryOutAllAsync(LedgerHost ledger, IClock clock, CancellationToken cancellation)
    {
        var isDone = true;
        ExceptionDispatchInfo? fault = null;
        foreach (var kept in await ledger.Vault.PersonsToEraseAsync(cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                var person = await PersonAsync(ledger, kept.Company, kept.Person);
                isDone &= Waits(person, kept.Purposes, clock)
                    || await CarryOutAsync(ledger, kept.Company, kept.Person, clock, cancellation);
            }
            catch (Exception wrong) when (wrong is not OperationCanceledException)
            {
                fault ??= ExceptionDispatchInfo.Capture(wrong);
            }
        }

        fault?.Throw();
        return isDone;
    }

    /// <summary>
    /// What is kept on a person by purpose, as far as the tables of the books have read. Of an entry the day counts on
    /// which it is booked. A name or an account is recorded once and serves every payslip after it, so what is kept for
    /// payroll counts from the last day of pay and of employment where these come later.
    /// </summary>
    public static async Task<IReadOnlyList<KeptData>> KeptAsync(LedgerHost ledger, string company, string person)
    {
        await using var command = ledger.Database.CreateCommand(
            """
            select d.purpose,
                case d.purpose when 'payroll' then greatest(d.last, pay.last, job.last) else d.last end,
                d.purpose = 'payroll' and coalesce(job.is_open, false)
            from (
                select purpose, max(counts_from) as last from views.personal_data
                where company = $1 and person = $2 group by purpose) d
            cross join (
                select max(pay_date) as last from views.payslip_history where company = $1 and employee = $2) pay
            cross join (
                select max(least(c.to_day, t.last_day)) as last, bool_or(least(c.to_day, t.last_day) is null) as is_open
                from (
                    select distinct on (contract) to_day from views.contract_history
                    where company = $1 and employee = $2 order by contract, position desc) c
                left join (
                    select last_day from views.termination_history
                    where company = $1 and employee = $2 order by position desc limit 1) t on true) job
            order by d.purpose
            """);
        command.Parameters.Add(new() { Value = company });
        command.Parameters.Add(new() { Value = person });
        var kept = new List<KeptData>();
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            kept.Add(new(
                Enum.Parse<Purpose>(rows.GetString(0), ignoreCase: true),
                LocalDate.FromDateOnly(rows.GetFieldValue<DateOnly>(1)),
                rows.GetBoolean(2)));
        }

        return kept;
    }

    private static async Task<bool> CarryOutAsync(
        LedgerHost ledger, string company, string person, IClock clock, CancellationToken cancellation)
    {
        await DestroyAsync(ledger, company, person);
        if (!await CaughtUpAsync(ledger, WaitMax, cancellation))
        {
            return false;
        }

        await StepAsync(ledger, company, person, Service, clock, (state, decided) =>
            PersonDecider.BecomeDue(state, decided.Company, decided.Kept, decided.Today));

        // Nothing more comes in for what is due; what came before it must be seen before it is decided again.
        if (!await CaughtUpAsync(ledger, WaitMax, cancellation))
        {
            return false;
        }

        await StepAsync(ledger, company, person, Service, clock, (state, decided) =>
            PersonDecider.Erase(state, decided.Company, decided.Kept, decided.Today));
        await DestroyAsync(ledger, company, person);
        return true;
    }

    /// <summary>Whether all that is kept was told to go on a day that lies ahead in every time zone.</summary>
    private static bool Waits(Person? person, IReadOnlyList<Purpose> kept, IClock clock)
    {
        var tomorrow = clock.GetCurrentInstant().InUtc().Date.PlusDays(1);
        return person is not null && kept.All(purpose => !person.Erased.Contains(purpose)
            && person.Told(purpose) > tomorrow);
    }

    /// <summary>Destroys the keys of what is recorded as erased.</summary>
    private static async Task DestroyAsync(LedgerHost ledger, string company, string person)
    {
        if (await PersonAsync(ledger, company, person) is { Erased: { Count: > 0 } erased })
        {
            await ledger.Vault.DestroyAsync(company, person, erased);
        }
    }

    /// <summary>As recorded now; null when the database does not say so.</summary>
    private static async Task<Person?> PersonAsync(LedgerHost ledger, string company, string person)
    {
        var read = await ledger.Transact.RunAsync(company, Service, async reading =>
            Verdict.Nothing(await reading.StateAsync(Streams.Person(person), Streams.PersonFold)));
        return (read as Transacted<Loaded<Person>>.Done)?.Answer.State;
    }

    private static Task<Transacted<Written>> StepAsync(
        LedgerHost ledger,
        string company,
        string person,
        RequestMetadata who,
        IClock clock,
        Func<Person, Facts, Decision<PersonEvent>> decide,
        Func<Reading, Func<Reading, ValueTask<Verdict<Written>>>, ValueTask<Verdict<Written>>>? see = null)
    {
        return ledger.Transact.RunAsync(
            company, who, reading => see is null ? DecideAsync(reading) : see(reading, DecideAsync));

        async ValueTask<Verdict<Written>> DecideAsync(Reading reading)
        {
            var stream = Streams.Person(person);
            var (books, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
            var state = await reading.StateAsync(stream, Streams.PersonFold);
            var kept = await KeptAsync(ledger, company, person);
            var decision = decide(state.State, new(books, kept, CompanyWrites.TodayOf(books, clock)));
            return decision.Refusal is { } refusal ? refusal
                : decision.Events.Count == 0 ? Verdict.Nothing(new Written(state.Version, state.Last))
                : Verdict.Append(new Written(state.Version + decision.Events.Count), (stream, decision.Events));
        }
    }

    private static async Task<bool> CaughtUpAsync(LedgerHost ledger, TimeSpan atMost, CancellationToken cancellation)
    {
        var head = await ledger.Store.HeadAsync(cancellation);
        return await ledger.Books.WaitForAsync(head, atMost, cancellation);
    }

    private readonly record struct Facts(
        Domain.Companies.Company Company, IReadOnlyList<KeptData> Kept, LocalDate Today);
}
