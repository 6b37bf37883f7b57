using System.Globalization;
using System.Text;

namespace Ledger.Domain.Payroll;

/// <summary>Why a line of a payslip is what it is, as a sentence that a person can follow.</summary>
public static class Explanation
{
    /// <param name="lines">They must have kept their steps.</param>
    /// <param name="line">Its place.</param>
    public static string Of(PayslipLines lines, int line)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var shown = lines.AsSpan()[line];
        var text = new StringBuilder(shown.Type.Rule);
        var separator = ". Here: ";
        foreach (ref readonly var step in lines.StepsOf(line))
        {
            text.Append(separator).Append(step.Name).Append(' ').Append(Amount(step.Value));
            separator = "; ";
        }

        if (shown.Base != 0 && shown.Rate != 0)
        {
            text.Append(separator).Append(Amount(shown.Base));
            text.Append(shown.Type.IsBanded ? " in bands up to " : " at ");
            text.Append(Percent(shown.Rate));
        }

        text.Append(". ").Append("Comes to ").Append(Amount(shown.Amount)).Append('.');
        if (shown.Figure is { } figure)
        {
            text.Append(" Source: ").Append(figure.Source);
            text.Append(", from ").Append(Texts.Shown(figure.From)).Append('.');
        }

        return text.ToString();
    }

    private static string Amount(decimal amount) => amount.ToString("#,0.00##", CultureInfo.InvariantCulture);

    private static string Percent(decimal rate) =>
        (rate * 100).ToString("0.######", CultureInfo.InvariantCulture) + " %";
}
