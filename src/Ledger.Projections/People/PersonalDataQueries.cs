using System.Text;
using Ledger.Domain.Approvals;
using Ledger.Domain.Employees;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.Domain.TimeSheets;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Ledger.Projections.Queries;
using NodaTime;

namespace Ledger.Projections.People;

/// <summary>A text on a person, and the event that holds it.</summary>
public sealed record PersonalDataText(SealedText Stored, EventOnPerson Event);

/// <summary>An event that holds data on a person, says what became of it, is about them as an employee, is a payslip
/// of theirs, says whom a run is for or what became of its payments where they are among these, names them in a key, or
/// is of an approval that names them.</summary>
public sealed record EventOnPerson(
    Guid Id, long Sequence, Instant Recorded, string Stream, long Version, string Type, string Data);

/// <summary>A page of what is kept on a person, in the order of recording.</summary>
public sealed record PersonalDataThen(
    IReadOnlyList<PersonalDataText> Texts, IReadOnlyList<EventOnPerson> Events, Knowledge Known);

/// <summary>Finds all data on a person, whatever the events that hold it.</summary>
public static class PersonalDataQueries
{
    /// <param name="after">The sequence of the last event of the page before; 0 begins.</param>
    /// <param name="limit">Events of a page; there are no more behind one that has fewer.</param>
    public static async Task<Answer<PersonalDataThen>> OfAsync(
        Snapshot snapshot, string person, long after, int limit)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        const string sql = """
            with asked as (
                select a.seq_id, a.data ->> 'id' as id
                from public.mt_events a
                left join public.mt_events w on a.type = 'approval_requested' and w.tenant_id = $1
                    and w.stream_id = $11 || (a.data ->> 'id') and w.type = 'approval_content_recorded'
                cross join lateral (select case
                    when w.seq_id is not null then (w.data ->> 'content')::jsonb
                    when a.type = 'approval_requested' and a.data ->> 'sha256' is null
                        then (a.data ->> 'content')::jsonb end as all_of_it) c
                where a.tenant_id = $1 and a.stream_id = 'approvals'
                    and (a.data ->> 'kind' in ('erasePersonalData', 'changeBankAccount') and a.data ->> 'subject' = $3
                        or c.all_of_it ->> 'person' = $3 or c.all_of_it -> 'counterpartyPerson' ->> 'person' = $3))
            select e.id, e.seq_id, e.timestamp, e.stream_id, e.version, e.type, e.data::text
            from (
                select sequence from ledger_read.personal_data_{v}
                where company = $1 and person = $3 and position <= $2
                union
                select s.seq_id from public.mt_events s where s.tenant_id = $1 and s.stream_id = $4
                union
                select w.seq_id from public.mt_events w where w.tenant_id = $1 and w.stream_id = $7
                union
                select t.seq_id from public.mt_streams sheet join public.mt_events t
                    on t.tenant_id = $1 and t.stream_id = sheet.id
                where sheet.tenant_id = $1 and starts_with(sheet.id, $10)
                union
                select p.seq_id
                from public.mt_streams r join public.mt_events p
                    on p.tenant_id = $1 and p.stream_id = $9 || substr(r.id, length($8) + 1) || '/' || $3
                where r.tenant_id = $1 and starts_with(r.id, $8)
                union
                select k.seq_id from public.mt_events k
                where k.tenant_id = $1 and k.stream_id = 'keys' and k.data -> 'key' ->> 'person' = $3
                union
                select seq_id from asked
                union
                select g.seq_id from asked join public.mt_events g
                    on g.tenant_id = $1 and g.stream_id = 'approvals' and g.data ->> 'id' = asked.id
                union
                select b.seq_id from asked join public.mt_events b
                    on b.tenant_id = $1 and b.stream_id = $11 || asked.id
                union
                select q.seq_id from public.mt_streams r join public.mt_events q
                    on q.tenant_id = $1 and q.stream_id = r.id
                where r.tenant_id = $1 and starts_with(r.id, $8)
                    and (q.data -> 'details' -> 'employees' ? $3 or q.data -> 'employees' ? $3
                        or q.data -> 'without' ? $3
                        or q.type in ('payment_file_issued', 'payments_confirmed')
                            and q.data -> 'employees' is null
                            and exists (select from public.mt_streams s where s.tenant_id = $1
                                and s.id = $9 || substr(r.id, length($8) + 1) || '/' || $3))) d
            join public.mt_events e on e.seq_id = d.sequence
            join ledger.log l on l.sequence = e.seq_id
            where l.position <= $2 and e.seq_id > $5
            order by e.seq_id
            limit $6
            """;
        var company = snapshot.Company.Code;
        var events = snapshot.Ask(
            sql,
            row => new EventOnPerson(
                row.GetGuid(0), row.GetInt64(1), row.GetInstant(2), row.GetString(3), row.GetInt64(4),
                row.GetString(5), row.GetString(6)),
            company,
            snapshot.Knowledge.Position,
            person,
            Person.StreamPrefix + person,
            after,
            limit,
            Employee.StreamPrefix + person,
            PayRun.StreamPrefix,
            PayRun.PayslipStreamPrefix,
            $"{TimeSheet.StreamPrefix}{person}/",
            FourEyes.ContentStreamPrefix);
        await snapshot.SendAsync();
        return events.Count == 0 && after == 0
            ? PersonRefusals.Unknown(person)
            : new PersonalDataThen(
                [.. events.SelectMany(each => TextsIn(each, company, person))], events, snapshot.Knowledge);
    }

    private static IEnumerable<PersonalDataText> TextsIn(EventOnPerson at, string company, string person)
    {
        var recorded = new RecordedEvent(
            at.Sequence, at.Id, company, at.Stream, at.Version, at.Type, Encoding.UTF8.GetBytes(at.Data), at.Recorded,
            null, null, null, null);
        return EventCatalog.Ledger.SealedIn(recorded, EventCatalog.Ledger.Read(recorded))
            .Where(stored => stored.Text.Person == person)
            .Select(stored => new PersonalDataText(stored, at));
    }
}
