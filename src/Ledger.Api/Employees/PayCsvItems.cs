using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Ledger.Api.Batches;
using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Employees;
using NodaTime;

namespace Ledger.Api.Employees;

/// <summary>
/// Elements of pay as CSV: a header, and an element a line. No value can hold a comma, so a line is its values between
/// commas, each in quotes or not.
/// </summary>
public sealed class PayCsvItems(BatchKind<EmployeeCommand> kind, PipeReader body)
    : LineItems<EmployeeCommand>(kind, body, long.MaxValue)
{
    /// <summary>The columns that must be there, and two that may.</summary>
    public const string Header = "employee,element,effectiveFrom,amount,per,to,ifMatch";

    private static readonly string[] Known = Header.Split(',');

    private static readonly string[] Needed = Known[..5];

    private string[]? columns;

    protected override BatchItem<EmployeeCommand>? ReadLine(long line, ReadOnlySequence<byte> text)
    {
        try
        {
            var values = ValuesOf(text);
            if (columns is not null)
            {
                return new(line, CommandOf(values), null);
            }

            ReadHeader(values);
            return null;
        }
        catch (RequestException refused)
        {
            return new(line, null, refused.Problem);
        }
    }

    private void ReadHeader(string[] names)
    {
        columns = names;
        if (Array.Exists(Needed, name => !names.Contains(name)) || names.Distinct().Count() != names.Length
            || Array.Exists(names, name => !Known.Contains(name)))
        {
            Refuse(RequestProblems.Of(
                RequestProblems.FieldUnknown,
                $"The first line is '{Texts.Shown(string.Join(',', names))}'. Send the header {Header}, of which "
                + "the last two may be left out."));
        }
    }

    private PutPay CommandOf(string[] values)
    {
        if (values.Length != columns!.Length)
        {
            throw Fault(
                RequestProblems.FieldMissing,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The line has {values.Length} values, and the header {columns.Length} columns. Send as many."));
        }

        string? employee = null, element = null;
        LocalDate from = default;
        LocalDate? to = null;
        long? ifMatch = null;
        decimal amount = default;
        PayPer per = default;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            switch (columns[i])
            {
                case "employee":
                    employee = Ids.IsValid(value) ? value : throw new RequestException(
                        Http.ProblemOf(TextRefusals.IdInvalid("employee", value)));
                    break;
                case "element":
                    element = value;
                    break;
                case "effectiveFrom":
                    from = Day("effectiveFrom", value);
                    break;
                case "amount":
                    amount = AmountText.TryParse(value, out var some) ? some : throw Fault(
                        RequestProblems.AmountMalformed, $"amount is '{Texts.Shown(value)}'. Send one like 1500.00.");
                    break;
                case "per":
                    per = Choice<PayPer>.Find(value) ?? throw Fault(
                        RequestProblems.ValueNotKnown,
                        $"per is '{Texts.Shown(value)}'. Send one of {Choice<PayPer>.Instance}.");
                    break;
                case "to":
                    to = value.Length == 0 ? null : Day("to", value);
                    break;
                default:
                    ifMatch = value.Length == 0 ? null
                        : long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen
                        : throw Fault(
                            RequestProblems.IntegerMalformed,
                            $"ifMatch is '{Texts.Shown(value)}'. Send a version such as 3.");
                    break;
            }
        }

        return new(employee!, element!, from, new(amount, per, to), ifMatch);
    }

    private static LocalDate Day(string column, string value) =>
        Dates.TryParse(Encoding.UTF8.GetBytes(value), out var day) && Dates.IsInRange(day)
            ? day
            : throw Fault(
                RequestProblems.DateMalformed,
                $"{column} is '{Texts.Shown(value)}'. Send a day of the calendar, like 2026-03-31.");

    private static string[] ValuesOf(ReadOnlySequence<byte> text)
    {
        var utf8 = text.ToArray();
        if (!System.Text.Unicode.Utf8.IsValid(utf8) || utf8.AsSpan().Contains((byte)0))
        {
            throw Fault(RequestProblems.BodyNotUtf8, "The line is not UTF-8.");
        }

        return Encoding.UTF8.GetString(utf8).TrimStart('\uFEFF').TrimEnd('\r').Split(',')
            .Select(value => value.Trim())
            .Select(value => value is ['"', .., '"'] ? value[1..^1] : value)
            .ToArray();
    }

    private static RequestException Fault(string code, string detail) => RequestProblems.Fail(code, detail);
}
