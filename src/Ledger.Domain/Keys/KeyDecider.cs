using Ledger.Domain.Companies;
using NodaTime;

namespace Ledger.Domain.Keys;

public static class KeyDecider
{
    public const int KeysMax = 1_000;

    /// <summary>How long secrets of before may go on after a rotation.</summary>
    public static readonly Duration OverlapMax = Duration.FromDays(90);

    public static Decision<KeyEvent> Decide(IssueOwnerKey command, KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(ring);
        if (ring.FindByPrefix(command.Prefix) is not { } key)
        {
            return new KeyIssued(command.Prefix, command.Sha256);
        }

        return key.Secrets.Any(held => held.Secret == new KeySecret(command.Prefix, command.Sha256))
            ? Decision<KeyEvent>.Nothing
            : KeyRefusals.PrefixTaken(command.Prefix);
    }

    public static Decision<KeyEvent> Decide(PutKey command, KeyRing ring, Company company)
    {
        var (id, details) = (command.Id, command.Key);
        var key = ring.Find(id);
        if (key is { IsRevoked: false } && key.Details == details)
        {
            return Decision<KeyEvent>.Nothing;
        }

        if (!company.Exists)
        {
            return CompanyRefusals.Unknown();
        }

        if (!Ids.IsValid(id))
        {
            return TextRefusals.IdInvalid("The key's id", id);
        }

        if (key is { IsRevoked: true })
        {
            return KeyRefusals.Revoked(id);
        }

        if (Register.CheckVersion(key?.Version ?? 0, command.IfMatch) is { } moved)
        {
            return moved;
        }

        if (Check(details) is { } refusal)
        {
            return refusal;
        }

        if (Excluded(id, details, ring) is { } excluded)
        {
            return excluded;
        }

        if (key is null && ring.Keys.Count() >= KeysMax)
        {
            return KeyRefusals.TooMany(KeysMax);
        }

        if (key is null && ring.FindByPrefix(command.Secret.Prefix) is not null)
        {
            return KeyRefusals.PrefixTaken(command.Secret.Prefix);
        }

        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(company.TimeZone) ?? DateTimeZone.Utc;
        var from = details.From?.AtStartOfDayInZone(zone).ToInstant();
        var until = details.To?.PlusDays(1).AtStartOfDayInZone(zone).ToInstant();
        return key is null
            ? new KeyIssued(command.Secret.Prefix, command.Secret.Sha256, id, details, from, until)
            : new KeyChanged(id, details, from, until);
    }

    /// <param name="now">Secrets of before may not hold for longer than <see cref="OverlapMax"/> from here.</param>
    public static Decision<KeyEvent> Decide(RotateKey command, KeyRing ring, Instant now)
    {
        if (ring.Find(command.Id) is not { } key)
        {
            return KeyRefusals.Unknown(command.Id);
        }

        if (key.IsRevoked)
        {
            return KeyRefusals.Revoked(command.Id);
        }

        if (ring.FindByPrefix(command.Secret.Prefix) is not null)
        {
            return KeyRefusals.PrefixTaken(command.Secret.Prefix);
        }

        return command.PreviousUntil > now + OverlapMax
            ? KeyRefusals.OverlapTooLong(OverlapMax)
            : new KeyRotated(command.Id, command.Secret.Prefix, command.Secret.Sha256, command.PreviousUntil);
    }

    public static Decision<KeyEvent> Decide(RevokeKey command, KeyRing ring)
    {
        if (ring.Find(command.Id) is not { } key)
        {
            return KeyRefusals.Unknown(command.Id);
        }

        if (key.IsRevoked)
        {
            return Decision<KeyEvent>.Nothing;
        }

        return Texts.CheckNeeded("reason", command.Reason, Texts.DescriptionLengthMax) is { } refusal
            ? refusal
            : new KeyRevoked(command.Id, command.Reason);
    }

    private static Refusal? Check(KeyDetails details)
    {
        if (details.Roles.Count == 0)
        {
            return KeyRefusals.RolesMissing();
        }

        if (details.Roles.Distinct().Count() < details.Roles.Count)
        {
            return KeyRefusals.RoleTwice();
        }

        if (details.Holder is { } holder && !Ids.IsValid(holder))
        {
            return TextRefusals.IdInvalid("holder", holder);
        }

        if (details.From > details.To)
        {
            return KeyRefusals.EndsBeforeItBegins(details.From.Value, details.To.Value);
        }

        if (details.Person is null == details.Roles.Contains(Role.Employee))
        {
            return KeyRefusals.PersonOfEmployee();
        }

        return details.Person is { } person && !Ids.IsValid(person) ? TextRefusals.IdInvalid("person", person) : null;
    }

    /// <summary>Over all keys of one holder, since two keys in one hand are as good as one.</summary>
    private static Refusal? Excluded(string id, KeyDetails details, KeyRing ring)
    {
        var holder = details.Holder ?? id;
        var roles = ring.Keys
            .Where(key => key.Id != id && !key.IsRevoked && key.Holder == holder && key.Details is not null)
            .SelectMany(key => key.Details!.Roles)
            .Concat(details.Roles)
            .ToHashSet();
        var (one, other) = Permissions.Excluding;
        return roles.Contains(one) && roles.Contains(other) ? KeyRefusals.RolesExclude(holder, one, other) : null;
    }
}
