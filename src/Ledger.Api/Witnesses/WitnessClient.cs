using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Ledger.EventStore.Audit;

namespace Ledger.Api.Witnesses;

/// <summary>What came back from a witness.</summary>
internal abstract record WitnessReply
{
    /// <summary>It cosigned: the line of its signature, which was checked.</summary>
    public sealed record Cosigned(string Line) : WitnessReply;

    /// <summary>It saw another size last.</summary>
    public sealed record OtherSize(long Size) : WitnessReply;

    /// <summary>It refuses to sign: the log does not go on from what it saw.</summary>
    public sealed record Inconsistent : WitnessReply;

    /// <summary>It does not answer, or not as a witness does.</summary>
    public sealed record Unusable(string Why) : WitnessReply;
}

/// <summary>Asks a witness by C2SP's tlog-witness.</summary>
internal static class WitnessClient
{
    private const int AnswerBytesMax = 64 << 10;
    private const int ShownMax = 200;

    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = AnswerBytesMax,
    };

    public static async Task<WitnessReply> AddAsync(
        WitnessSettings witness, AddCheckpoint request, CancellationToken cancellation)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(request.ToString()));
        body.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        try
        {
            using var answer = await Client.PostAsync(new Uri(witness.Url, "add-checkpoint"), body, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => SignatureOf(witness.Key, request.Note, text),
                HttpStatusCode.Conflict when AddCheckpoint.SizeOf(text.TrimEnd('\n')) is { } size =>
                    new WitnessReply.OtherSize(size),
                HttpStatusCode.UnprocessableEntity => new WitnessReply.Inconsistent(),
                var status => new WitnessReply.Unusable($"it answers {(int)status}: {Shown(text)}"),
            };
        }
        catch (Exception silent) when (
            silent is HttpRequestException or IOException or InvalidOperationException
            || (silent is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return new WitnessReply.Unusable($"it cannot be reached: {silent.Message}");
        }
    }

    /// <summary>The line of the signature in its answer.</summary>
    internal static WitnessReply SignatureOf(VerifierKey key, string note, string lines)
    {
        // What it adds may be lines of signatures only: a cosignature of a longer text would spoil every proof.
        var cosigned = SignedNote.Parse(note + lines);
        return cosigned?.CosignedBy(key) is null || cosigned.Text != SignedNote.Parse(note)?.Text
            ? new WitnessReply.Unusable($"its answer is no signature by {key}: {Shown(lines)}")
            : new WitnessReply.Cosigned(
                cosigned.Signatures.First(each => each.Name == key.Name && each.KeyId == key.Id).ToString());
    }

    private static string Shown(string text)
    {
        var line = text.Split('\n')[0];
        return Domain.Texts.Shown(line.Length > ShownMax ? line[..ShownMax] : line);
    }
}
