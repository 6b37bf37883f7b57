using Ledger.Api.Accounts;
using Ledger.Api.Audit;
using Ledger.Api.Balances;
using Ledger.Api.Dimensions;
using Ledger.Api.Journals;
using Ledger.Api.Reports;

namespace Ledger.Api.Queries;

/// <summary>Everything that is asked and nothing that is recorded.</summary>
public static class QueriesApi
{
    public static void Map(Surface surface)
    {
        AccountQueriesApi.Map(surface);
        DimensionQueriesApi.Map(surface);
        JournalQueriesApi.Map(surface);
        JournalExport.Map(surface);
        EventsApi.Map(surface);
        StreamsApi.Map(surface);
        AccessLogApi.Map(surface);
        AccessSumsApi.Map(surface);
        ActivityApi.Map(surface);
        JournalTestsApi.Map(surface);
        MissingNumbersApi.Map(surface);
        BalancesApi.Map(surface);
        TrialBalanceApi.Map(surface);
        GeneralLedgerApi.Map(surface);
        StatementsApi.Map(surface);
        RestatementsApi.Map(surface);
    }
}
