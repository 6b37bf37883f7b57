using Ledger.Domain;
using Ledger.Domain.Employees;
using Ledger.Domain.TimeSheets;
using Ledger.Tests.Employees;
using NodaTime;
using static Ledger.Tests.TimeSheets.RecordedTime;

namespace Ledger.Tests.TimeSheets;

public sealed class TimeSheetDeciderTests
{
    private static readonly TimeEntryDetails Shift = Entry("2026-06-01T08:00", "2026-06-01T16:00");

    private static readonly TimeEntryRecorded Recorded = new(
        "t-1", Shift, new("Europe/Sofia", Utc(1, 5), Utc(1, 13)));

    [Fact]
    public void Time_is_recorded_as_it_was_sent_with_the_instants_that_it_means() =>
        Given().When(sheet => Decide(Put("t-1", Shift), sheet)).ThenAppended(Recorded);

    [Fact]
    public void Without_a_zone_it_is_that_of_the_company() =>
        Given().When(sheet => Decide(Put("t-1", Shift with { Zone = null }), sheet)).ThenAppended(
            new TimeEntryRecorded("t-1", Shift with { Zone = null }, new("Europe/Berlin", Utc(1, 6), Utc(1, 14))));

    [Fact]
    public void Over_midnight_the_end_has_the_date_of_the_next_day()
    {
        var pause = new TimeBreak(new("2026-07-01T02:00"), new("2026-07-01T02:30"));
        var night = Entry("2026-06-30T22:00", "2026-07-01T06:00", pause) with { Zone = "UTC" };
        Given().When(sheet => Decide(Put("t-1", night), sheet)).ThenAppended(new TimeEntryRecorded(
            "t-1", night, new("UTC", Utc(30, 22), Instant.FromUtc(2026, 7, 1, 6, 0),
                [new(Instant.FromUtc(2026, 7, 1, 2, 0), Instant.FromUtc(2026, 7, 1, 2, 30))])));
    }

    [Fact]
    public void Other_content_corrects_and_needs_the_version_that_was_seen()
    {
        var longer = Shift with { Through = new("2026-06-01T17:00") };
        Given(Recorded).When(sheet => Decide(Put("t-1", longer), sheet))
            .ThenRefused(RegisterRefusals.IfMatchRequired(1));
        Given(Recorded).When(sheet => Decide(Put("t-1", longer) with { IfMatch = 1 }, sheet)).ThenAppended(
            new TimeEntryRecorded("t-1", longer, new("Europe/Sofia", Utc(1, 5), Utc(1, 14))));
    }

    [Fact]
    public void What_was_withdrawn_is_in_nobodys_way()
    {
        var gone = Shift with { Withdrawn = true };
        Given(Recorded).When(sheet => Decide(Put("t-1", gone) with { IfMatch = 1 }, sheet))
            .ThenAppended(Recorded with { Details = gone });
        Given(Recorded with { Details = gone }).When(sheet => Decide(Put("t-2", Shift), sheet))
            .ThenAppended(Recorded with { Entry = "t-2" });
    }

    [Fact]
    public void Whoever_may_not_read_what_others_recorded_is_not_told_when_that_was()
    {
        var inside = Put("t-2", Entry("2026-06-01T09:00", "2026-06-01T10:00"));
        Refusal? To(TimeSheetPlace place) => TimeSheetDecider.Decide(inside, Given(Recorded).State, place).Refusal;
        Assert.Contains("'t-1' (2026-06-01T08:00 to ", To(Shop)!.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSheetRefusals.Overlap("t-2", null), To(Shop with { IsOwnOnly = true }));
        Assert.Equal(
            TimeSheetRefusals.OfAnother("t-1"),
            TimeSheetDecider.Decide(
                Put("t-1", Shift), Given(Recorded).State, Shop with { IsOfAnother = true }).Refusal);
    }

    [Fact]
    public void Entries_that_touch_do_not_overlap()
    {
        var next = Entry("2026-06-01T16:00", "2026-06-01T18:00");
        Given(Recorded).When(sheet => Decide(Put("t-2", next), sheet)).ThenAppended(
            new TimeEntryRecorded("t-2", next, new("Europe/Sofia", Utc(1, 13), Utc(1, 15))));
    }

    [Fact]
    public void Entries_of_the_months_beside_overlap_as_well()
    {
        var time = new RecordedTime();
        Assert.Null(time.Record("t-1", "2026-06-30T22:00", "2026-07-01T06:00"));
        Assert.Null(time.Record("t-3", "2026-08-01T00:00", "2026-08-01T06:00"));
        Assert.Equal("time-entries-overlap", time.Record("t-2", "2026-07-01T05:00", "2026-07-01T09:00")?.Code);
        Assert.Equal("time-entries-overlap", time.Record("t-2", "2026-07-31T20:00", "2026-08-01T04:00")?.Code);
        Assert.Equal("time-entry-of-other-month", time.Record("t-3", "2026-07-31T20:00", "2026-07-31T22:00")?.Code);
    }

    [Fact]
    public void The_same_hour_twice_is_told_apart_by_its_offset()
    {
        var time = new RecordedTime();
        Assert.Equal("time-ambiguous", time.Record("a", "2026-10-25T03:00", "2026-10-25T08:00")?.Code);
        Assert.Null(time.Record("a", "2026-10-25T03:00+03:00", "2026-10-25T03:00+02:00"));
        Assert.Null(time.Record("b", "2026-10-25T03:00+02:00", "2026-10-25T04:00"));
        Assert.Equal(
            [60, 60], time.Sheets![0].Sheet.Entries.Values.Select(entry => entry.Resolved.WorkedMinutes()));
    }

