namespace Ledger.Domain.Payroll;

/// <summary>The rules of a calculation, in the order in which they answer; the pack's own come last.</summary>
public static class PayslipDecider
{
    /// <summary>Earnings of one payslip; to find gross from net is to calculate it some hundred times.</summary>
    public const int ElementsMax = 100;

    /// <summary>Null, and the lines of the payslip; or the first rule that is broken.</summary>
    public static Refusal? Calculate(CalculatePayslip command, PayslipLines lines)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(lines);
        if (Packs.Find(command.Pack) is not { } pack)
        {
            return PayrollRefusals.PackUnknown(command.Pack, Packs.All.Select(each => each.Name));
        }

        if (command.Earnings.Count > ElementsMax)
        {
            return PayrollRefusals.ElementsTooMany(ElementsMax);
        }

        if (UnknownElement(command, pack) is { } element)
        {
            return PayrollRefusals.ElementUnknown(element, pack.Elements.Select(each => each.Code));
        }

        if (command.Earnings.FirstOrDefault(each => each.Amount < 0) is { } negative)
        {
            return PayrollRefusals.ElementNegative(negative.Element, negative.Amount);
        }

        if (command.Earnings.FirstOrDefault(each => !Money.TryScale(each.Amount, 2, out _)) is { } fine)
        {
            return PayrollRefusals.ElementDigits(fine.Element, fine.Amount);
        }

        if (command.NetTarget is { } wished && !Money.TryScale(wished.Net, 2, out _))
        {
            return PayrollRefusals.ElementDigits(wished.Element, wished.Net);
        }

        if (FactSheet.Read(pack.Facts, command.Facts, out var facts) is { } factRefusal)
        {
            return factRefusal;
        }

        if (FactSheet.Read(pack.ToDate, command.ToDate, out var toDate) is { } toDateRefusal)
        {
            return toDateRefusal;
        }

        return command.NetTarget is { } target
            ? Reach(target, command, pack, facts, toDate, lines)
            : pack.Calculate(PayOf(command, pack, null), facts, toDate, lines);
    }

    private static Refusal? Reach(
        NetTarget target, CalculatePayslip command, Pack pack, FactSheet facts, FactSheet toDate, PayslipLines lines)
    {
        var trial = new PayslipLines();
        var pay = PayOf(command, pack, new(target.Element, 0));
        if (pack.Calculate(pay, facts, toDate, trial) is { } refusal)
        {
            return refusal;
        }

        var others = command.Earnings.Sum(each => each.Amount);
        var turningPoints = pack.TurningPoints(pay, toDate).Select(point => point - others).Where(point => point > 0);
        return GrossUp.Find(target.Net, turningPoints, NetOf) is { } gross
            ? pack.Calculate(PayOf(command, pack, new(target.Element, gross)), facts, toDate, lines)
            : PayrollRefusals.NetTargetNotReached(target.Net);

        decimal NetOf(decimal gross)
        {
            trial.Clear();
            pack.Calculate(PayOf(command, pack, new(target.Element, gross)), facts, toDate, trial);
            return trial.Net;
        }
    }

    private static string? UnknownElement(CalculatePayslip command, Pack pack) =>
        command.Earnings.Select(each => each.Element)
            .Concat(command.NetTarget is { } target ? [target.Element] : [])
            .FirstOrDefault(code => pack.Element(code) is null);

    /// <param name="more">Pay beside that which was sent.</param>
    private static PayCalculation PayOf(CalculatePayslip command, Pack pack, PayLine? more) => new()
    {
        PayDate = command.PayDate,
        Frequency = command.Frequency,
        EarnedThrough = command.EarnedThrough,
        Period = command.Period,
        LawKnownOn = command.LawKnownOn,
        Earnings = command.Earnings.Concat(more is null ? [] : [more])
            .Select(each => new Earning(pack.Element(each.Element)!, each.Amount))
            .ToArray(),
    };
}
