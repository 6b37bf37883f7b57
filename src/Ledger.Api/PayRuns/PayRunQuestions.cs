using System.Text;
using Ledger.Api.Queries;
using Ledger.Domain.PayRuns;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>Questions that are answered by deriving payslips again from the events that were known then.</summary>
public sealed class PayRunQuestions(LedgerHost ledger, PayRunFacts facts)
{
    /// <summary>What a run would come to, by the rules of opening one; nothing is recorded.</summary>
    internal async Task<Transacted<PayRunPreview>> PreviewAsync(Call call, PayRunDetails details, int rowsMax)
    {
        var known = await ledger.Store.HeadAsync(call.Gone);
        var opened = await ledger.Transact.RunAsync<RunAsKnown>(call.Company, call.Metadata, async reading =>
        {
            var (company, _) = await reading.StateAsync(Streams.Company, Streams.CompanyFold);
            var (groups, _) = await reading.StateAsync(Streams.PayGroups, Streams.PayGroupsFold);
            var group = groups.Find(details.PayGroup);
            var decision = PayRunDecider.Decide(
                new OpenPayRun("preview", details), PayRun.Initial, company, group,
                await facts.RunsAsync(call.Company));
            return decision.Refusal is { } refusal ? refusal : Verdict.Nothing(new RunAsKnown(
                call.Company, "~", PayRun.Evolve(PayRun.Initial, decision.Events[0]), group!.Details, known,
                LocalDate.Max(Companies.CompanyWrites.TodayOf(company, ledger.Clock), details.PayDate)));
        });
        if (opened is not Transacted<RunAsKnown>.Done done)
        {
            return opened is Transacted<RunAsKnown>.Refused refused
                ? new Transacted<PayRunPreview>.Refused(refused.Refusal)
                : new Transacted<PayRunPreview>.Unavailable("The run could not be read.");
        }

        var (count, failed, gross, net, employer) = (0, 0, 0m, 0m, 0m);
        var rows = new List<PayslipRow>();
        await foreach (var chunk in ledger.PayRuns.Slips.MakeAsync(done.Answer, ct: call.Gone))
        {
            foreach (var made in chunk.Where(each => each.Slip is not null || each.Refusal is not null))
            {
                count += made.Slip is null ? 0 : 1;
                failed += made.Refusal is null ? 0 : 1;
                gross += made.Slip?.Gross() ?? 0;
                net += made.Slip?.Net() ?? 0;
                employer += made.Slip?.EmployerContributions() ?? 0;
                if (rows.Count < rowsMax)
                {
                    rows.Add(PayslipRow.Of(made.Employee, made.Slip, made.Refusal));
                }
            }
        }

        var preview = new PayRunPreview(
            call.Company, count, failed, PayslipShown.Money(gross), PayslipShown.Money(net),
            PayslipShown.Money(employer), rows);
        return new Transacted<PayRunPreview>.Done(preview, 0, default, false);
    }

    /// <summary>What is new in a run against the payslips before, in the order of employees.</summary>
    public async Task<IReadOnlyList<VarianceRow>> VariancesAsync(
        string company, string id, PayRun run, string? after, int limit, CancellationToken ct)
    {
        var asKnown = await ledger.PayRuns.AsKnownAsync(company, id, run, ct);
        var rows = new List<VarianceRow>();
        await foreach (var chunk in ledger.PayRuns.Slips.MakeAsync(asKnown, after: after, ct: ct))
        {
            rows.AddRange(chunk.Select(PayRunVariances.Of).OfType<VarianceRow>());
            if (rows.Count >= limit)
            {
                break;
            }
        }

        return rows;
    }