    [Fact]
    public void Messages_say_what_to_send()
    {
        var time = new RecordedTime();
        Assert.Equal(
            "from is 2026-03-29T03:30, and in Europe/Sofia the clocks went from 2026-03-29T03:00 to 2026-03-29T04:00, "
            + "so that no clock showed it: send what it showed, such as 2026-03-29T04:30.",
            time.Record("a", "2026-03-29T03:30", "2026-03-29T08:00")?.Message);
        Assert.Equal(
            "through is 2026-10-25T03:30, which clocks in Europe/Sofia showed twice: send 2026-10-25T03:30+03:00 for "
            + "the first or 2026-10-25T03:30+02:00 for the second.",
            time.Record("a", "2026-10-25T01:00", "2026-10-25T03:30")?.Message);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void The_first_broken_rule_answers(int repaired, string code) => Faults.Check(repaired, code);

    public static TheoryData<int, string> Rows => Faults.Rows;

    internal static readonly FaultTable<Broken> Faults = new(
        new(
            new(
                "Ana Petrova", "t 2",
                new(
                    new("2026-03-29T03:30"), new("2026-10-25T07:00"), "Mars/Olympus",
                    Enumerable.Repeat(Pause("12:00", "13:00"), 21).ToValueList()),
                7),
            TimeSheet.Evolve(TimeSheet.Initial, new TimeEntryRecorded(
                "t-0", Entry("2026-10-25T08:00", "2026-10-25T12:00"), new(
                    "Europe/Sofia", Instant.FromUtc(2026, 10, 25, 6, 0), Instant.FromUtc(2026, 10, 25, 10, 0)))),
            new(
                EmployeeBooks.Nowhere.Company, EmployeeBooks.Nowhere.Person, Employee.Initial,
                TimeSheet.Evolve(TimeSheet.Initial, Recorded with { Entry = "t-2" }), TimeSheet.Initial,
                IsOwnOnly: true, IsOfAnother: true)),
        broken => TimeSheetDecider.Decide(broken.Command, broken.Sheet, broken.At).Refusal,
        new("time-entry-of-another", a => a with { At = a.At with { IsOfAnother = false } }),
        new("company-unknown", a => a with { At = a.At with { Company = Shop.Company } }),
        new("id-invalid", a => a with { Command = a.Command with { Employee = EmployeeBooks.Id } }),
        new("personal-data-erased", a => a with { At = a.At with { Person = Shop.Person } }),
        new("employee-unknown", a => a with { At = a.At with { Employee = Shop.Employee } }),
        new("id-invalid", a => a with { Command = a.Command with { Entry = "t-2" } }),
        new("if-match-failed", a => a with { Command = a.Command with { IfMatch = null } }),
        new("time-entry-of-other-month", a => a with { At = a.At with { Before = TimeSheet.Initial } }),
        new("time-zone-unknown", a => Sent(a, d => d with { Zone = "Europe/Sofia" })),
        new("time-in-missing-hour", a => Sent(a, d => d with { From = new("2026-10-25T03:30") })),
        new("time-ambiguous", a => Sent(a, d => d with { From = new("2026-10-25T08:00+03:00") })),
        new("time-offset-wrong", a => Sent(a, d => d with { From = new("2026-10-25T08:00+02:00") })),
        new("time-ends-before-it-begins", a => Sent(a, d => d with { Through = new("2026-10-26T09:00") })),
        new("time-entry-too-long", a => Sent(a, d => d with { Through = new("2026-10-25T17:00") })),
        new("time-breaks-too-many", a => Sent(a, d => d with { Breaks = [Pause("16:30", "17:30")] })),
        new("time-break-outside", a => Sent(a, d => d with
        {
            Breaks = [Pause("12:00", "13:00"), Pause("12:30", "14:00")],
        })),
        new("time-breaks-overlap", a => Sent(a, d => d with { Breaks = [Pause("12:00", "13:00")] })),
        new("time-entries-overlap", a => a with { Sheet = TimeSheet.Initial }));

    internal sealed record Broken(PutTimeEntry Command, TimeSheet Sheet, TimeSheetPlace At);

    private static Broken Sent(Broken a, Func<TimeEntryDetails, TimeEntryDetails> change) =>
        a with { Command = a.Command with { Details = change(a.Command.Details) } };

    private static TimeBreak Pause(string from, string through) => new(
        new($"2026-10-25T{from}"), new($"2026-10-25T{through}"));

    private static Given<TimeSheet, TimeSheetEvent> Given(params TimeSheetEvent[] events) =>
        new Given<TimeSheet, TimeSheetEvent>(TimeSheet.Initial, TimeSheet.Evolve).And(events);

    private static Decision<TimeSheetEvent> Decide(PutTimeEntry command, TimeSheet sheet) =>
        TimeSheetDecider.Decide(command, sheet, Shop);

    private static PutTimeEntry Put(string entry, TimeEntryDetails details) => new(EmployeeBooks.Id, entry, details);

    private static TimeEntryDetails Entry(string from, string through, params TimeBreak[] breaks) => new(
        new(from), new(through), "Europe/Sofia", breaks.Length == 0 ? null : breaks.ToValueList());

    private static Instant Utc(int day, int hour) => Instant.FromUtc(2026, 6, day, hour, 0);
}
