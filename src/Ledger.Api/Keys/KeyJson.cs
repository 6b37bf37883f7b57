using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>Reads what callers say of keys.</summary>
public static class KeyJson
{
    /// <summary>How long secrets of before hold after a rotation, unless something else is sent.</summary>
    public const int OverlapHours = 24;

    private static readonly Members Key = new("roles", "holder", "from", "to", "person");
    private static readonly Members Rotation = new("overlapHours");
    private static readonly Members Revocation = new("reason");

    public static KeyDetails Read(ref JsonInput input, int unused)
    {
        ValueList<Role>? roles = null;
        string? holder = null, person = null;
        LocalDate? from = null, to = null;
        var seen = input.Object();
        while (input.Next(Key, ref seen))
        {
            switch (Key[seen.Last])
            {
                case "roles":
                    roles = input.Choices(Choice<Role>.Instance);
                    break;
                case "holder":
                    holder = input.Null() ? null : input.Text();
                    break;
                case "from":
                    from = input.Null() ? null : input.Date();
                    break;
                case "to":
                    to = input.Null() ? null : input.Date();
                    break;
                case "person":
                    person = input.Null() ? null : input.Text();
                    break;
            }
        }

        return new(roles ?? throw input.Missing("roles"), holder, from, to, person);
    }

    public static Duration ReadRotation(ref JsonInput input, int unused)
    {
        var hours = OverlapHours;
        var seen = input.Object();
        while (input.Next(Rotation, ref seen))
        {
            hours = input.Null() ? OverlapHours : input.Integer(0, KeyDecider.OverlapMax.Days * 24);
        }

        return Duration.FromHours(hours);
    }

    public static string ReadRevocation(ref JsonInput input, int unused)
    {
        string? reason = null;
        var seen = input.Object();
        while (input.Next(Revocation, ref seen))
        {
            reason = input.Text();
        }

        return reason ?? throw input.Missing("reason");
    }
}
