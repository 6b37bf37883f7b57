using NodaTime;
using NodaTime.Text;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.Keys;

public static class KeyRefusals
{
    public static Refusal Unknown(string id) => new(
        "key-not-found", $"There is no key '{Shown(id)}': read the list of keys.");

    public static Refusal Revoked(string id) => new(
        "key-revoked", $"The key '{Shown(id)}' was revoked, for ever: issue a new one under another id.");

    public static Refusal RolesMissing() => new(
        "key-roles-missing", "A key without roles may do nothing: send at least one.");

    public static Refusal RoleTwice() => new(
        "key-role-twice", "A role is named twice: send each once.");

    public static Refusal HolderMissing() => new(
        "key-holder-missing",
        "A key that approves says which person it is: send holder, the same for all keys of one person.");

    public static Refusal HolderReserved() => new(
        "key-holder-reserved",
        $"'{Key.OwnersHolder}' is whoever holds the owner's key of the whole ledger: name another holder.");

    public static Refusal EndsBeforeItBegins(LocalDate from, LocalDate to) => new(
        "key-ends-before-it-begins",
        $"The key would hold from {Shown(from)} to {Shown(to)}: send a last day that is not before the first.");

    public static Refusal PersonOfEmployee() => new(
        "key-person-of-employee",
        "The role employee reads the data of one person, and no other role does: send person with this role, and only "
        + "with it.");

    /// <param name="holder">As it was sent.</param>
    /// <param name="other">As a key that there is, or was, names it.</param>
    public static Refusal HolderDiffersByCase(string holder, string other) => new(
        "key-holder-differs-by-case",
        $"The holder '{Shown(holder)}' differs from '{Shown(other)}' by case only, and would be another person to four "
        + "eyes: send it as it is written there, or name a person who is another by a name of their own.");

    public static Refusal RolesExclude(string holder, Role one, Role other) => new(
        "key-roles-exclude",
        $"The holder '{Shown(holder)}' would be both {Camel(one)} and {Camel(other)}, and whoever may record employees "
        + "must not release their pay unseen: give the role payer to another person. An owner releases payments "
        + "without it, seen by a second person.");

    public static Refusal TooMany(int keysMax) => new(
        "key-too-many",
        FormattableString.Invariant($"A company has at most {keysMax} keys, revoked ones included: give what is ")
        + "needed to a key that is there.");

    public static Refusal PrefixTaken(string prefix) => new(
        "key-prefix-taken",
        $"Another key has the prefix '{prefix}': delete the file of the key, so that a new one is made.");

    public static Refusal OverlapTooLong(Duration overlapMax) => new(
        "key-overlap-too-long",
        FormattableString.Invariant($"Secrets of before may go on for at most {overlapMax.Days} days: send an earlier ")
        + "previousUntil.");

    public static Refusal SecretOfBefore() => new(
        "key-secret-of-before",
        "A later secret of this key was made by somebody who knew the one that you use: send the latest, or have the "
        + "key revoked.");

    /// <param name="max">How many secrets, or moments at which secrets end, there may be.</param>
    /// <param name="again">When there are fewer.</param>
    /// <param name="leavesNone">Whether the secrets of before would all have ended at once.</param>
    public static Refusal RotatedTooOften(int max, Instant again, bool leavesNone) => new(
        "key-rotated-too-often",
        leavesNone
            ? FormattableString.Invariant($"Secrets of this key ended at {max} moments within a day: have it revoked, ")
                + "which is always possible, and another one issued, or send it again after "
                + $"{InstantPattern.General.Format(again)}."
            : FormattableString.Invariant($"{max} secrets of this key ended within a day, or still hold: send it ")
                + $"again after {InstantPattern.General.Format(again)}, or with overlapHours 0 if one of them must end "
                + "now, which ends them all.");
}
