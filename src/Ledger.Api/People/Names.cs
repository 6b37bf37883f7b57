using Ledger.Domain.People;
using Ledger.EventStore.Sealing;
using Ledger.Projections.People;
using Ledger.Projections.Queries;

namespace Ledger.Api.People;

/// <summary>Opens the names of natural persons where an answer holds them, for those who may read them.</summary>
internal static class Names
{
    /// <summary>The rows with the names of their counterparties.</summary>
    public static async ValueTask<IReadOnlyList<TRow>> WithNamesAsync<TRow>(this Call call, IReadOnlyList<TRow> rows)
        where TRow : INamesCounterparty<TRow>
    {
        var persons = rows.Select(row => row.CounterpartyPerson).OfType<CounterpartyPerson>().ToList();
        if (persons.Count == 0 || !call.MayReadPersonalData)
        {
            return rows;
        }

        var stored = persons.ConvertAll(person => person.Stored());
        var opened = new Queue<PersonalText>(await OpenAsync(call, stored));
        call.NotePersonalDataRead(persons.TrueForAll(each => each.Person == persons[0].Person)
            ? persons[0].Person
            : null);
        return
        [
            .. rows.Select(row => row.CounterpartyPerson is { } person ? row.Naming(person.As(opened.Dequeue())) : row),
        ];
    }

    public static async ValueTask<TRow> WithNameAsync<TRow>(this Call call, TRow row)
        where TRow : INamesCounterparty<TRow> => (await call.WithNamesAsync<TRow>([row]))[0];

    /// <summary>The same for an answer that may have been refused.</summary>
    public static async ValueTask<Answer<T>> WithNamesAsync<T>(
        this Call call, Answer<T> answer, Func<T, ValueTask<T>> names) =>
        answer.Value is { } value ? await names(value) : answer;

    /// <summary>Natural persons who are called like this where they are named for the purpose; none for those who may
    /// not read names.</summary>
    public static async ValueTask<string[]> PersonsCalledAsync(this Call call, Purpose purpose, string? name) =>
        name is null || !call.MayReadPersonalData
            ? [] : await call.Ledger.Vault.PersonsAsync(call.Company, purpose, name);

    /// <exception cref="RequestException">The master key is not here.</exception>
    internal static async ValueTask<IReadOnlyList<PersonalText>> OpenAsync(
        Call call, IReadOnlyList<SealedText> stored)
    {
        try
        {
            return await call.Ledger.Vault.OpenAsync(call.Company, stored);
        }
        catch (MasterKeyException missing)
        {
            throw RequestProblems.Fail(RequestProblems.StoreUnavailable, missing.Message);
        }
    }
}
