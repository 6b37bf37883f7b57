using System.Runtime.CompilerServices;
using Ledger.Api.PayRuns;
using Ledger.Api.People;
using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.Payroll;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using NodaTime;

namespace Ledger.Api.Payslips;

/// <summary>Reads what payslips say on paper, some hundred employees at once.</summary>
/// <param name="call">Who asks: names are open to those who may read them, and one's own to everybody.</param>
/// <param name="run">The id of the run.</param>
/// <param name="state">The run.</param>
internal sealed class PayslipDocuments(Call call, string run, PayRun state)
{
    private const int ChunkEmployees = 100;

    private readonly Store store = call.Ledger.Store;
    private readonly PayRunFacts facts = call.Ledger.PayRunFacts;
    private readonly long? knownAtSequence = state.Started?.KnownAtSequence;

    /// <summary>Those of the run that there are, in the order of employees.</summary>
    public async IAsyncEnumerable<PayslipDocument> AllAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var company = await CompanyAsync();
        var counting = await CountingAsync();
        foreach (var chunk in (await facts.IdsAsync(call.Company, Streams.Payslips(run), ct)).Chunk(ChunkEmployees))
        {
            foreach (var document in await ReadAsync(company, counting, null, chunk))
            {
                yield return document;
            }
        }
    }

    /// <summary>That of an employee; null where there is none.</summary>
    /// <param name="language">Null is the employee's own.</param>
    /// <param name="employee">The id.</param>
    public async Task<PayslipDocument?> OfAsync(string? language, string employee) =>
        (await ReadAsync(await CompanyAsync(), await CountingAsync(), language, [employee])).FirstOrDefault();

    private async Task<IReadOnlyList<PayslipDocument>> ReadAsync(
        string company, IReadOnlyList<string> counting, string? language, string[] employees)
    {
        string[] runs = [.. counting, run];
        var slips = await store.ReadStreamsAsync(
            call.Company,
            [.. employees.SelectMany(id => runs.Select(each => new StreamPosition(Streams.Payslip(each, id), 0)))],
            call.Gone);
        var persons = await store.ReadStreamsAsync(
            call.Company, [.. employees.Select(id => new StreamPosition(Streams.Employee(id), 0))], call.Gone);
        var found = new List<PayslipDocument>(employees.Length);
        var names = new List<SealedText?>(employees.Length);
        for (var i = 0; i < employees.Length; i++)
        {
            var own = slips.Skip(i * runs.Length).Take(runs.Length)
                .Select(events => facts.Fold(Streams.PayslipFold, events).Slip).ToList();
            if (own[^1] is not { } slip)
            {
                continue;
            }

            var events = persons[i].Take((int)slip.EmployeeVersion).ToList();
            var employee = facts.Fold(Streams.EmployeeFold, events);
            var yearStart = PayslipDocument.YearStartOf(slip.Pack, slip.PayDate);
            names.Add(MayRead(employees[i])
                ? Payees.SealedIn(events, employee.Details?.Version, nameof(EmployeeDetails.Name)) : null);
            found.Add(new(
                company, run, state.Status, employees[i], null,
                language ?? PayslipWords.LanguageOf(employee.Details?.Details.Language, slip.Pack),
                employee.Contracts.GetValueOrDefault(slip.Contract)?.Details.Position, slip, yearStart,
                ToDate(employee, own.OfType<Payslip>(), slip, yearStart)));
        }

        var opened = new Queue<string?>(
            (await Names.OpenAsync(call, [.. names.OfType<SealedText>()])).Select(each => each.Text));
        return [.. found.Zip(names, (each, name) => name is null ? each : each with { Name = opened.Dequeue() })];
    }

    private bool MayRead(string employee) => call.MayReadPersonalData || call.Caller.Person == employee;

    /// <summary>Its name, as it was known then.</summary>
    private async Task<string> CompanyAsync() => facts.Fold(
        Streams.CompanyFold, await store.ReadStreamAsync(call.Company, Streams.Company, 0, call.Gone),
        knownAtSequence).Settings!.Name;

    /// <summary>The runs whose payslips counted when these were calculated, in the order in which they paid.</summary>
    private async Task<IReadOnlyList<string>> CountingAsync()
    {
        var details = state.Details!;
        return
        [
            .. (await facts.RunsAsync(call.Company, knownAtSequence, call.Gone))
                .Where(each => each.Key != run && each.Value.Counts
                    && each.Value.Details!.PayDate <= details.PayDate
                    && each.Value.Details.PayDate > details.PayDate.PlusYears(-1))
                .OrderBy(each => each.Value.Details!.PayDate).ThenBy(each => each.Key, StringComparer.Ordinal)
                .Select(each => each.Key),
        ];
    }

    /// <summary>Sums by line, of opening figures and payslips that were paid in the year.</summary>
    private static List<PaidToDate> ToDate(
        Employee employee, IEnumerable<Payslip> slips, Payslip last, LocalDate yearStart)
    {
        var sums = new OrderedDictionary<(string Code, LineKind Kind), decimal>();
        foreach (var slip in slips.Where(each => each.PayDate >= yearStart && each.Pack == last.Pack
            && each.Currency == last.Currency))
        {
            foreach (var line in slip.Lines)
            {
                Add(line.Code, line.Kind, line.Amount);
            }
        }

        foreach (var (code, amount) in employee.Opening.Values.Select(each => each.Details)
            .Where(each => each.Through >= yearStart && each.Through < last.PayDate)
            .SelectMany(each => each.Lines ?? ValueMap<decimal>.Empty))
        {
            var kind = sums.Keys.Where(each => each.Code == code).Select(each => (LineKind?)each.Kind).FirstOrDefault()
                ?? Packs.Find(last.Pack)?.Element(code)?.Line.Kind;
            if (kind is { } known)
            {
                Add(code, known, amount);
            }
        }

        return [.. sums.Select(each => new PaidToDate(each.Key.Code, each.Key.Kind, each.Value))];

        void Add(string code, LineKind kind, decimal amount) =>
            sums[(code, kind)] = (sums.TryGetValue((code, kind), out var before) ? before : 0) + amount;
    }
}
