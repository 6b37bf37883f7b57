using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Approvals;

namespace Ledger.Api.Approvals;

/// <summary>Reads what callers say of four eyes.</summary>
public static class ApprovalJson
{
    private static readonly Members Settings = new(
        "entryAbove", "reversalAbove", "payrollAccounts", "exempt", "withoutLedgerOwner");

    private static readonly Members Refusal = new("reason");

    public static FourEyesSettings ReadSettings(ref JsonInput input, int unused)
    {
        decimal? entryAbove = null, reversalAbove = null;
        ValueList<AccountCode>? accounts = null;
        ValueList<ApprovalKind>? exempt = null;
        bool? withoutLedgerOwner = null;
        var seen = input.Object();
        while (input.Next(Settings, ref seen))
        {
            switch (Settings[seen.Last])
            {
                case "entryAbove":
                    entryAbove = input.Null() ? null : input.Amount();
                    break;
                case "reversalAbove":
                    reversalAbove = input.Null() ? null : input.Amount();
                    break;
                case "payrollAccounts":
                    accounts = input.Null() ? null : input.Texts().Select(code => new AccountCode(code)).ToValueList();
                    break;
                case "exempt":
                    exempt = input.Null() ? null : input.Choices(Choice<ApprovalKind>.Instance);
                    break;
                case "withoutLedgerOwner":
                    withoutLedgerOwner = input.Null() ? null : input.Flag();
                    break;
            }
        }

        return new(entryAbove, reversalAbove, accounts, exempt, withoutLedgerOwner);
    }

    public static string ReadReason(ref JsonInput input, int unused)
    {
        string? reason = null;
        var seen = input.Object();
        while (input.Next(Refusal, ref seen))
        {
            reason = input.Text();
        }

        return reason ?? throw input.Missing("reason");
    }
}
