using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Accounts;

namespace Ledger.Api.Accounts;

/// <summary>Reads an account as callers send it.</summary>
public static class AccountJson
{
    private static readonly Members Account = new(
        "name", "type", "names", "parent", "currency", "postable", "archived", "requires", "bySign");

    public static AccountDetails Read(ref JsonInput input, int unused)
    {
        string? name = null, parent = null, currency = null;
        AccountType? type = null;
        ValueMap<string>? names = null;
        bool? postable = null, archived = null, bySign = null;
        ValueList<string>? requires = null;
        var seen = input.Object();
        while (input.Next(Account, ref seen))
        {
            switch (Account[seen.Last])
            {
                case "name":
                    name = input.Text();
                    break;
                case "type":
                    type = input.One(Choice<AccountType>.Instance);
                    break;
                case "names":
                    names = input.Null() ? null : input.Map(static (ref JsonInput value, int _) => value.Text());
                    break;
                case "parent":
                    parent = input.Null() ? null : input.Text();
                    break;
                case "currency":
                    currency = input.Null() ? null : input.Text();
                    break;
                case "postable":
                    postable = input.Null() ? null : input.Flag();
                    break;
                case "archived":
                    archived = input.Null() ? null : input.Flag();
                    break;
                case "requires":
                    requires = input.Null() ? null : input.Texts();
                    break;
                case "bySign":
                    bySign = input.Null() ? null : input.Flag();
                    break;
            }
        }

        return new(
            name ?? throw input.Missing("name"),
            type ?? throw input.Missing("type"),
            names,
            parent is null ? null : new AccountCode(parent),
            currency is null ? null : new UnitCode(currency),
            postable,
            archived,
            requires,
            bySign);
    }
}
