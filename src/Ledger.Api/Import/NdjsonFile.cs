using Ledger.Api.Accounts;
using Ledger.Api.Companies;
using Ledger.Api.Dimensions;
using Ledger.Api.Journals;
using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Dimensions;

namespace Ledger.Api.Import;

/// <summary>
/// Reads NDJSON as a stream. A line is an entry, as in a batch over HTTP but with or without <c>id</c>; or what else
/// books consist of, as the request that would make it: <c>{"put": "accounts/501", "body": {…}}</c>, <c>{"put":
/// "dimensions/department/sales", "body": {…}}</c>, <c>{"put": "company", "body": {…}}</c> and <c>{"post":
/// "journal-entries/ID/reversal", "body": {…}}</c>. The export writes the same.
/// </summary>
internal sealed class NdjsonFile(Stream stream)
{
    private const string Accounts = "accounts/";
    private const string Dimensions = "dimensions/";
    private const string Entries = "journal-entries/";
    private const string Reversal = "/reversal";

    private static readonly Members Request = new("put", "post", "body");

    private readonly ContentHasher hasher = new();

    public IEnumerable<FileItem> Read()
    {
        var lines = new LineReader(stream);
        while (lines.Read())
        {
            if (Read(lines) is { } item)
            {
                yield return item;
            }
        }
    }

    private FileItem? Read(LineReader lines)
    {
        var line = lines.Line;
        if (lines.IsTooLong)
        {
            return new FileFault(line, $"It is longer than {LineReader.LengthMax} bytes.");
        }

        var utf8 = lines.Text.Span.Trim(" \t\r\n"u8);
        if (utf8.IsEmpty)
        {
            return null;
        }

        try
        {
            if (utf8.StartsWith("{\"put\""u8) || utf8.StartsWith("{\"post\""u8))
            {
                return JsonBody.Read(utf8, ReadRequest, line);
            }

            var entry = JsonBody.Read(utf8, JournalJson.ReadEntryOfFile, 0);
            var id = entry.Id.Length == 0 ? null : entry.Id;
            var content = id is null ? hasher.Hash(entry, withBaseAmounts: true) : ContentHasher.HashOf(id);
            return new FileEntry(line, id, content, entry, IsMapped: false);
        }
        catch (RequestException unreadable)
        {
            return new FileFault(line, $"{unreadable.Problem.Detail} ({unreadable.Problem.Code})");
        }
    }

    private static FileItem ReadRequest(ref JsonInput input, long line)
    {
        string? path = null;
        FileItem? item = null;
        var seen = input.Object();
        while (input.Next(Request, ref seen))
        {
            if (Request[seen.Last] == "body")
            {
                item = path is null
                    ? throw input.Fail(RequestProblems.FieldMissing, "comes before what it is the body of.")
                    : ReadBody(ref input, path, line);
            }
            else
            {
                path = input.Text();
            }
        }

        return item ?? throw input.Missing("body");
    }

    private static FileItem ReadBody(ref JsonInput input, string path, long line)
    {
        if (path == "company")
        {
            return new FileCompany(line, CompanyJson.Read(ref input, 0));
        }

        if (path.StartsWith(Accounts, StringComparison.Ordinal))
        {
            var code = path[Accounts.Length..];
            return AccountCode.IsValid(code)
                ? new FileAccount(line, new PutAccount(new(code), AccountJson.Read(ref input, 0)))
                : throw new RequestException(Http.ProblemOf(AccountRefusals.CodeInvalid("The code", code)));
        }

        if (path.StartsWith(Dimensions, StringComparison.Ordinal)
            && path[Dimensions.Length..].Split('/') is [var dimension, var value])
        {
            return new FileDimensionValue(
                line, new PutDimensionValue(dimension, value, DimensionJson.Read(ref input, 0)));
        }

        if (path.StartsWith(Entries, StringComparison.Ordinal) && path.EndsWith(Reversal, StringComparison.Ordinal)
            && path.Length > Entries.Length + Reversal.Length)
        {
            return new FileReversal(
                line, JournalJson.ReadReversal(ref input, path[Entries.Length..^Reversal.Length]));
        }

        throw input.Fail(
            RequestProblems.ValueNotKnown,
            $"belongs to '{Texts.Shown(path)}', which no import knows: company, accounts/CODE, "
            + "dimensions/DIMENSION/VALUE or journal-entries/ID/reversal.");
    }
}
