using System.Text.Json;
using Ledger.Domain.TimeSheets;

namespace Ledger.Api.Json;

/// <content>What clocks show.</content>
public ref partial struct JsonInput
{
    /// <summary>What a clock on the wall showed, to the minute, with an offset where it is sent.</summary>
    public WallTime Time()
    {
        Expect(JsonTokenType.String, "a time such as \"2026-03-31T08:00\"");
        var text = Unescaped();
        if (!WallTime.IsValid(text))
        {
            throw Fail(
                RequestProblems.DateMalformed,
                $"is {Shown()}. Send what the clock showed, to the minute, like \"2026-03-31T08:00\", and with its "
                + "offset where the clocks went back: \"2026-10-25T03:30+02:00\".");
        }

        var time = new WallTime(text);
        return Dates.IsInRange(time.Local.Date)
            ? time
            : throw Fail(RequestProblems.DateOutOfRange, $"is {Shown()}. Send a date from 1900 to 2199.");
    }
}
