using System.CommandLine;
using System.Diagnostics;
using Ledger.Api.Json;
using Ledger.Api.Keys;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.CommandLine;

/// <summary><c>keys create|list|rotate|revoke</c>: who may do what, by whoever runs this machine.</summary>
public static class KeysCommand
{
    private const string CompanyRule = "--company takes 1–100 of A-Z a-z 0-9 . _ ~ -";

    private static readonly Option<string> Company = new("--company")
    {
        Description = "The company that the key is for", Required = true, HelpName = "id",
    };

    private static readonly Option<string> Id = new("--id")
    {
        Description = "What the company calls the key", Required = true, HelpName = "id",
    };

    private static readonly Option<bool> Owner = new("--owner")
    {
        Description = "The owner's keys of the whole ledger, of which one is in the data folder",
    };

    private static readonly Option<string?> OfCompany = new("--company")
    {
        Description = "The company whose key it is, unless --owner", HelpName = "id",
    };

    private static readonly Option<string?> OfId = new("--id")
    {
        Description = "Which key; with --owner by default the one in the file", HelpName = "id",
    };

    private static readonly Option<string[]> Roles = new("--role")
    {
        Description = $"What its holder is to the company; several times: {Choice<Role>.Instance}",
        Required = true,
        HelpName = "role",
    };

    private static readonly Option<string?> Holder = new("--holder")
    {
        Description = "The person who answers for it; needed for owner and approver [default: the key's id]",
        HelpName = "id",
    };

    private static readonly Option<string?> From = new("--from")
    {
        Description = "The first day on which it holds", HelpName = "yyyy-MM-dd",
    };

    private static readonly Option<string?> To = new("--to")
    {
        Description = "The last day on which it holds", HelpName = "yyyy-MM-dd",
    };

    private static readonly Option<string?> Person = new("--person")
    {
        Description = "Whose own data it reads, with the role employee", HelpName = "id",
    };

    private static readonly Option<int> Overlap = new("--overlap-hours")
    {
        Description = "How long the secret of before still holds",
        DefaultValueFactory = _ => KeyJson.OverlapHours,
        HelpName = "hours",
    };

    private static readonly Option<string> Reason = new("--reason")
    {
        Description = "Why it ends", DefaultValueFactory = _ => "Revoked on the command line", HelpName = "text",
    };

    public static Command Build()
    {
        var create = new Command("create", "Issue a key and print it, this once")
        {
            Company, Id, Roles, Holder, From, To, Person,
        };
        create.SetAction(CreateAsync);
        var list = new Command("list", "List the keys of a company, or the owner's") { OfCompany, Owner };
        list.SetAction(ListAsync);
        var rotate = new Command("rotate", "Give a key another secret and print it, this once")
        {
            OfCompany, Owner, OfId, Overlap,
        };
        rotate.SetAction(RotateAsync);
        var revoke = new Command("revoke", "End a key for ever") { OfCompany, Owner, OfId, Reason };
        revoke.SetAction(RevokeAsync);
        return new Command("keys", "Say who may do what") { create, list, rotate, revoke };
    }

    private static async Task<int> CreateAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var error = parsed.InvocationConfiguration.Error;
        var roles = new List<Role>();
        foreach (var name in parsed.GetValue(Roles)!)
        {
            if (Choice<Role>.Find(name) is not { } role)
            {
                await error.WriteLineAsync($"--role takes one of {Choice<Role>.Instance}.");
                return CommandLine.Usage;
            }

            roles.Add(role);
        }

        if (!TryDay(parsed.GetValue(From), out var from) || !TryDay(parsed.GetValue(To), out var to))
        {
            await error.WriteLineAsync("--from and --to take a date such as 2026-01-31.");
            return CommandLine.Usage;
        }

