using System.Buffers;
using Ledger.Domain.Companies;
using NodaTime;

namespace Ledger.Domain.Keys;

public static class KeyDecider
{
    public const int KeysMax = 1_000;

    private static readonly SearchValues<char> Base64Url =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>How long secrets of before may go on after a rotation.</summary>
    public static readonly Duration OverlapMax = Duration.FromDays(90);

    /// <summary>
    /// Secrets of a key that may have ended within <see cref="RotationsWithin"/>, or are still to end: each rotation
    /// costs every caller of the company something, and every role may rotate its own key.
    /// </summary>
    public const int RotationsMax = 10;

    /// <summary>Moments within <see cref="RotationsWithin"/> at which secrets may have ended for one more rotation that
    /// leaves none of them: however the others were spent, there is one for whoever must end a secret now.</summary>
    public const int UrgentRotationsMax = KeyRing.SecretsMax - 1;

    public static readonly Duration RotationsWithin = Duration.FromDays(1);

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

        if (Check(id, details) is { } refusal)
        {
            return refusal;
        }

        var holder = details.Holder ?? id;
        if (ring.HolderLike(holder, exceptId: id) is { } other)
        {
            return KeyRefusals.HolderDiffersByCase(holder, other);
        }

        if (ring.Excludes(holder, details.Roles, exceptId: id) is var (one, excluded))
        {
            return KeyRefusals.RolesExclude(holder, one, excluded);
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

        if (command.PreviousUntil > now + OverlapMax)
        {
            return KeyRefusals.OverlapTooLong(OverlapMax);
        }

        if (IsOfBefore(command.By, key))
        {
            return KeyRefusals.SecretOfBefore();
        }

        return CheckOften(command, key, now) is { } refusal
            ? refusal
            : new KeyRotated(
                command.Id, command.Secret.Prefix, command.Secret.Sha256, command.PreviousUntil,
                key.Secrets.Any(held => held.Secret.Prefix == command.By) ? true : null);
    }

    /// <summary>A secret that others know must end at once, also while many of before still hold: these end with it, so
    /// that all of them count as one.</summary>
    private static Refusal? CheckOften(RotateKey command, Key key, Instant now)
    {
        var ends = key.Secrets.Select(held => held.Until).OfType<Instant>().Where(end => end > now - RotationsWithin)
            .Order().ToList();
        if (command.PreviousUntil > now)
        {
            return ends.Count < RotationsMax ? null
                : KeyRefusals.RotatedTooOften(RotationsMax, ends[^RotationsMax] + RotationsWithin, leavesNone: false);
        }

        var moments = ends.Where(end => end <= now).Distinct().ToList();
        return moments.Count < UrgentRotationsMax ? null
            : KeyRefusals.RotatedTooOften(
                UrgentRotationsMax, moments[^UrgentRotationsMax] + RotationsWithin, leavesNone: true);
    }

    /// <summary>
    /// Whether others know this secret while somebody has made a later one that they do not: either the holder has left
    /// it to them, or one of them was there before the holder. Neither may end what the other uses.
    /// </summary>
    private static bool IsOfBefore(string? prefix, Key key)
    {
        var later = key.Secrets.SkipWhile(held => held.Secret.Prefix != prefix).ToList();
        return later.Count > 0 && !later[0].IsOwn && later.Exists(held => held.IsOwn);
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

    private static Refusal? Check(string id, KeyDetails details)
    {
        if (details.Roles.Count == 0)
        {
            return KeyRefusals.RolesMissing();
        }

        if (details.Roles.Distinct().Count() < details.Roles.Count)
        {
            return KeyRefusals.RoleTwice();
        }

        // The id of a key, as the holder by default, would make a person of each key of whoever approves.
        if (details.Holder is null && Permissions.Of(details.Roles).Has(Permission.Approve))
        {
            return KeyRefusals.HolderMissing();
        }

        if (details.Holder is { } holder && !Ids.IsValid(holder) && !IsActorOfToken(holder))
        {
            return TextRefusals.IdInvalid("holder", holder);
        }

        if (string.Equals(details.Holder ?? id, Key.OwnersHolder, StringComparison.OrdinalIgnoreCase))
        {
            return KeyRefusals.HolderReserved();
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

    /// <summary><c>user:</c> and 22 characters of base64url.</summary>
    private static bool IsActorOfToken(string holder) =>
        holder.StartsWith("user:", StringComparison.Ordinal) && holder.Length == "user:".Length + 22
        && !holder.AsSpan("user:".Length).ContainsAnyExcept(Base64Url);
}