    /// <summary>Why a line is what it is; the payslip is derived again for that.</summary>
    /// <param name="company">Whose run it is.</param>
    /// <param name="id">The run's.</param>
    /// <param name="run">As it is.</param>
    /// <param name="employee">Whose payslip it is.</param>
    /// <param name="line">From 1; it is there.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<LineExplanation> ExplainAsync(
        string company, string id, PayRun run, string employee, int line, CancellationToken ct)
    {
        var asKnown = await ledger.PayRuns.AsKnownAsync(company, id, run, ct);
        await foreach (var chunk in ledger.PayRuns.Slips.MakeAsync(asKnown, employee, ct: ct))
        {
            if (chunk[0].Before.Slip is not { } stored || stored.Lines.Count < line)
            {
                break;
            }

            var sentences = new List<string>();
            Payslip? again = null;
            if (chunk[0].Request is { } request)
            {
                new PayslipMaker().Make(request, sentences, out again);
            }

            var isSame = again?.Reproduces(stored) == true;
            var shown = stored.Lines[line - 1];
            return new(
                line, shown.Code, PayslipShown.Money(shown.Amount), isSame ? sentences[line - 1] : null, isSame,
                await CausesAsync(company, employee, shown, ct));
        }

        throw new RequestException(Http.ProblemOf(PayRunRefusals.PayslipUnknown(id, employee)));
    }

    /// <summary>The events of the employee and of their time sheets behind a line.</summary>
    private async Task<IReadOnlyList<CauseShown>> CausesAsync(
        string company, string employee, SlipLine line, CancellationToken ct)
    {
        var shown = new List<CauseShown>();
        await AddAsync(Streams.Employee(employee), line.Causes ?? []);
        foreach (var (month, versions) in line.TimeEntries ?? [])
        {
            await AddAsync(Streams.TimeSheets(employee) + month, versions);
        }

        return shown;

        async Task AddAsync(string stream, IReadOnlyList<long> versions)
        {
            var events = await ledger.Store.ReadStreamAsync(company, stream, 0, ct);
            shown.AddRange(versions.Where(version => version <= events.Count)
                .Select(version => events[(int)version - 1])
                .Select(each => new CauseShown(each.Sequence, each.Recorded, each.Type)));
        }
    }

    /// <summary>
    /// What would be due beyond what was paid, for the periods of the runs that count: what a supplementary run would
    /// pay.
    /// </summary>
    /// <param name="company">Whose employee it is.</param>
    /// <param name="employee">Their id.</param>
    /// <param name="knownAtSequence">What was recorded until then counts.</param>
    /// <param name="today">By whose law.</param>
    /// <param name="ct">Gives up.</param>
    public async Task<(IReadOnlyList<SlipLine> Lines, Domain.Refusal? Refusal)> ArrearsAsync(
        string company, string employee, long knownAtSequence, LocalDate today, CancellationToken ct)
    {
        var runs = await facts.RunsAsync(company, knownAtSequence, ct);
        var state = facts.Fold(
            Streams.EmployeeFold, await ledger.Store.ReadStreamAsync(company, Streams.Employee(employee), 0, ct),
            knownAtSequence);
        var groups = facts.Fold(
            Streams.PayGroupsFold, await ledger.Store.ReadStreamAsync(company, Streams.PayGroups, 0, ct),
            knownAtSequence);
        var lines = new List<SlipLine>();
        foreach (var id in state.Contracts.Values.Select(each => each.Details.PayGroup).Distinct())
        {
            var last = runs.Where(each => each.Value.Counts && each.Value.Details is
            { Kind: PayRunKind.Regular } details && details.PayGroup == id)
                .MaxBy(each => each.Value.Through).Value;
            if (last is null || groups.Find(id) is not { } group)
            {
                continue;
            }

            var run = last.As(PayRunKind.Supplementary);
            var law = await ledger.PackPublications.KnownAsync(
                group.Details.Pack, LocalDate.Max(today, run.Details!.PayDate), knownAtSequence, ct);
            var asKnown = new RunAsKnown(company, "~", run, group.Details, knownAtSequence, law);
            await foreach (var chunk in ledger.PayRuns.Slips.MakeAsync(asKnown, employee, ct: ct))
            {
                if (chunk[0].Refusal is { } refusal)
                {
                    return (lines, refusal);
                }

                lines.AddRange((chunk[0].Slip?.Lines ?? []).Where(line => line.Kind
                    is Domain.Payroll.LineKind.Earning or Domain.Payroll.LineKind.Benefit).Select(line => line with
                    {
                        EarnedThrough = line.EarnedThrough ?? run.Through,
                    }));
            }
        }

        return (lines, null);
    }

    /// <summary>Writes a payment file, the same each time.</summary>
    internal async ValueTask WritePaymentFileAsync(Call call, string id, PayRun run, PaymentFile file, string type)
    {
        var issued = await IssuedAsync(call.Company, id, file.Issued.Number, call.Gone);
        var payments = await ledger.PayRuns.Reads.PaymentsAsync(
            call.Company, id, file.Issued.Order.ExecuteOn, null, issued.Sequence, call.Gone).ToListAsync(call.Gone);
        var payees = await new Payees(ledger.Store, ledger.Vault, facts).OfAsync(
            call.Company, id, file.Issued,
            [.. payments.Where(each => each.Amount > 0 && each.HasAccount && file.Holds(each.Employee))],
            issued.Sequence, call.Gone);
        if (payees.FirstOrDefault(each => each.Account is null) is { } erased)
        {
            throw new RequestException(Http.ProblemOf(PaymentRefusals.AccountErased(erased.Employee)));
        }

        call.NotePersonalDataRead(null);
        call.Context.Response.Headers.Vary = "Accept";
        var asKnown = await ledger.PayRuns.AsKnownAsync(call.Company, id, run, call.Gone);
        var currency = Domain.Payroll.Packs.Find(asKnown.Group.Pack)!.CurrencyOn(run.Through);
        if (type == Http.Csv)
        {
            var csv = new StringBuilder();
            var columns = CsvColumns<PayeeRow>.Of([]);
            columns.WriteHeader(csv);
            foreach (var payee in payees)
            {
                columns.WriteRow(csv, PayeeRow.Of(payee, currency));
            }

            await Http.WriteAsync(
                call.Context, StatusCodes.Status200OK, Answers.CsvType, Encoding.UTF8.GetBytes(csv.ToString()));
            return;
        }

        var company = await Registers.ReadAsync(call, Streams.Company, Streams.CompanyFold);
        await Http.WriteAsync(
            call.Context, StatusCodes.Status200OK, CreditTransfer.ContentType,
            CreditTransfer.Write(
                id, file.Issued, issued.Recorded, company.State.Settings!.Name, currency, payees));
    }

    private async Task<Recording> IssuedAsync(string company, string id, int number, CancellationToken ct)
    {
        var events = await ledger.Store.ReadStreamAsync(company, Streams.PayRun(id), 0, ct);
        var issued = events.First(each =>
            EventCatalog.Ledger.Read(each) is PaymentFileIssued file && file.Number == number);
        return new(issued.Sequence, issued.Recorded);
    }
}

/// <summary>A payment in a file.</summary>
public sealed record PayeeRow(
    string Employee, string Name, string Account, string? Bank, Projections.Queries.Amount Amount,
    Domain.UnitCode Currency, string EndToEndId)
{
    internal static PayeeRow Of(Payee payee, Domain.UnitCode currency) => new(
        payee.Employee, payee.Name, payee.Account ?? "", payee.Bank, PayslipShown.Money(payee.Amount), currency,
        payee.EndToEndId);
}
