namespace Ledger.Domain.PayRuns;

/// <summary>Versions of the employee's events because of which a payslip has a line.</summary>
internal static class SlipCauses
{
    /// <summary>The entries of pay that hold in the period.</summary>
    public static ValueList<long> OfOwn(DuePay due, PayPeriod period, int element)
    {
        var days = DaySpan.Of(period);
        var (first, more) = (0L, (List<long>?)null);
        foreach (var span in due.Spans)
        {
            var held = span.Days.And(days);
            if (span.Element == element && held.From <= held.Through)
            {
                if (first == 0)
                {
                    first = span.Version;
                }
                else
                {
                    (more ??= [first]).Add(span.Version);
                }
            }
        }

        return first == 0 ? ValueList<long>.Empty : more is null ? [first] : [.. more.Order()];
    }

    /// <summary>
    /// What was recorded after the last payslip that covered the period: pay of the element, contracts, absences and
    /// facts that concern it; where there is none of these, any of them, as one that was withdrawn concerns it no
    /// longer.
    /// </summary>
    /// <param name="request">Whose payslip it is.</param>
    /// <param name="due">What is due.</param>
    /// <param name="period">The earlier period.</param>
    /// <param name="element">Null for a levy, which all of it may have changed.</param>
    /// <param name="onlyNear">Something else is a cause, so that what does not concern it is none.</param>
    public static ValueList<long> OfLate(
        SlipRequest request, DuePay due, PayPeriod period, int? element, bool onlyNear = false)
    {
        var known = 0L;
        foreach (var (_, _, slip) in request.Earlier)
        {
            known = slip.Through >= period.Through ? Math.Max(known, slip.EmployeeVersion) : known;
        }

        var near = new SortedSet<long>();
        var all = new SortedSet<long>();
        var employee = request.Employee;
        var days = DaySpan.Of(period);
        foreach (var span in due.Spans)
        {
            var held = span.Days.And(days);
            Note(span.Version, (element is null || span.Element == element) && held.From <= held.Through);
        }

        foreach (var (_, contract) in employee.Contracts)
        {
            var (from, end) = (contract.Details.From, employee.EndOf(contract.Details));
            Note(contract.Version, from <= period.Through && (end is null || end >= period.From));
        }

        foreach (var (_, absence) in employee.Absences)
        {
            Note(absence.Version, absence.Details.From <= period.Through && absence.Details.To >= period.From);
        }

        foreach (var (from, facts) in employee.Statutory)
        {
            Note(facts.Version, element is null && from <= period.Through);
        }

        if (employee.Termination is { } termination)
        {
            Note(termination.Version, termination.Details.LastDay <= period.Through);
        }

        return [.. near.Count > 0 || onlyNear ? near : all];

        void Note(long version, bool isNear)
        {
            if (version > known)
            {
                (isNear ? near : all).Add(version);
            }
        }
    }
}
