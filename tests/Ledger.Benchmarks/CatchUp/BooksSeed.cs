using System.Text;
using Ledger.Domain;
using Ledger.Domain.Accounts;
using Ledger.Domain.Companies;
using Ledger.Domain.Dimensions;
using Ledger.Domain.Journals;
using Ledger.EventStore;
using Ledger.Projections;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.Benchmarks.CatchUp;

/// <summary>
/// Books as a database holds them before any projection has run: a million entries fill three years (fewer fill less),
/// 200 accounts, three lines an entry, one entry in five with a dimension, one in twenty backdated. The same numbers
/// give the same books.
/// </summary>
internal static class BooksSeed
{
    private const int Accounts = 200;
    private const int Shops = 10;
    private const int ShopAccounts = 20;
    private const int EntriesOfDay = 1_000_000 / (3 * 365);
    private static readonly LocalDate FirstDay = new(2023, 1, 1);
    private static readonly UnitCode Euro = new("EUR");

    public static string Company(int number) => FormattableString.Invariant($"company-{number}");

    /// <summary>Creates the schemas and writes the events straight into the store's tables.</summary>
    /// <param name="documents">Each entry names an invoice, without gaps.</param>
    /// <returns>The sequence of the last event.</returns>
    public static async Task<long> FillAsync(
        NpgsqlDataSource database, int companies, int entries, int blockSize = ProjectionSchema.BlockSize,
        bool documents = false)
    {
        await Migrations.EventStore.RunAsync(database);
        await ProjectionSchema.MigrateAsync(database, blockSize);
        await using var connection = await database.OpenConnectionAsync();
        var sequence = 0L;
        await using (var copy = await connection.BeginBinaryImportAsync("""
            copy public.mt_events (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type,
                correlation_id, user_name) from stdin (format binary)
            """))
        {
            for (var company = 0; company < companies; company++)
            {
                sequence = await RegisterAsync(copy, Company(company), sequence);
            }

            var random = new Random(7);
            for (var entry = 0; entry < entries; entry++)
            {
                var company = Company(companies == 1 ? 0 : random.Next(companies));
                var posted = Entry(random, entry / EntriesOfDay);
                if (documents)
                {
                    posted = posted with { Document = Invoice(entry) };
                }

                var stream = FormattableString.Invariant($"journal-entry/e{entry:D9}");
                await WriteAsync(copy, ++sequence, company, stream, 1, posted);
            }

            await copy.CompleteAsync();
        }

        await ExecuteAsync(connection, """
            insert into public.mt_streams (tenant_id, id, version)
            select tenant_id, stream_id, max(version) from public.mt_events group by 1, 2;
            select setval('public.mt_events_sequence', (select max(seq_id) from public.mt_events))
            """);
        await ExecuteAsync(connection, "vacuum analyze public.mt_events");
        return sequence;
    }

    private static JournalEntryPosted Entry(Random random, int day)
    {
        var gross = random.Next(100, 100_000);
        var tax = gross / 6;
        var bookedOn = FirstDay.PlusDays(random.Next(20) == 0 ? random.Next(day + 1) : day);
        var shop = random.Next(5) == 0
            ? ValueMap<string>.From([new("shop", FormattableString.Invariant($"shop-{random.Next(Shops)}"))])
            : null;
        return new JournalEntryPosted(
            bookedOn,
            "Order 2026-000000 of a customer",
            Euro,
            [
                new JournalLine(Account(random, Accounts), Side.Debit, gross / 100m),
                new JournalLine(
                    Account(random, shop is null ? Accounts : ShopAccounts), Side.Credit, (gross - tax) / 100m,
                    Dimensions: shop),
                new JournalLine(Account(random, Accounts), Side.Credit, tax / 100m),
            ],
            Reference: FormattableString.Invariant($"order-{random.Next(1_000_000)}"),
            Counterparty: FormattableString.Invariant($"customer-{random.Next(5_000)}"));
    }

    private static EntryDocument Invoice(int number) =>
        new("invoice", FormattableString.Invariant($"INV-{number:D7}"), null, null);

    private static AccountCode Account(Random random, int among) =>
        new(FormattableString.Invariant($"{1000 + random.Next(among)}"));

    private static async Task<long> RegisterAsync(NpgsqlBinaryImporter copy, string company, long sequence)
    {
        await WriteAsync(copy, ++sequence, company, "company", 1, new CompanyRegistered(
            new CompanySettings(company, Euro, "DE"), "Europe/Berlin", new AnnualDate(1, 1)));
        for (var account = 0; account < Accounts; account++)
        {
            var code = new AccountCode(FormattableString.Invariant($"{1000 + account}"));
            await WriteAsync(copy, ++sequence, company, "chart", account + 1, new AccountOpened(
                code, new AccountDetails("Account " + code, (AccountType)(account % 5))));
        }

        for (var shop = 0; shop < Shops; shop++)
        {
            await WriteAsync(copy, ++sequence, company, "dimensions", shop + 1, new DimensionValueAdded(
                "shop", FormattableString.Invariant($"shop-{shop}"), new DimensionValueDetails("A shop")));
        }

        return sequence;
    }

    private static async Task WriteAsync(
        NpgsqlBinaryImporter copy, long sequence, string company, string stream, long version, object domainEvent)
    {
        var stored = EventCatalog.Ledger.ToStore(domainEvent);
        var recorded = DateTime.UnixEpoch.AddYears(56).AddMilliseconds(sequence);
        await copy.StartRowAsync();
        await copy.WriteAsync(sequence);
        await copy.WriteAsync(stored.Id);
        await copy.WriteAsync(stream);
        await copy.WriteAsync(version);
        await copy.WriteAsync(Encoding.UTF8.GetString(stored.Data.Span), NpgsqlDbType.Jsonb);
        await copy.WriteAsync(stored.Type);
        await copy.WriteAsync(recorded, NpgsqlDbType.TimestampTz);
        await copy.WriteAsync(company);
        await copy.WriteAsync(stored.DotnetType);
        await copy.WriteAsync("4bf92f3577b34da6a3ce929d0e0e4736");
        await copy.WriteAsync("key:0123456789abcdef");
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }
}
