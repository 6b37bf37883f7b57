using Ledger.Api.OpenApi;
using Ledger.Api.People;
using Ledger.Api.Queries;
using Ledger.Domain.Approvals;
using Ledger.Domain.Keys;
using Ledger.Projections.Approvals;
using NodaTime;

namespace Ledger.Api.Approvals;

/// <summary>What a second person must see, over HTTP.</summary>
public static class ApprovalsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/four-eyes", PutAsync)
            .Needs(Permission.ChangeFourEyes)
            .Is(
                "putFourEyes", "Approvals", "Says what is done by two persons",
                "Without it: reopening a month, keys, erasing what is kept on a person, destroying salts of the audit "
                + "log, payment files of whoever may record people, and these settings. Limits are in the functional "
                + "currency; `payrollAccounts` are accounts of the chart, each for itself without those below it. A "
                + "person who could not be joined by anybody else does these things alone, which is recorded as such. "
                + "Changing the settings is itself done by two.")
            .Changes()
            .Reads<FourEyesSettings>(SettingsExample)
            .Writes<FourEyesWritten>(
                """{"version": 1, "sequence": 90, "recorded": "2026-02-03T08:00:00.123456Z"}""")
            .MayWait()
            .Refuses(RequestProblems.AmountMalformed, "company-unknown")
            .Refuses("approval-limit-negative", "approval-accounts-too-many")
            .Refuses("account-code-invalid", "approval-account-unknown")
            .Refuses(Refusals.Of("Register"));
        surface.Get("/companies/{company}/four-eyes", GetAsync)
            .Needs(Permission.ReadApprovals)
            .Is(
                "getFourEyes", "Approvals", "Reads what is done by two persons",
                "As it was last sent; all null while it was never set.")
            .Shows<FourEyesSettings>(SettingsExample)
            .Refuses("company-unknown");
        surface.Get("/companies/{company}/approvals", ListAsync)
            .Needs(Permission.ReadApprovals)
            .Is(
                "listApprovals", "Approvals", "Lists what waits for a second person",
                "And what was approved and is not yet done. What was done or refused is in the events. Of a very long "
                + "content there is the beginning, and `sha256` of all of it, which `GET …/approvals/{id}` shows. "
                + PersonalNote)
            .Pages()
            .Shows<ApprovalList>(ListExample)
            .Refuses(RequestProblems.ParameterMalformed, "company-unknown");
        surface.Get("/companies/{company}/approvals/{id}", GetOneAsync)
            .Needs(Permission.ReadApprovals, own: Permission.UseOwnKey)
            .Is(
                "getApproval", "Approvals", "Says how far a request for approval is",
                "With all that would be done. Everybody may ask about their own. One that was done or refused long ago "
                + "is in the events only. " + PersonalNote)
            .Shows<ApprovalRow>(RowExample)
            .Refuses("approval-not-found", "id-invalid");
        surface.Post("/companies/{company}/approvals/{id}/approval", ApproveAsync)
            .Needs(Permission.Approve)
            .Is(
                "approve", "Approvals", "Agrees to what somebody else asked for",
                "Whoever asked then sends the same request again, and it is done. Nobody approves what the same person "
                + "asked for, whatever key it was. It takes no body.")
            .Writes<ApprovalWritten>(WrittenExample)
            .Refuses(RequestProblems.BodyNotExpected)
            .Refuses("approval-not-found", "approval-of-outsider", "approval-of-oneself");
        surface.Post("/companies/{company}/approvals/{id}/refusal", RefuseAsync)
            .Needs(Permission.Approve, own: Permission.UseOwnKey)
            .Is(
                "refuseApproval", "Approvals", "Does not agree, or takes back what one asked for",
                "Who may approve may refuse, also what was approved and is not yet done; everybody may take back their "
                + "own. It can be asked for again.")
            .Reads<RefusalReason>("""{"reason": "Not without the invoice"}""")
            .Writes<ApprovalWritten>(WrittenExample)
            .Refuses("approval-not-found", "text-empty", "text-too-long");
    }

    private const string PersonalNote =
        "`personal` is what must be seen of a person to agree, such as the end of an account: for whoever may approve, "
        + "or read what is recorded of employees with what is personal; null for others, and where it was erased. "
        + "Reading it is noted in the log of accesses.";

    private const string SettingsExample = """
        {"entryAbove": "10000.00", "reversalAbove": null, "payrollAccounts": ["421"], "exempt": null,
        "withoutLedgerOwner": null}
        """;

    private const string WrittenExample = """
        {"approval": "9f86d081884c7d659a2feaa0c55ad015", "version": 4, "sequence": 91,
        "recorded": "2026-02-03T08:00:00.123456Z"}
        """;

    private const string RowExample = """
        {"approval": "9f86d081884c7d659a2feaa0c55ad015", "kind": "reopenPeriod",
        "subject": "2026-01", "content": "{\"period\":\"2026-01\",\"reason\":\"Late invoice\"}", "sha256": null,
        "holder": "maria", "givenBy": null, "status": "waiting", "personal": null}
        """;

    private const string ListExample = $$"""{"company": "acme", "rows": [{{RowExample}}], "next": null}""";

    private static async ValueTask PutAsync(Call call)
    {
        var command = new PutFourEyes(await call.BodyAsync(ApprovalJson.ReadSettings, 0), call.IfMatch);
        var outcome = await call.TransactAsync(reading => ApprovalWrites.PutAsync(command, reading, call.Doer));
        await Writes.AnswerAsync(call, outcome, static (_, _) => { }, 0);
    }

    private static async ValueTask GetAsync(Call call)
    {
        await Registers.RequireCompanyAsync(call);
        var approvals = await Registers.ReadAsync(call, Streams.Approvals, Streams.FourEyesFold);
        await Registers.WriteAsync(call, approvals.State.Settings, approvals.State.SettingsVersion);
    }

    private static async ValueTask ListAsync(Call call)
    {
        await Registers.RequireCompanyAsync(call);
        var approvals = await Registers.ReadAsync(call, Streams.Approvals, Streams.FourEyesFold);
        var limit = call.Limit();
        var after = Cursor.Of(call, places: 1)?.Place[0];
        var page = approvals.State.Open.Where(each => string.CompareOrdinal(each.Id, after) > 0).Take(limit + 1)
            .ToList();
        var rows = await RowsAsync(call, page.Take(limit).ToList());
        var next = page.Count > limit ? Cursor.Write(call, 0, rows[^1].Approval) : null;
        await Registers.WriteAsync(call, new ApprovalList(call.Company, rows, next), approvals.Version);
    }

    private static async ValueTask GetOneAsync(Call call)
    {
        var id = call.Id("id");
        var approvals = await Registers.ReadAsync(call, Streams.Approvals, Streams.FourEyesFold);
        var approval = approvals.State.Find(id) ?? approvals.State.FindEnded(id);
        if (approval is null
            || (!call.Caller.May(Permission.ReadApprovals) && approval.Holder != call.Caller.Holder))
        {
            throw new RequestException(Http.ProblemOf(ApprovalRefusals.Unknown(id)));
        }

        var row = (await RowsAsync(call, [approval]))[0];
        if (row.Sha256 is not null && await ApprovalQueries.WholeContentAsync(
            call.Ledger.Database, call.Company, id, call.Gone) is { } whole)
        {
            row = row with { Content = whole, Sha256 = null };
        }

        await Registers.WriteAsync(call, row, approvals.Version);
    }

    private static async Task<IReadOnlyList<ApprovalRow>> RowsAsync(Call call, IReadOnlyList<Approval> approvals)
    {
        var contents = await ApprovalQueries.ContentsAsync(
            call.Ledger.Database, call.Company, approvals.Select(each => each.Version), call.Gone);
        var personal = await PersonalAsync(call, approvals);
        return
        [
            .. approvals.Select(each => new ApprovalRow(
                each.Id, each.Kind, each.Subject,
                MaySee(call, each.Kind) ? contents[each.Version].Content : "{}", contents[each.Version].Sha256,
                each.Holder, each.GivenBy, each.Status, personal.GetValueOrDefault(each.Id))),
        ];
    }

    /// <summary>What a file pays is for whoever may read payments, who are fewer than may read approvals.</summary>
    private static bool MaySee(Call call, ApprovalKind kind) =>
        kind != ApprovalKind.ReleasePayments || call.Caller.May(Permission.ReadPayments);

    /// <summary>What is personal of them, by their ids, as far as the caller may see it.</summary>
    private static async Task<Dictionary<string, string?>> PersonalAsync(Call call, IReadOnlyList<Approval> approvals)
    {
        var mayReadPeople = call.Caller.May(Permission.ReadPeople) && call.MayReadPersonalData;
        if (!mayReadPeople && !call.Caller.May(Permission.Approve))
        {
            return [];
        }

        var stored = (await ApprovalQueries.PersonalContentsAsync(
            call.Ledger.Database, call.Company, approvals.Select(each => each.Id), call.Gone)).ToList();
        if (stored.Count == 0)
        {
            return [];
        }

        var opened = await Names.OpenAsync(call, [.. stored.Select(each => each.Value)]);
        var persons = opened.Select(each => each.Person).Distinct().Take(2).ToList();
        call.NotePersonalDataRead(persons.Count == 1 ? persons[0] : null);
        return stored.Zip(opened).ToDictionary(
            each => each.First.Key, each => each.Second.Text, StringComparer.Ordinal);
    }

    private static async ValueTask ApproveAsync(Call call)
    {
        call.RequireNoBody();
        var command = new GiveApproval(call.Id("id"), call.Caller.Holder);
        await AnswerAsync(call, command.Id, await call.TransactAsync(
            reading => ApprovalWrites.GiveAsync(command, reading)));
    }

    private static async ValueTask RefuseAsync(Call call)
    {
        var reason = await call.BodyAsync(ApprovalJson.ReadReason, 0);
        var command = new RefuseApproval(
            call.Id("id"), call.Caller.Holder, reason, OnlyOwn: !call.Caller.May(Permission.Approve));
        await AnswerAsync(call, command.Id, await call.TransactAsync(
            reading => ApprovalWrites.RefuseAsync(command, reading)));
    }

    private static ValueTask AnswerAsync(Call call, string id, EventStore.Transacted<Written> outcome) =>
        Writes.AnswerAsync(call, outcome, static (json, approval) => json.WriteString("approval"u8, approval), id);
}

