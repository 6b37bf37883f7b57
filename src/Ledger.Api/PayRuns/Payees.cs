using System.Security.Cryptography;
using System.Text;
using Ledger.Domain.Employees;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using NodaTime;

namespace Ledger.Api.PayRuns;

/// <summary>Somebody who is paid by a file, with name and account open.</summary>
/// <param name="Name">The id where the name was erased.</param>
/// <param name="Account">Null where it was erased.</param>
/// <param name="EndToEndId">At most 35 characters: by it the bank says what became of the payment.</param>
public sealed record Payee(
    string Employee, string Name, string? Account, bool IsIban, string? Bank, decimal Amount, string EndToEndId);

/// <summary>Opens who is paid and where to, as it was known when the file was issued.</summary>
public sealed class Payees(Store store, Vault vault, PayRunFacts facts)
{
    private const int ChunkEmployees = 500;
    private const int EndToEndLengthMax = 35;

    public async Task<IReadOnlyList<Payee>> OfAsync(
        string company, string run, PaymentFileIssued issued, IReadOnlyList<Payment> payments, long knownAtSequence,
        CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(issued);
        ArgumentNullException.ThrowIfNull(payments);
        var payees = new List<Payee>(payments.Count);
        foreach (var chunk in payments.Chunk(ChunkEmployees))
        {
            var streams = await store.ReadStreamsAsync(
                company, [.. chunk.Select(each => new StreamPosition(Streams.Employee(each.Employee), 0))], ct);
            var found = chunk.Zip(
                streams,
                (payment, events) => Find(payment, events, issued.Order.ExecuteOn, knownAtSequence)).ToList();
            var texts = found.SelectMany(each => new[] { each.Name, each.Account }).OfType<SealedText>().ToList();
            var opened = new Queue<PersonalText>(await vault.OpenAsync(company, texts));
            foreach (var each in found)
            {
                var name = each.Name is null ? null : opened.Dequeue().Text;
                var account = each.Account is null ? null : opened.Dequeue().Text;
                payees.Add(new(
                    each.Payment.Employee, name ?? each.Payment.Employee,
                    account is not null && each.Details?.IsIban is true ? Iban.Electronic(account) : account,
                    each.Details?.IsIban ?? true,
                    each.Details?.Bank, each.Payment.Amount,
                    EndToEndOf(FormattableString.Invariant($"{run}.{issued.Number}.{each.Payment.Employee}"))));
            }
        }

        return payees;
    }

    /// <summary>The same for the same run, file and employee, so that what the bank says can be told apart.</summary>
    private static string EndToEndOf(string text) => text.Length <= EndToEndLengthMax ? text
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private Found Find(
        Payment payment, IReadOnlyList<RecordedEvent> events, LocalDate payOn, long knownAtSequence)
    {
        var employee = facts.Fold(Streams.EmployeeFold, events, knownAtSequence);
        var account = employee.BankAccountOn(payOn);
        return new(
            payment,
            SealedIn(events, employee.Details?.Version, nameof(EmployeeDetails.Name)),
            SealedIn(events, account?.Version, nameof(BankAccountDetails.Account)),
            account?.Details);
    }

    /// <summary>The sealed text of a member in the event of a version; null where it has none.</summary>
    internal static SealedText? SealedIn(IReadOnlyList<RecordedEvent> events, long? version, string member)
    {
        if (version is not { } at)
        {
            return null;
        }

        var recorded = events[(int)at - 1];
        return EventCatalog.Ledger.SealedIn(recorded, EventCatalog.Ledger.Read(recorded))
            .FirstOrDefault(each => each.Place.Path.EndsWith("." + Camel(member), StringComparison.Ordinal));
    }

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private sealed record Found(Payment Payment, SealedText? Name, SealedText? Account, BankAccountDetails? Details);
}
