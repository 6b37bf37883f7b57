using System.Buffers;
using System.Text.Json;
using Ledger.Api.Queries;
using Ledger.Domain.Companies;
using Ledger.EventStore;

namespace Ledger.Api;

/// <summary>Reads registers as they are now, from their streams: what was just written is there at once.</summary>
internal static class Registers
{
    /// <exception cref="RequestException">The database cannot be asked.</exception>
    public static async ValueTask<Loaded<TState>> ReadAsync<TState>(Call call, string stream, Fold<TState> fold)
    {
        var outcome = await call.Ledger.Transact.RunAsync(
            call.Company, call.Metadata, async reading => Verdict.Nothing(await reading.StateAsync(stream, fold)));
        return outcome is Transacted<Loaded<TState>>.Done done
            ? done.Answer
            : throw new RequestException(Http.ProblemOf(outcome)!);
    }

    /// <exception cref="RequestException">There is no such company.</exception>
    public static async ValueTask RequireCompanyAsync(Call call)
    {
        var company = await ReadAsync(call, Streams.Company, Streams.CompanyFold);
        if (!company.State.Exists)
        {
            throw new RequestException(Http.ProblemOf(CompanyRefusals.Unknown()));
        }
    }

    /// <summary>Answers with the version as ETag.</summary>
    public static ValueTask WriteAsync<T>(Call call, T body, long version)
    {
        Accepted.Of(call.Context.Request, Http.Json);
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Http.JsonOptions))
        {
            JsonSerializer.Serialize(json, body, QueryJson.Options);
        }

        call.Context.Response.Headers.ETag = Http.ETag(version);
        return Http.WriteAsync(call.Context, StatusCodes.Status200OK, Http.Json, bytes.WrittenMemory);
    }
}