public sealed record FourEyesWritten(long Version, long Sequence, Instant Recorded);

/// <param name="Version">That of all approvals of the company.</param>
public sealed record ApprovalWritten(string Approval, long Version, long Sequence, Instant Recorded);

/// <summary>Why it is not agreed to.</summary>
public sealed record RefusalReason(string Reason);

/// <summary>What is open, in the order of ids.</summary>
public sealed record ApprovalList(string Company, IReadOnlyList<ApprovalRow> Rows, string? Next);

/// <param name="Content">What will be done, as JSON; the beginning of it where <c>Sha256</c> is given.</param>
/// <param name="Sha256">Of all of a content of which only the beginning is shown.</param>
/// <param name="Holder">The person who asked.</param>
/// <param name="GivenBy">The person who agreed; null while nobody has.</param>
/// <param name="Personal">What of it is personal and must be seen to agree, as JSON; null where there is nothing, where
/// it was erased, and for whoever may not see it.</param>
public sealed record ApprovalRow(
    string Approval,
    ApprovalKind Kind,
    string Subject,
    string Content,
    string? Sha256,
    string Holder,
    string? GivenBy,
    ApprovalStatus Status,
    string? Personal);

/// <summary>The answer to what waits for a second person.</summary>
/// <param name="Approval">The id under which somebody else approves it.</param>
public sealed record WaitsForApproval(string Approval, long Sequence, Instant Recorded)
{
    internal const string Example = """
        {"approval": "9f86d081884c7d659a2feaa0c55ad015", "sequence": 90, "recorded": "2026-02-03T08:00:00.123456Z"}
        """;
}
