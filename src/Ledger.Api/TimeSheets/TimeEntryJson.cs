using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.TimeSheets;

namespace Ledger.Api.TimeSheets;

/// <summary>One of many entries: what its own path says, and what is sent there.</summary>
/// <param name="IfMatch">The version that was read, to correct it.</param>
/// <param name="Content">As it is sent alone.</param>
public sealed record TimeEntryLine(string Employee, string Entry, TimeEntryDetails Content, long? IfMatch = null);

/// <summary>Reads what callers send of time that was worked.</summary>
internal static class TimeEntryJson
{
    private static readonly Members Line = new("employee", "entry", "ifMatch", "content");

    private static readonly Members Entry = new("from", "through", "zone", "breaks", "withdrawn");

    private static readonly Members Break = new("from", "through");

    public static TimeEntryDetails Read(ref JsonInput input, int unused)
    {
        WallTime? from = null, through = null;
        string? zone = null;
        ValueList<TimeBreak>? breaks = null;
        bool? withdrawn = null;
        var seen = input.Object();
        while (input.Next(Entry, ref seen))
        {
            switch (Entry[seen.Last])
            {
                case "from":
                    from = input.Time();
                    break;
                case "through":
                    through = input.Time();
                    break;
                case "zone":
                    zone = input.Null() ? null : input.Text();
                    break;
                case "breaks":
                    breaks = input.Null() ? null : ReadBreaks(ref input);
                    break;
                case "withdrawn":
                    withdrawn = input.Null() ? null : input.Flag();
                    break;
            }
        }

        return new(
            from ?? throw input.Missing("from"), through ?? throw input.Missing("through"), zone, breaks, withdrawn);
    }

    public static PutTimeEntry ReadLine(ref JsonInput input, int unused)
    {
        string? employee = null, entry = null;
        long? ifMatch = null;
        TimeEntryDetails? content = null;
        var seen = input.Object();
        while (input.Next(Line, ref seen))
        {
            switch (Line[seen.Last])
            {
                case "employee":
                    employee = input.Text();
                    break;
                case "entry":
                    entry = input.Text();
                    break;
                case "ifMatch":
                    ifMatch = input.Null() ? null : input.Integer(0, int.MaxValue);
                    break;
                case "content":
                    content = Read(ref input, unused);
                    break;
            }
        }

        if (!Ids.IsValid(employee ?? throw input.Missing("employee")))
        {
            throw new RequestException(Http.ProblemOf(TextRefusals.IdInvalid("employee", employee)));
        }

        return new(
            employee, entry ?? throw input.Missing("entry"), content ?? throw input.Missing("content"), ifMatch);
    }

    private static ValueList<TimeBreak> ReadBreaks(ref JsonInput input)
    {
        var breaks = new List<TimeBreak>();
        var count = 0;
        while (input.NextItem(ref count))
        {
            WallTime? from = null, through = null;
            var seen = input.Object();
            while (input.Next(Break, ref seen))
            {
                if (Break[seen.Last] == "from")
                {
                    from = input.Time();
                }
                else
                {
                    through = input.Time();
                }
            }

            breaks.Add(new(from ?? throw input.Missing("from"), through ?? throw input.Missing("through")));
        }

        return breaks.ToValueList();
    }
}
