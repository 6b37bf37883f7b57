using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Ledger.Api.Queries;
using Ledger.EventStore.Audit;
using Ledger.Projections.Audit;

namespace Ledger.Api.Audit;

/// <summary>A tile of a log's tree, as C2SP's tlog-tiles names it.</summary>
/// <param name="Level">0 are the leaves.</param>
/// <param name="Width">How many of its 256 hashes.</param>
internal readonly record struct TileName(int Level, long Number, int Width);

/// <summary>What every log answers over HTTP in the same way: a company's, and the one over all companies'.</summary>
internal static partial class LogReads
{
    public const string Note = "text/plain";
    public const string Octets = "application/octet-stream";
    private const int TileWidth = 1 << GrowingTree.LevelsOfTile;

    public static ValueTask WriteNoteAsync(Call call, StoredCheckpoint? newest)
    {
        var found = newest ?? throw RequestProblems.Fail(
            RequestProblems.ProjectionBehind, "The audit log has no checkpoint yet. Ask again a little later.");
        call.Context.Response.Headers.CacheControl = "no-cache";
        return Http.WriteAsync(
            call.Context, StatusCodes.Status200OK, $"{Note}; charset=utf-8", Encoding.UTF8.GetBytes(found.Note));
    }

    public static long From(Call call)
    {
        Required(call, "from");
        return call.Whole("from", 0, long.MaxValue)!.Value;
    }

    /// <param name="log">The company; empty for the log over all.</param>
    public static async ValueTask WriteConsistencyAsync(Call call, string log, long from)
    {
        await using var connection = await call.Ledger.Database.OpenConnectionAsync(call.Gone);
        var newest = (await ProofQueries.NewestAsync(connection, log, call.Gone))?.Size ?? 0;
        var to = call.Whole("to", 0, long.MaxValue) ?? newest;
        if (to > newest || from > to)
        {
            throw Unknown(
                $"The newest checkpoint has {newest} leaves: 'from' must not be above 'to', nor 'to' above this.");
        }

        await call.WriteAsync<ConsistencyProof>(
            await Proofs.ConsistencyAsync(connection, log, from, to, call.Gone));
    }

    /// <exception cref="RequestException">The path names none.</exception>
    public static TileName TileOf(Call call)
    {
        var tile = TilePath().Match(call.Route("tile"));
        if (!tile.Success
            || !int.TryParse(call.Route("level"), NumberStyles.None, CultureInfo.InvariantCulture, out var level)
            || level > 63 || call.Route("level") != level.ToString(CultureInfo.InvariantCulture))
        {
            throw Unknown(
                "There is no such tile: send a level from 0 to 63 and a number such as x001/067 or 067.p/12.");
        }

        var digits = tile.Groups["number"].Value.Replace("/", "", StringComparison.Ordinal)
            .Replace("x", "", StringComparison.Ordinal);
        return new(
            level,
            long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture),
            tile.Groups["width"] is { Success: true, Value: var given }
                ? int.Parse(given, CultureInfo.InvariantCulture) : TileWidth);
    }

    /// <param name="log">The company; empty for the log over all.</param>
    public static async ValueTask WriteTileAsync(Call call, string log, TileName tile)
    {
        var (level, number, width) = tile;
        await using var connection = await call.Ledger.Database.OpenConnectionAsync(call.Gone);
        var size = (await ProofQueries.NewestAsync(connection, log, call.Gone))?.Size ?? 0;
        var stored = level * GrowingTree.LevelsOfTile >= 63 ? 0 : size >> (level * GrowingTree.LevelsOfTile);
        if (width is 0 or > TileWidth || number > stored / TileWidth || (number * TileWidth) + width > stored)
        {
            throw Unknown($"The log has {size} leaves: this tile is not complete, or beyond its end.");
        }

        var hashes = await AuditTrees.StoredAsync(connection, log, level, number * TileWidth, width, call.Gone);
        call.Context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";
        await Http.WriteAsync(
            call.Context, StatusCodes.Status200OK, Octets, hashes.SelectMany(hash => hash).ToArray());
    }

    public static string Required(Call call, string name) =>
        call.Query(name) ?? throw RequestProblems.Fail(
            RequestProblems.ParameterMissing, $"'{name}' is needed and was not sent. Send it as a query parameter.");

    public static RequestException Unknown(string detail) =>
        RequestProblems.Fail(RequestProblems.AuditUnknown, detail);

    [GeneratedRegex(@"^(?<number>(x[0-9]{3}/){0,5}[0-9]{3})(\.p/(?<width>[1-9][0-9]{0,2}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TilePath();

    public const string NoteExample = """
        backoffice-3f9c2a7d10b4e856/acme
        5317
        CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

        — backoffice-3f9c2a7d10b4e856/acme Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeO…
        """;

    public const string ConsistencyExample = """
        {"from": "120", "to": "5317", "fromRoot": "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=", "toRoot":
        "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPG=", "proof": ["jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPG="]}
        """;
}
