using Ledger.Api.Queries;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.Projections.Audit;

namespace Ledger.Api.Audit;

/// <summary>The log over all companies' logs over HTTP. Its hashes tell nothing of anybody, so every key may have them;
/// which companies there are is told to the ledger's owner only.</summary>
public static class LedgerLogApi
{
    private const string LedgerLog = "";
    private const int RowsMax = 1_000;

    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/audit/key", KeyAsync)
            .Needs(Permission.ReadLedgerLog)
            .Is(
                "readLedgerKey", "Audit", "Tells by which keys the log over all logs is signed, and by which witnesses",
                "The same keys sign each company's log under its own name. A verifier must get them by another way "
                    + "than what it checks.")
            .NamesCompany()
            .Refuses(RequestProblems.NotAcceptable)
            .Answers<LedgerKeyList>(StatusCodes.Status200OK, "The keys.", KeyExample);
        surface.Get("/audit/checkpoint", CheckpointAsync)
            .Needs(Permission.ReadLedgerLog)
            .Is(
                "readLedgerCheckpoint", "Audit", "Tells how large the log over all logs is, and its root, signed",
                "The newest checkpoint, with the signatures of those witnesses that signed it by now. Its leaves are "
                    + "checkpoints of companies' logs; a new one is made every five seconds while there is news.")
            .NamesCompany()
            .Query(
                "cosigned", ParameterKind.Flag,
                "`true` asks for the newest that witnesses signed, where there is one.", "true")
            .Refuses(
                RequestProblems.ParameterMalformed, RequestProblems.NotAcceptable, RequestProblems.ProjectionBehind)
            .Answers<string>(StatusCodes.Status200OK, "The signed note.", LogReads.NoteExample, LogReads.Note);
        surface.Get("/audit/proofs/consistency", ConsistencyAsync)
            .Needs(Permission.ReadLedgerLog)
            .Is(
                "proveLedgerConsistency", "Audit", "Shows that the log over all logs only grew between two sizes",
                "By RFC 6962, section 2.1.2.")
            .NamesCompany()
            .Query("from", ParameterKind.Integer, "The smaller size.", "120", required: true)
            .Query("to", ParameterKind.Integer, "The larger size; by default that of the newest checkpoint.", "5317")
            .Refuses(
                RequestProblems.ParameterMissing, RequestProblems.ParameterMalformed, RequestProblems.AuditUnknown,
                RequestProblems.AuditContradicted, RequestProblems.NotAcceptable)
            .Answers<ConsistencyProof>(StatusCodes.Status200OK, "The proof.", LogReads.ConsistencyExample);
        surface.Get("/audit/tiles/{level}/{**tile}", TileAsync)
            .Needs(Permission.ReadLedgerLog)
            .Is(
                "readLedgerTile", "Audit", "Gives hashes of the tree of the log over all logs",
                "Tiles of C2SP's tlog-tiles, as for the log of a company.")
            .NamesCompany()
            .Refuses(RequestProblems.PathUnknown, RequestProblems.AuditUnknown, RequestProblems.NotAcceptable)
            .Answers<string>(
                StatusCodes.Status200OK, "The hashes, one after the other.", "…", LogReads.Octets);
        surface.Get("/audit/companies", CompaniesAsync)
            .Needs(Permission.ReadCompany)
            .Is(
                "listLoggedCompanies", "Audit", "Lists the companies in the log over all logs, each with its newest "
                    + "checkpoint there",
                "All of them for the ledger's owner, who names none; with `company`, that one. `*DEFAULT*` holds what "
                    + "belongs to no company. There are up to 1,000 rows: ask again with `after` as `next` says.")
            .NamesCompany()
            .Query("after", ParameterKind.Text, "Only companies behind this one.", "acme")
            .Refuses(RequestProblems.ParameterMalformed, RequestProblems.NotAcceptable)
            .Answers<LoggedCompanyList>(StatusCodes.Status200OK, "The companies, in order.", CompaniesExample);
        surface.Get("/audit/proofs/inclusion", InclusionAsync)
            .Needs(Permission.ReadCompany)
            .Is(
                "proveLedgerInclusion", "Audit", "Shows that the log over all logs holds a checkpoint of a company",
                "Of the company that `company` names, which is needed here: its newest checkpoint there. The leaf is "
                    + "the text of `checkpoint`, three lines.")
            .NamesCompany()
            .Refuses(
                RequestProblems.ParameterMissing, RequestProblems.ParameterMalformed, RequestProblems.AuditUnknown,
                RequestProblems.AuditContradicted, RequestProblems.NotAcceptable)
            .Answers<LoggedCompanyProof>(StatusCodes.Status200OK, "The proof.", InclusionExample);
    }

    private static async ValueTask KeyAsync(Call call)
    {
        var keys = await call.Ledger.AuditKeys.KeysAsync(call.Gone);
        await call.WriteAsync<LedgerKeyList>(new LedgerKeyList(
            keys.Ledger!,
            ProofsApi.KeysUnder(keys, keys.Ledger!),
            [.. call.Ledger.Witnesses.Select(each => WitnessShown.Of(each.Witness))]));
    }

    private static async ValueTask CheckpointAsync(Call call)
    {
        Accepted.Of(call.Context.Request, LogReads.Note);
        var cosigned = call.Query("cosigned") switch
        {
            null or "false" => false,
            "true" => true,
            var other => throw Call.Malformed("cosigned", other, "true or false"),
        };
        await using var connection = await call.Ledger.Database.OpenConnectionAsync(call.Gone);
        await LogReads.WriteNoteAsync(call, cosigned
            ? await ProofQueries.LedgerCheckpointAsync(connection, 0, call.Gone)
            : await LedgerLogQueries.NewestAsync(connection, call.Gone));
    }

    private static ValueTask ConsistencyAsync(Call call) =>
        LogReads.WriteConsistencyAsync(call, LedgerLog, LogReads.From(call));

    private static ValueTask TileAsync(Call call)
    {
        Accepted.Of(call.Context.Request, LogReads.Octets);
        return LogReads.WriteTileAsync(call, LedgerLog, LogReads.TileOf(call));
    }

    private static async ValueTask CompaniesAsync(Call call)
    {
        // Without a company only the keys of the whole ledger hold.
        var named = Named(call);
        var after = call.Query("after") ?? "";
        await using var connection = await call.Ledger.Database.OpenConnectionAsync(call.Gone);
        var rows = await LedgerLogQueries.CompaniesAsync(connection, named, after, RowsMax, call.Gone);
        await call.WriteAsync<LoggedCompanyList>(new LoggedCompanyList(
            rows, rows.Count == RowsMax ? rows[^1].Company : null));
    }

    private static async ValueTask InclusionAsync(Call call)
    {
        LogReads.Required(call, Operation.CompanyParameter);
        var company = Named(call)!;
        await using var connection = await call.Ledger.Database.OpenConnectionAsync(call.Gone);
        var logged = await ProofQueries.NewestLoggedAsync(connection, company, 0, call.Gone);
        var proof = logged is null
            ? null : await ProofQueries.LedgerProofAsync(connection, company, logged.Size, call.Gone);
        await call.WriteAsync<LoggedCompanyProof>(proof is null
            ? throw LogReads.Unknown("The log over all logs holds no checkpoint of this company, or not yet.")
            : new LoggedCompanyProof(company, ProofQueries.Text(logged!.Size), logged.Note, proof));
    }

    private static string? Named(Call call) => call.Query(Operation.CompanyParameter) is not { } company ? null
        : Ids.IsValid(company) || company == OwnTenant ? company
        : throw Call.Malformed(Operation.CompanyParameter, company, "the id of a company");

    private const string OwnTenant = Ledger.Api.Keys.OwnerKey.Tenant;

    private const string KeyExample = """
        {"ledger": "backoffice-3f9c2a7d10b4e856", "keys":
        ["backoffice-3f9c2a7d10b4e856+0b1c2d3e+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"], "witnesses":
        [{"owner": "Example Audit Ltd", "key":
        "witness.example/w1+5c6d7e8f+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k", "outside": true}]}
        """;

    private const string CompaniesExample = """
        {"rows": [{"company": "acme", "size": "5317", "index": "88"}], "next": null}
        """;

    private const string InclusionExample = """
        {"company": "acme", "size": "5317", "checkpoint": "backoffice-3f9c2a7d10b4e856/acme\n5317\n…", "ledger":
        {"index": "88", "proof": ["jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPG="], "checkpoint":
        "backoffice-3f9c2a7d10b4e856\n94\n…"}}
        """;
}
