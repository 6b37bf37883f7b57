using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Export;

/// <summary>
/// Writes what the import reads, so that the same books come to be elsewhere: the company, its accounts and dimensions
/// as the requests that make them, entries with their ids, and reversals as requests.
/// </summary>
internal sealed class NdjsonWriter(Stream stream) : IBooksWriter, IDisposable
{
    private readonly Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = EventJson.Options.Encoder });

    public void Begin(ExportedCompany company)
    {
        Put("company", company.Company.Settings!);
        foreach (var account in company.Accounts)
        {
            Put($"accounts/{account.Code}", Open(account.Details));
        }

        foreach (var value in company.Dimensions)
        {
            Put($"dimensions/{value.Dimension}/{value.Value}", value.Details with { Archived = null });
        }
    }

    public void Write(string id, JournalEntryPosted entry)
    {
        if (entry.Reverses is not null)
        {
            return;
        }

        JsonSerializer.Serialize(
            json,
            new EntryBody(
                id, entry.BookedOn, entry.Description, [.. entry.Lines.Select(line => line.AsSent())], entry.Kind,
                entry.Reference, entry.Document,
                entry.CounterpartyPerson is { } named ? new PersonBody(named.Person, named.Text) : entry.Counterparty,
                entry.ReverseOn, entry.Corrects),
            EventJson.Options);
        EndLine();
    }

    public void Write(string id, JournalEntryReversed reversal) => Request(
        "post",
        $"journal-entries/{id}/reversal",
        new ReversalBody(reversal.BookedOn, reversal.Reason, reversal.Method));

    /// <summary>What was closed to postings since is closed at the end, or the entries could not go in.</summary>
    public void End(ExportedCompany company)
    {
        foreach (var account in company.Accounts.Where(account => Open(account.Details) != account.Details))
        {
            Put($"accounts/{account.Code}", account.Details);
        }

        foreach (var value in company.Dimensions.Where(value => value.Details.Archived is not null))
        {
            Put($"dimensions/{value.Dimension}/{value.Value}", value.Details);
        }
    }

    public void Dispose() => json.Dispose();

    /// <param name="Counterparty">A text, or a <see cref="PersonBody"/>.</param>
    private sealed record EntryBody(
        string Id,
        LocalDate BookedOn,
        string Description,
        ValueList<JournalLine> Lines,
        EntryKind? Kind,
        string? Reference,
        EntryDocument? Document,
        object? Counterparty,
        LocalDate? ReverseOn,
        string? Corrects);

    /// <param name="Name">Null where it was erased.</param>
    private sealed record PersonBody(string Person, string? Name);

    private sealed record ReversalBody(LocalDate BookedOn, string Reason, ReversalMethod Method);

    private static AccountDetails Open(AccountDetails account) =>
        account with { Archived = null, Postable = null, Requires = null };

    private void Put<TBody>(string path, TBody body) => Request("put", path, body);

    private void Request<TBody>(string method, string path, TBody body)
    {
        json.WriteStartObject();
        json.WriteString(method, path);
        json.WritePropertyName("body"u8);
        JsonSerializer.Serialize(json, body, EventJson.Options);
        json.WriteEndObject();
        EndLine();
    }

    private void EndLine()
    {
        json.Flush();
        json.Reset();
        stream.Write("\n"u8);
    }
}
