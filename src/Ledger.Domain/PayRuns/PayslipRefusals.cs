using static Ledger.Domain.Texts;

namespace Ledger.Domain.PayRuns;

public static class PayslipRefusals
{
    public static Refusal PeriodInvalid(string? period, string wanted) => new(
        "pay-period-invalid",
        $"The pay group has no period '{Shown(period)}': send {wanted}.");

    public static Refusal HoursUnknown(string element) => new(
        "hours-unknown",
        $"The element '{Shown(element)}' is paid by the hour, and nobody has recorded hours: send time entries, or pay "
        + "of a month.");
}