        var details = new KeyDetails(roles.ToValueList(), parsed.GetValue(Holder), from, to, parsed.GetValue(Person));
        var (text, secret) = KeyText.MakeSecret();
        var command = new PutKey(parsed.GetValue(Id)!, details, secret);
        return await RunAsync(
            parsed,
            parsed.GetValue(Company)!,
            (host, reading) => KeyWrites.PutAsync(command, reading, host.Owner),
            (command.Id, text),
            "This key is there already, with the same roles. Its secret is stored nowhere: if it is lost, rotate the "
                + "key.",
            cancellation);
    }

    private static async Task<int> RotateAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (await MistakeAsync(parsed, needsId: true) is { } usage)
        {
            return usage;
        }

        var overlap = Duration.FromHours(Math.Clamp(parsed.GetValue(Overlap), 0, int.MaxValue));
        if (parsed.GetValue(Owner))
        {
            return await OwnerKeysCommand.RotateAsync(parsed, overlap, cancellation);
        }

        var (text, secret) = KeyText.MakeSecret();
        return await RunAsync(
            parsed,
            parsed.GetValue(OfCompany)!,
            (host, reading) => KeyWrites.RotateAsync(
                new(parsed.GetValue(OfId)!, secret, host.Clock.GetCurrentInstant() + overlap), overlap, reading,
                host.Owner),
            (parsed.GetValue(OfId)!, text),
            "",
            cancellation);
    }

    private static async Task<int> RevokeAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (await MistakeAsync(parsed, needsId: true) is { } usage)
        {
            return usage;
        }

        return parsed.GetValue(Owner)
            ? await OwnerKeysCommand.RevokeAsync(
                parsed, parsed.GetValue(OfId), parsed.GetValue(Reason)!, cancellation)
            : await RunAsync(
                parsed,
                parsed.GetValue(OfCompany)!,
                (_, reading) => KeyWrites.RevokeAsync(
                    new(parsed.GetValue(OfId)!, parsed.GetValue(Reason)!), reading),
                null,
                "This key was revoked before.",
                cancellation);
    }

    /// <summary>The code of a command that names neither a company's key nor the owner's, or both.</summary>
    private static async Task<int?> MistakeAsync(ParseResult parsed, bool needsId)
    {
        var (company, isOwners) = (parsed.GetValue(OfCompany), parsed.GetValue(Owner));
        var mistake = isOwners == company is not null ? "Send either --company or --owner."
            : company is not null && !Ids.IsValid(company) ? CompanyRule
            : needsId && !isOwners && parsed.GetValue(OfId) is null ? "--id is missing: which key of the company?"
            : needsId && isOwners && parsed.CommandResult.Command.Name == "rotate" && parsed.GetValue(OfId) is not null
                ? "--owner rotates the key in the file: leave out --id."
            : null;
        if (mistake is null)
        {
            return null;
        }

        await parsed.InvocationConfiguration.Error.WriteLineAsync(mistake);
        return CommandLine.Usage;
    }

    /// <param name="parsed">The command.</param>
    /// <param name="company">Whose keys.</param>
    /// <param name="decide">What is done to its keys.</param>
    /// <param name="secret">That of the key with this id, printed when something was done.</param>
    /// <param name="before">Said when it was done before.</param>
    /// <param name="cancellation">Gives up the start.</param>
    private static async Task<int> RunAsync(
        ParseResult parsed,
        string company,
        Func<LedgerHost, Reading, ValueTask<Verdict<Written>>> decide,
        (string Id, string Text)? secret,
        string before,
        CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        if (!Ids.IsValid(company))
        {
            await error.WriteLineAsync(CompanyRule);
            return CommandLine.Usage;
        }

        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        var outcome = await host.Transact.RunAsync(
            company, new(host.OwnerActor, null, null, null), reading => decide(host, reading));
        if (outcome is not Transacted<Written>.Done done)
        {
            await error.WriteLineAsync(Http.ProblemOf(outcome)!.Detail);
            return CommandLine.Refused;
        }

        if (!done.Appended)
        {
            await error.WriteLineAsync(before);
        }
        else if (secret is var (id, text))
        {
            await error.WriteLineAsync("Keep it: it is shown this once, and only its hash is stored.");
            await output.WriteLineAsync(text);
            var known = await host.Keys.Of(company).AsOfAsync(Stopwatch.GetTimestamp());
            if (KeysApi.NoteOn(known.Ring.Find(id)?.Details?.Roles ?? [], isOwn: false) is { } note)
            {
                await error.WriteLineAsync(note);
            }
        }

        return CommandLine.Ok;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellation)
    {
        if (await MistakeAsync(parsed, needsId: false) is { } usage)
        {
            return usage;
        }

        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        await using var host = await LedgerHost.OpenAsync(
            CommandLine.SettingsOf(parsed), error.WriteLine, cancellation);
        var company = parsed.GetValue(OfCompany) ?? OwnerKey.Tenant;
        var known = await host.Keys.Of(company).AsOfAsync(long.MaxValue);
        var uses = await KeyUses.OfAsync(host, company);
        foreach (var row in known.Ring.Keys.Select(key => KeyRow.Of(key, uses)))
        {
            var days = (row.From, row.To) switch
            {
                (null, null) => "",
                var (from, to) => $", {Day(from)} to {Day(to)}",
            };
            var roles = string.Join(' ', row.Roles.Select(Choice<Role>.NameOf));
            var end = row.Revoked ? "  revoked" : row.OwnSecret ? "" : "  its secret is known to whoever made it";
            var used = row.LastUsed is { } last ? $"  used {InstantPattern.General.Format(last)}" : "";
            await output.WriteLineAsync($"{row.Key}  {row.Actor}  held by {row.Holder}  {roles}{days}{used}{end}");
        }

        return CommandLine.Ok;
    }

    private static string Day(LocalDate? day) => day is { } some ? LocalDatePattern.Iso.Format(some) : "…";

    private static bool TryDay(string? text, out LocalDate? day)
    {
        var parsed = text is null ? null : LocalDatePattern.Iso.Parse(text);
        day = parsed is { Success: true } ? parsed.Value : null;
        return parsed is null or { Success: true };
    }
}
