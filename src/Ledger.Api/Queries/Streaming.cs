using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Domain;

namespace Ledger.Api.Queries;

/// <summary>
/// Writes a long answer piece by piece, in flat memory. It begins only with the first piece, so that what goes wrong
/// before is still answered by a problem; what goes wrong later cuts the answer off, which the missing end tells. So
/// does the end of the caller's right to it.
/// </summary>
public sealed class Streaming(Call call, string contentType) : IDisposable
{
    private readonly ArrayBufferWriter<byte> piece = new(64 * 1024);
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly StringBuilder csv = new();

    /// <summary>Of everything that was written so far.</summary>
    public string Sha256 => Convert.ToHexStringLower(hash.GetCurrentHash());

    /// <summary>Adds a line of JSON to the piece.</summary>
    public void AddJson<T>(T value)
    {
        using (var json = new Utf8JsonWriter(piece, Http.JsonOptions))
        {
            JsonSerializer.Serialize(json, value, QueryJson.Options);
        }

        piece.Write("\n"u8);
    }

    /// <summary>Adds bytes to the piece as they are.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => piece.Write(bytes);

    /// <summary>Adds lines of CSV to the piece.</summary>
    public void AddCsv(Action<StringBuilder> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        write(csv);
        Encoding.UTF8.GetBytes(csv.ToString(), piece);
        csv.Clear();
    }

    /// <summary>Sends the piece.</summary>
    /// <exception cref="RequestException">The caller may not have it any more.</exception>
    public async Task SendAsync()
    {
        await call.RequireStillAsync();
        var response = call.Context.Response;
        if (!response.HasStarted)
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = contentType;
        }

        hash.AppendData(piece.WrittenSpan);
        await response.BodyWriter.WriteAsync(piece.WrittenMemory, call.Gone);
        piece.ResetWrittenCount();
    }

    /// <summary>The problem, or an end without an end when the answer has begun.</summary>
    public ValueTask RefuseAsync(Refusal refusal) => Http.WriteAsync(call.Context, Http.ProblemOf(refusal));

    public void Dispose() => hash.Dispose();
}
