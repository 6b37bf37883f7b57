using Ledger.Domain;

namespace Ledger.Api.OpenApi;

/// <summary>The codes of the domain's refusals.</summary>
internal static class Refusals
{
    /// <summary>All codes of these groups, such as <c>Journal</c> for those of <c>JournalRefusals</c>.</summary>
    public static IEnumerable<string> Of(params string[] groups) => groups.SelectMany(group =>
        RefusalCatalog.All.Where(refusal => refusal.Group == group).Select(refusal => refusal.Code) is var codes
        && codes.Any() ? codes : throw new ArgumentException($"There are no refusals of '{group}'.", nameof(groups)));
}
