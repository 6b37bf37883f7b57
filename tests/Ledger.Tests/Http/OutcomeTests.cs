using Ledger.Api;
using Ledger.Domain;
using Ledger.EventStore;
using ApiHttp = Ledger.Api.Http;

namespace Ledger.Tests.Http;

public sealed class OutcomeTests
{
    public static TheoryData<Transacted<int>, int, string, int?> Outcomes => new()
    {
        { new Transacted<int>.QueueFull(), 503, "queue-full", 1 },
        { new Transacted<int>.Busy(), 503, "busy", 1 },
        { new Transacted<int>.Unavailable("no room"), 503, "store-unavailable", 5 },
        { new Transacted<int>.Unavailable("no room", DiskFull: true), 503, "store-unavailable", 5 },
        { new Transacted<int>.Unknown("lost"), 503, "outcome-unknown", 1 },
        { new Transacted<int>.Poisoned("22021", "invalid byte"), 422, "content-not-storable", null },
        { new Transacted<int>.Refused(new Refusal("period-closed", "Closed.")), 422, "period-closed", null },
        { new Transacted<int>.Refused(RegisterRefusals.IfMatchRequired(3)), 428, "if-match-required", null },
    };

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void What_was_not_recorded_is_a_problem_that_says_when_to_come_back(
        Transacted<int> outcome, int status, string code, int? retryAfter)
    {
        var problem = ApiHttp.ProblemOf(outcome)!;

        Assert.Equal((status, code, retryAfter), (problem.Status, problem.Code, problem.RetryAfter));
    }

    [Fact]
    public void What_was_recorded_is_no_problem() =>
        Assert.Null(ApiHttp.ProblemOf(new Transacted<int>.Done(1, 1, default, Appended: true)));

    [Fact]
    public void An_unknown_outcome_asks_for_the_same_id() => Assert.Contains(
        "the same id", ApiHttp.ProblemOf(new Transacted<int>.Unknown("lost"))!.Detail, StringComparison.Ordinal);

    [Theory]
    [InlineData(false, "The database cannot record now.")]
    [InlineData(true, "The disk of the database is full.")]
    public void A_full_disk_is_told_from_whatever_else_the_database_cannot(bool isFull, string words) =>
        Assert.StartsWith(
            $"{words} Nothing was recorded: ",
            ApiHttp.ProblemOf(new Transacted<int>.Unavailable("x", isFull))!.Detail, StringComparison.Ordinal);

    [Fact]
    public void Every_code_is_kebab_case_and_has_one_status_and_words_of_its_own()
    {
        Assert.All(RequestProblems.All, each =>
        {
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", each.Key);
            Assert.InRange(each.Value.Status, 400, 599);
            Assert.EndsWith(".", each.Value.Meaning, StringComparison.Ordinal);
        });
        Assert.All(RefusalCatalog.All.Select(refusal => refusal.Code).Intersect(RequestProblems.All.Keys), code =>
            Assert.Equal(ApiHttp.StatusOf(code), RequestProblems.All[code].Status));
    }
}
