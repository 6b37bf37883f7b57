using System.CommandLine;
using Ledger.Api.Readers;
using Ledger.Domain;
using Ledger.EventStore;
using Ledger.Projections;
using Npgsql;

namespace Ledger.Api.CommandLine;

/// <summary><c>readers</c>: the logins that read companies' views in SQL, for BI tools.</summary>
public static class ReadersCommand
{
    private const string CompanyRule = "--company takes 1–100 of A-Z a-z 0-9 . _ ~ -";
    private const string NameRule =
        "--name takes 1–63 of a-z 0-9 _, a letter or _ first, and nothing that begins with pg_ or ledger_.";

    private static readonly Option<string> Name = new("--name")
    {
        Description = "The login, such as bi_acme", Required = true, HelpName = "login",
    };

    private static readonly Option<string[]> Companies = new("--company")
    {
        Description = "A company that it reads; may be repeated", Required = true, HelpName = "id",
    };

    private static readonly Option<bool> Pay = new("--pay")
    {
        Description = "It also sees what each person is paid in these companies",
    };

    private static readonly Option<string[]> Revoked = new("--company")
    {
        Description = "A company that it no longer reads; may be repeated [default: all]", HelpName = "id",
    };

    public static Command Build()
    {
        var create = new Command("create", "Let a login read companies; it is made if there is none")
        {
            Name,
            Companies,
            Pay,
        };
        create.SetAction((parsed, stop) => RunAsync(
            parsed, parsed.GetValue(Companies) ?? [],
            (readers, name, companies, output, cancellation) =>
                CreateAsync(readers, name, companies, parsed.GetValue(Pay), output, cancellation),
            stop));
        var list = new Command("list", "Say who reads which companies");
        list.SetAction(ListAsync);
        var revoke = new Command("revoke", "Take companies away from a login, at once") { Name, Revoked };
        revoke.SetAction((parsed, stop) => RunAsync(parsed, parsed.GetValue(Revoked) ?? [], RevokeAsync, stop));
        return new Command("readers", "Logins of BI tools, each walled into its companies") { create, list, revoke };
    }

    private static async Task<int> RunAsync(
        ParseResult parsed,
        string[] companies,
        Func<ReaderRoles, string, string[], TextWriter, CancellationToken, Task<int>> run,
        CancellationToken cancellation)
    {
        var name = parsed.GetValue(Name)!;
        var mistake = !ReaderRoles.IsName(name) ? NameRule : companies.All(Ids.IsValid) ? null : CompanyRule;
        if (mistake is not null)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(mistake);
            return CommandLine.Usage;
        }

        await using var database = await OpenAsync(parsed, cancellation);
        return await run(
            new(database.Source), name, companies, parsed.InvocationConfiguration.Output, cancellation);
    }

    private static async Task<int> CreateAsync(
        ReaderRoles readers, string name, string[] companies, bool withPay, TextWriter output,
        CancellationToken cancellation)
    {
        var password = await readers.CreateAsync(name, companies, withPay, cancellation);
        await output.WriteLineAsync(
            $"{name} reads {string.Join(", ", companies)}{(withPay ? ", and what each person is paid" : "")}.");
        if (password is not null)
        {
            await output.WriteLineAsync("It logs in with this password, which is shown only now:");
            await output.WriteLineAsync(password);
        }

        return CommandLine.Ok;
    }

    private static async Task<int> RevokeAsync(
        ReaderRoles readers, string name, string[] companies, TextWriter output, CancellationToken cancellation)
    {
        var revoked = await readers.RevokeAsync(name, companies, cancellation);
        if (revoked.Count == 0)
        {
            throw new SetUpException(
                $"{name} does not read {(companies.Length == 0 ? "anything" : string.Join(", ", companies))} here; "
                + "see ./run readers list.");
        }

        await output.WriteLineAsync(
            $"{name} no longer reads {string.Join(", ", revoked)}. To end the login itself: drop role {name};");
        return CommandLine.Ok;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var output = parsed.InvocationConfiguration.Output;
        await using var database = await OpenAsync(parsed, cancellation);
        var readers = await new ReaderRoles(database.Source).ListAsync(cancellation);
        foreach (var reader in readers)
        {
            var state = reader.CanLogIn ? "" : " (no login of that name may read)";
            var companies = reader.Companies.Select(
                company => reader.WithPay.Contains(company) ? $"{company} with pay" : company);
            await output.WriteLineAsync($"{reader.Name}: {string.Join(", ", companies)}{state}");
        }

        if (readers.Count == 0)
        {
            await output.WriteLineAsync("Nobody: ./run readers create --name bi_acme --company acme makes a reader.");
        }

        return CommandLine.Ok;
    }

    /// <exception cref="SetUpException">The database cannot be reached, or its schema is another one.</exception>
    private static async Task<AdministratorDatabase> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var database = await AdministratorDatabase.OpenAsync(
            CommandLine.SettingsOf(parsed), parsed.InvocationConfiguration.Error.WriteLine, cancellation);
        try
        {
            if (database.IsPrivate)
            {
                await LedgerHost.MigrateAsync(database.Source, cancellation);
            }

            await Migrations.EventStore.CheckAsync(database.Source, cancellation);
            await ProjectionSchema.Migrations.CheckAsync(database.Source, cancellation);
            return database;
        }
        catch (Exception refused) when (refused is NpgsqlException or ArgumentException or SchemaVersionException)
        {
            await database.DisposeAsync();
            throw new SetUpException($"The readers cannot be looked at: {refused.Message}", refused);
        }
    }
}
