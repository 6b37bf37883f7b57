using System.Text;
using Ledger.EventStore;
using Ledger.Projections.Audit;

namespace Ledger.Tests.Audit;

/// <summary>Deletions of salts that another program appended are no reason for any check to break off.</summary>
public sealed class SaltDeletionsTests
{
    [Theory]
    [InlineData("""{"reason": "Out of use", "events": ["a", "b"], "sequences": [17, 4]}""", new long[] { 17, 4 })]
    [InlineData("{}", new long[0])]
    [InlineData("[]", new long[0])]
    [InlineData("null", new long[0])]
    [InlineData("""{"reason": "Out of use", "events": [], "sequences": 17}""", new long[0])]
    [InlineData("""{"reason": "Out of use", "events": [], "sequences": ["x"]}""", new long[0])]
    [InlineData("""{"reason": "Out of use", "events": [], "sequences": null}""", new long[0])]
    [InlineData("""{"reason": "Out of use", "events": [], "sequences": [1e40]}""", new long[0])]
    public void What_cannot_be_read_took_no_salts(string body, long[] sequences) =>
        Assert.Equal(sequences, SaltDeletions.SequencesOf(EventCatalog.Ledger, Encoding.UTF8.GetBytes(body)));
}
