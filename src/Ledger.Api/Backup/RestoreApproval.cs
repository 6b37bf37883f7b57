using System.Globalization;
using Ledger.Api.Approvals;
using Ledger.Api.Keys;
using Ledger.Domain.Approvals;
using Ledger.EventStore;
using NodaTime;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>How a company's persons see a restore.</summary>
/// <param name="Company">Whose.</param>
/// <param name="Waits">The id of the approval that somebody else has yet to give.</param>
/// <param name="ApprovedBy">The person who gave it.</param>
/// <param name="Alone">What is recorded where there is nobody else.</param>
internal sealed record RestoreSeen(
    string Company, string? Waits, string? ApprovedBy, ApprovedBySinglePerson? Alone);

/// <summary>What a company's persons agree to: which backup comes, and what goes for it.</summary>
/// <param name="Backup">The SHA-256 by which the file is sealed.</param>
/// <param name="Made">When the backup was made.</param>
/// <param name="Sequence">Of the last event in it.</param>
/// <param name="ReplacedSequence">Of the last event of the company that goes, but for those by which it was
/// asked.</param>
/// <param name="MayBeOlder">Events that the backup does not have may go.</param>
/// <param name="MayBeChanged">What comes may be other than what was signed.</param>
internal sealed record RestoreDeed(
    string Backup, Instant Made, long Sequence, long ReplacedSequence, bool MayBeOlder, bool MayBeChanged);

/// <summary>
/// A backup that takes the place of a ledger takes that of every company in it, so in each a second person agrees. The
/// request is recorded in the ledger that is there, and stays in it when it is set aside.
/// </summary>
internal static class RestoreApproval
{
    /// <summary>What two persons see it by.</summary>
    public const string Subject = "ledger";

    /// <summary>The last event of each company that is there, without those by which it is asked and agreed whether it
    /// may go.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> GoingAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select s.tenant_id, coalesce(max(e.seq_id), 0)
            from public.mt_streams s
            left join public.mt_events e on e.tenant_id = s.tenant_id and not {RestoreTarget.IsOfRestore}
            where s.id = '{Streams.Company}'
            group by s.tenant_id
            """, connection);
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var going = new SortedDictionary<string, long>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation))
        {
            going.Add(rows.GetString(0), rows.GetInt64(1));
        }

        return going;
    }

    /// <param name="settings">Name the owner's key, by which it is asked.</param>
    /// <param name="connectionString">Of the ledger that goes.</param>
    /// <param name="going">The last event of each of its companies.</param>
    /// <param name="backup">What comes.</param>
    /// <param name="options">How.</param>
    /// <param name="say">Is told what became of the owner's key.</param>
    /// <param name="cancellation">Leaves what was asked by then.</param>
    /// <exception cref="SetUpException">Somebody has yet to agree: the message says in which companies.</exception>
    public static async Task<IReadOnlyDictionary<string, RestoreSeen>> AskAsync(
        Settings settings,
        string connectionString,
        IReadOnlyDictionary<string, long> going,
        BackupFile backup,
        RestoreOptions options,
        Action<string> say,
        CancellationToken cancellation)
    {
        var seen = new Dictionary<string, RestoreSeen>(StringComparer.Ordinal);
        if (going.Count == 0)
        {
            return seen;
        }

        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var store = new Store(source);
        var transact = new Transact(store);
        var actor = await OwnerKey.EnsureAsync(store, settings.Data, LedgerHost.TheClock, say, cancellation);
        var doer = new Doer(
            Caller.LedgerOwner(actor), LedgerHost.TheClock, CanWait: true,
            OthersByToken: TokenSettings.Read(settings.Configuration) is not null);
        foreach (var (company, last) in going)
        {
            var deed = new RestoreDeed(
                backup.Seal, Instant.FromDateTimeOffset(backup.Manifest.Made), backup.Manifest.Sequence, last,
                options.MayBeOlder, options.MayBeChanged);
            var outcome = await transact.RunAsync(
                company, new(actor, null, null, null), reading => SeeAsync(company, deed, reading, doer));
            seen[company] = outcome switch
            {
                Transacted<RestoreSeen>.Done done => done.Answer,
                Transacted<RestoreSeen>.Refused refused => throw new SetUpException(
                    $"{company}: {refused.Refusal.Message}"),
                _ => throw new SetUpException(
                    $"It could not be recorded in {company} that a restore was asked for ({outcome}): run this again."),
            };
        }

        return seen.Values.Any(each => each.Waits is not null) ? throw Waits([.. seen.Values]) : seen;
    }

    private static async ValueTask<Verdict<RestoreSeen>> SeeAsync(
        string company, RestoreDeed restore, Reading reading, Doer doer)
    {
        var deed = new Deed(ApprovalKind.Restore, Subject, restore);
        var (seen, refusal, asked) = await SecondPerson.LookAsync(deed, reading, doer);
        if (refusal is not null)
        {
            return refusal;
        }

        var (fourEyes, _) = await reading.StateAsync(Streams.Approvals, Streams.FourEyesFold);
        if (seen!.Proceeds)
        {
            return Verdict.Nothing(new RestoreSeen(
                company, null, fourEyes.Find(asked.Command.Id)?.GivenBy,
                seen.Events.OfType<ApprovedBySinglePerson>().FirstOrDefault()));
        }

        return Verdict.Append(
            new RestoreSeen(company, asked.Command.Id, null, null), (Streams.Approvals, seen.Events));
    }

    private static SetUpException Waits(IReadOnlyList<RestoreSeen> seen)
    {
        var waiting = seen.Where(each => each.Waits is not null).ToList();
        return new(string.Create(
            CultureInfo.InvariantCulture,
            $"A second person has yet to agree in {waiting.Count:#,0} of {seen.Count:#,0} companies, while the service "
                + $"runs; then run this again. Nothing was changed.\n")
            + string.Join('\n', waiting.Select(
                each => $"  POST /companies/{each.Company}/approvals/{each.Waits}/approval")));
    }
}
