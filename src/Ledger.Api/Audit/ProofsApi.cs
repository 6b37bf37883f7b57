using System.Globalization;
using Ledger.Api.Queries;
using Ledger.Domain.Audit;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.PayRuns;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;
using Ledger.Projections.Queries;

namespace Ledger.Api.Audit;

/// <summary>The audit log of a company over HTTP: keys, checkpoints, tiles, and proofs.</summary>
public static class ProofsApi
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/audit/key", KeyAsync)
            .Needs(Permission.ReadCompany)
            .Is(
                "readAuditKey", "Audit", "Tells by which keys the audit log of a company is signed",
                "Ed25519, as C2SP's signed-note writes keys. A verifier must get the key by another way than what it "
                    + "checks. While a key is exchanged there are two, and checkpoints carry both signatures.")
            .Refuses(RequestProblems.NotAcceptable, "company-unknown", "id-invalid")
            .Answers<AuditKeyList>(StatusCodes.Status200OK, "The keys.", KeyExample);
        surface.Get("/companies/{company}/audit/checkpoint", CheckpointAsync)
            .Needs(Permission.ReadCompany)
            .Is(
                "readAuditCheckpoint", "Audit", "Tells how large the audit log of a company is, and its root, signed",
                "A checkpoint of C2SP's tlog-checkpoint. A new one is made at least each second while there is news, "
                    + "and "
                    + "at each closing of a month.")
            .Refuses(RequestProblems.NotAcceptable, RequestProblems.ProjectionBehind, "company-unknown", "id-invalid")
            .Answers<string>(StatusCodes.Status200OK, "The signed note.", LogReads.NoteExample, LogReads.Note);
        surface.Get("/companies/{company}/audit/proofs/inclusion", InclusionAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "proveInclusion", "Audit", "Shows that an event is in the audit log of a company",
                "By RFC 6962, section 2.1.1, under a stored checkpoint. `event` is the sequence of the event, or its "
                    + "id; by "
                    + "its id it is looked for through all events of the company.")
            .Query("event", ParameterKind.Text, "The sequence of the event, or its id.", "1742", required: true)
            .Refuses(
                RequestProblems.ParameterMissing, RequestProblems.ParameterMalformed, RequestProblems.AuditUnknown,
                RequestProblems.ProjectionBehind, RequestProblems.AuditContradicted, RequestProblems.NotAcceptable,
                "company-unknown", "id-invalid")
            .Answers<InclusionProof>(StatusCodes.Status200OK, "The proof.", InclusionExample);
        surface.Get("/companies/{company}/audit/proofs/consistency", ConsistencyAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "proveConsistency", "Audit", "Shows that the audit log of a company only grew between two sizes",
                "By RFC 6962, section 2.1.2.")
            .Query("from", ParameterKind.Integer, "The smaller size.", "120", required: true)
            .Query("to", ParameterKind.Integer, "The larger size; by default that of the newest checkpoint.", "5317")
            .Refuses(
                RequestProblems.ParameterMissing, RequestProblems.ParameterMalformed, RequestProblems.AuditUnknown,
                RequestProblems.AuditContradicted, RequestProblems.NotAcceptable, "company-unknown", "id-invalid")
            .Answers<ConsistencyProof>(StatusCodes.Status200OK, "The proof.", LogReads.ConsistencyExample);
        surface.Get("/companies/{company}/audit/tiles/{level}/{**tile}", TileAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "readAuditTile", "Audit", "Gives hashes of the tree of the audit log of a company",
                "Tiles of C2SP's tlog-tiles: up to 256 hashes of 32 bytes; `x001/x234/067` is number 1234067, and "
                    + "`067.p/112` its first 112 hashes. What was served never changes.")
            .Refuses(
                RequestProblems.PathUnknown, RequestProblems.AuditUnknown, RequestProblems.NotAcceptable,
                "company-unknown", "id-invalid")
            .Answers<string>(StatusCodes.Status200OK, "The hashes, one after the other.", "…", LogReads.Octets);
        surface.Get("/companies/{company}/audit/entries/{id}", EntryAsync)
            .Needs(Permission.ReadEvents)
            .Is(
                "proveJournalEntry", "Audit", "Gives a journal entry with all that proves it, as a file that stands "
                    + "alone",
                "Its events with their salts, proofs, and a signed checkpoint: format `backoffice-proof/1`, which "
                    + "docs/audit-format.md tells byte by byte. Texts on persons are sealed in it. Of an event whose "
                    + "salt was deleted there is neither salt nor body, and `saltDeleted` is true.")
            .Refuses(
                RequestProblems.ProjectionBehind, RequestProblems.AuditContradicted, RequestProblems.NotAcceptable,
                "journal-entry-unknown", "company-unknown", "id-invalid")
            .Answers<ProofFile>(StatusCodes.Status200OK, "The file.", FileExample);
        surface.Get("/companies/{company}/audit/payslips/{run}/{employee}", PayslipAsync)
            .Needs(Permission.ReadPayRuns, own: Permission.ReadOwnPayslips)
            .Is(
                "provePayslip", "Audit", "Gives a payslip with all that proves it, as a file that stands alone",
                "As for a journal entry. It tells the run's attempts as well, of which employees are shown the payslip "
                    + "that is in force, once it is approved, and of the others only that they were.")
            .Refuses(
                RequestProblems.ProjectionBehind, RequestProblems.AuditContradicted, RequestProblems.NotAcceptable,
                "payslip-unknown", "company-unknown", "id-invalid")
            .Answers<ProofFile>(StatusCodes.Status200OK, "The file.", FileExample);
    }

    private static async ValueTask KeyAsync(Call call)
    {
        await Registers.RequireCompanyAsync(call);
        var keys = await call.Ledger.AuditKeys.KeysAsync(call.Gone);
        var origin = AuditSigner.OriginOf(keys.Ledger!, call.Company);
        await call.WriteAsync<AuditKeyList>(new AuditKeyList(
            call.Company, origin, KeysUnder(keys, origin), KeysUnder(keys, keys.Ledger!)));
    }

    internal static IReadOnlyList<string> KeysUnder(AuditKeys keys, string origin) =>
    [
        .. keys.InUse.Select(key =>
            new VerifierKey(origin, SignatureKind.Log, Convert.FromBase64String(key)).ToString()),
    ];

    private static async ValueTask CheckpointAsync(Call call)
    {
        Accepted.Of(call.Context.Request, LogReads.Note);
        await Registers.RequireCompanyAsync(call);
        var newest = await NewestAsync(call);

        // A company has its first one some moments after its first event.
        for (var started = TimeProvider.System.GetTimestamp();
            newest is null && TimeProvider.System.GetElapsedTime(started) < LedgerReader.WaitMax;)
        {
            await Task.Delay(FirstPause, call.Gone);
            newest = await NewestAsync(call);
        }

        await LogReads.WriteNoteAsync(call, newest);
    }

    private static async Task<StoredCheckpoint?> NewestAsync(Call call)
    {
        await using var connection = await call.Ledger.Database.OpenConnectionAsync(call.Gone);
        return await ProofQueries.NewestAsync(connection, call.Company, call.Gone);
    }

    private static async ValueTask InclusionAsync(Call call)
    {
        var wanted = LogReads.Required(call, "event");
        await Registers.RequireCompanyAsync(call);
        long? sequence;
        if (Guid.TryParseExact(wanted, "D", out var id))
        {
            await using var connection = await call.Ledger.Database.OpenConnectionAsync(call.Gone);
            sequence = await ProofQueries.SequenceOfAsync(connection, call.Company, id, call.Gone);
        }
        else
        {
            sequence = long.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Call.Malformed("event", wanted, "a sequence such as 1742, or the id of an event");
        }

        var proof = sequence is { } known
            ? await Proofs.OfEventAsync(call.Ledger, call.Company, known, call.Gone) : null;
        await call.WriteAsync<InclusionProof>(
            proof ?? throw LogReads.Unknown($"The company has no event '{Ledger.Domain.Texts.Shown(wanted)}'."));
    }

    private static async ValueTask ConsistencyAsync(Call call)
    {
        var from = LogReads.From(call);
        await Registers.RequireCompanyAsync(call);
        await LogReads.WriteConsistencyAsync(call, call.Company, from);
    }

    private static async ValueTask TileAsync(Call call)
    {
        Accepted.Of(call.Context.Request, LogReads.Octets);
        var tile = LogReads.TileOf(call);
        await Registers.RequireCompanyAsync(call);
        await LogReads.WriteTileAsync(call, call.Company, tile);
    }

    private static async ValueTask EntryAsync(Call call)
    {
        var id = call.Id("id");
        await Registers.RequireCompanyAsync(call);
        await WriteFileAsync(
            call,
            await Proofs.OfStreamAsync(call.Ledger, call.Company, Streams.Entry(id), call.Gone)
                ?? throw new RequestException(Http.ProblemOf(ReversalRefusals.EntryUnknown(id))));
    }

    private static async ValueTask PayslipAsync(Call call)
    {
        var run = call.Id("run");
        var employee = await PayRuns.EmployeePayslipsApi.EmployeeAsync(call);
        var (state, _, _, _) = await Registers.ReadAsync(call, Streams.PayRun(run), Streams.PayRunFold);
        var (slip, _, _, _) = await Registers.ReadAsync(call, Streams.Payslip(run, employee), Streams.PayslipFold);
        var seesAll = call.Caller.May(Permission.ReadPayRuns);
        var file = seesAll || (state.Approved is not null && slip.Slip is not null)
            ? await Proofs.OfStreamAsync(call.Ledger, call.Company, Streams.Payslip(run, employee), call.Gone) : null;
        if (file is null)
        {
            throw new RequestException(Http.ProblemOf(PayRunRefusals.PayslipUnknown(run, employee)));
        }

        call.NotePersonalDataRead(employee);
        await WriteFileAsync(call, seesAll ? file : file with
        {
            Events = [.. file.Events.Select(each => IsOf(each, slip.Version) ? each : Covered(each))],
        });
    }

    private static bool IsOf(ProvenEvent shown, long version) =>
        shown.Envelope.GetProperty("version").GetString() == ProofQueries.Text(version);

    /// <summary>Shows that the event is there, and nothing of what it says.</summary>
    private static ProvenEvent Covered(ProvenEvent shown) =>
        shown with { Salt = null, Body = null, Headers = null };

    private static ValueTask WriteFileAsync(Call call, ProofFile file)
    {
        call.Context.Response.Headers.ContentDisposition =
            $"attachment; filename=\"{file.Stream.Replace('/', '-')}.proof.json\"";
        return call.WriteAsync<ProofFile>(file);
    }

    private const string KeyExample = """
        {"company": "acme", "origin": "backoffice-3f9c2a7d10b4e856/acme", "keys":
        ["backoffice-3f9c2a7d10b4e856/acme+7f3c1a2b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"], "ledgerKeys":
        ["backoffice-3f9c2a7d10b4e856+0b1c2d3e+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"]}
        """;

    private const string InclusionExample = """
        {"company": "acme", "sequence": "1742", "index": "119", "size": "5317", "leaf":
        "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "proof": ["jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPG="],
        "checkpoint": "backoffice-3f9c2a7d10b4e856/acme\n5317\n…", "saltDeleted": false}
        """;

    private const string FileExample = """
        {"format": "backoffice-proof/1", "company": "acme", "stream": "journal-entry/order-5512", "events": [{"index":
        "119", "envelope": {"format": "backoffice-leaf/1"}, "salt": "q83vEjRWeJCrze8SNFZ4kA==", "body": {"bookedOn":
        "2026-03-31"}, "headers": null, "proof": ["jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPG="],
        "saltDeleted": false}], "checkpoint":
        "backoffice-3f9c2a7d10b4e856/acme\n5317\n…", "ledger": null, "witnesses": []}
        """;
}
