using System.Text.Json;
using Ledger.Domain.Journals;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using Npgsql;

namespace Ledger.Projections.People;

/// <summary>A counterparty who is a natural person. The tables hold the name sealed; it is opened to
/// answer.</summary>
/// <param name="Person">An opaque id.</param>
/// <param name="Name">Null where it was erased, or is not for whoever asks.</param>
/// <param name="Erased">The name is gone for good.</param>
public sealed record CounterpartyPerson(string Person, string? Name, bool Erased)
{
    private readonly SealedText? stored;

    private CounterpartyPerson(SealedText stored) : this(stored.Text.Person, null, stored.Text.IsErased) =>
        this.stored = stored;

    /// <summary>The name as it is stored, and where; a method, since answers hold all properties.</summary>
    public SealedText Stored() => stored ?? throw new InvalidOperationException("Nothing is stored of an answer.");

    /// <param name="opened">The stored text, as far as it could be opened.</param>
    public CounterpartyPerson As(PersonalText opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        return new(Person, opened.Text, opened.IsErased);
    }

    /// <summary>The columns that <see cref="Read"/> reads, of the entry <c>e</c>.</summary>
    public const string Columns = "e.counterparty_sealed::text, e.event_id";

    public static CounterpartyPerson? Read(NpgsqlDataReader row, int at, string company, string entry) =>
        row is null || row.IsDBNull(at) ? null : new(new SealedText(
            new(row.GetGuid(at + 1), company, EntryIds.StreamPrefix + entry, 1, Posted, Field),
            JsonSerializer.Deserialize<PersonalText>(row.GetString(at), EventJson.Options)!));

    private static string Posted { get; } = EventCatalog.Ledger.NameOf(typeof(JournalEntryPosted));

    private static string Field { get; } =
        JsonNamingPolicy.CamelCase.ConvertName(nameof(JournalEntryPosted.CounterpartyPerson));
}

/// <summary>A row of an answer that may name a natural person as its counterparty.</summary>
public interface INamesCounterparty<TRow>
{
    CounterpartyPerson? CounterpartyPerson { get; }

    /// <summary>The same row with another counterparty.</summary>
    TRow Naming(CounterpartyPerson person);
}
