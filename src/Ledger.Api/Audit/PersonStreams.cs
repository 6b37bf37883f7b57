using Ledger.Domain.Employees;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.Domain.TimeSheets;

namespace Ledger.Api.Audit;

/// <summary>Streams whose events are on one person: names in them are sealed, and pay, absences and hours are
/// not.</summary>
internal static class PersonStreams
{
    private static readonly string[] Prefixes =
        [Employee.StreamPrefix, Person.StreamPrefix, TimeSheet.StreamPrefix, PayRun.PayslipStreamPrefix];

    /// <summary>Whom a stream is on; null where it is on nobody.</summary>
    public static string? PersonOf(string stream)
    {
        if (Array.Find(Prefixes, each => stream.StartsWith(each, StringComparison.Ordinal)) is not { } prefix)
        {
            return null;
        }

        var parts = stream[prefix.Length..].Split('/');
        return prefix == PayRun.PayslipStreamPrefix ? parts[^1] : parts[0];
    }

    /// <summary>Notes that events of these streams are shown.</summary>
    public static void NoteRead(Call call, IEnumerable<string> streams)
    {
        var persons = streams.Select(PersonOf).OfType<string>().Distinct().Take(2).ToArray();
        if (persons.Length > 0)
        {
            call.NotePersonalDataRead(persons.Length == 1 ? persons[0] : null);
        }
    }
}
