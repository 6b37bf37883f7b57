using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.Accounts;

namespace Ledger.Projections.Accounts;

/// <summary>A version of an account, with what was left out filled in.</summary>
internal static class AccountRows
{
    public static void Add(CopyBuffer accounts, in LoggedEvent at, AccountCode code, AccountDetails account) =>
        accounts.Row(12)
            .Text(at.Company).Text(code.Value).Long(at.Position)
            .Text(account.Name).Json(account.Names)
            .Text(JsonNamingPolicy.CamelCase.ConvertName(account.Type.ToString()))
            .Text(account.Parent?.Value).Text(account.Currency?.Value)
            .Bool(account.Postable ?? true).Bool(account.Archived ?? false)
            .TextArray(account.Requires).Bool(account.BySign ?? false);
}
