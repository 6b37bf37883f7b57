using System.Globalization;
using Ledger.Api.Approvals;
using Ledger.Api.Keys;
using Ledger.Domain.Approvals;
using Ledger.Domain.Backup;
using Ledger.EventStore;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>How a company's persons see a restore.</summary>
/// <param name="Company">Whose.</param>
/// <param name="Waits">The id of the approval that somebody else has yet to give.</param>
/// <param name="ApprovedBy">The person who gave it.</param>
/// <param name="Alone">What is recorded where there is nobody else.</param>
internal sealed record RestoreSeen(
    string Company, string? Waits, string? ApprovedBy, ApprovedBySinglePerson? Alone);

/// <summary>
/// A backup that takes the place of a ledger takes that of every company in it, so in each a second person agrees. The
/// request is recorded in the ledger that is there, and stays in it when it is set aside.
/// </summary>
internal static class RestoreApproval
{
    /// <summary>What two persons see it by.</summary>
    public const string Subject = "ledger";

    /// <exception cref="SetUpException">Somebody has yet to agree: the message says in which companies.</exception>
    public static async Task<IReadOnlyDictionary<string, RestoreSeen>> AskAsync(
        Settings settings,
        string connectionString,
        IReadOnlyList<string> companies,
        LedgerRestored restored,
        Action<string> say,
        CancellationToken cancellation)
    {
        var seen = new Dictionary<string, RestoreSeen>(StringComparer.Ordinal);
        if (companies.Count == 0)
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
        foreach (var company in companies)
        {
            var outcome = await transact.RunAsync(
                company, new(actor, null, null, null), reading => SeeAsync(company, restored, reading, doer));
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
        string company, LedgerRestored restored, Reading reading, Doer doer)
    {
        var deed = new Deed(ApprovalKind.Restore, Subject, restored);
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
