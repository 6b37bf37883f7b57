using Ledger.Domain.Keys;
using NodaTime;

namespace Ledger.Tests.Keys;

public sealed class KeySpansTests
{
    private static readonly Instant Start = Instant.FromUtc(2026, 1, 1, 0, 0);

    private static readonly KeyDetails Approver = new([Role.Approver], "maria");

    [Fact]
    public void A_key_holds_on_its_days_until_it_is_revoked() =>
        Assert.Equal(
            ["approver 2-4"],
            Spans(
                (0, new KeyIssued("aaaa2222", "", "k", Approver, Day(2), Day(6))),
                (4, new KeyRevoked("k", "Left"))));

    [Fact]
    public void A_day_that_never_came_leaves_nothing() =>
        Assert.Empty(Spans(
            (0, new KeyIssued("aaaa2222", "", "k", Approver, Day(5), Day(6))), (4, new KeyRevoked("k", "Left"))));

    [Fact]
    public void Another_role_is_another_span_and_the_same_one_again_is_none() =>
        Assert.Equal(
            ["approver 0-3", "auditor 3-"],
            Spans(
                (0, new KeyIssued("aaaa2222", "", "k", Approver)),
                (1, new KeyChanged("k", Approver with { From = new(2025, 1, 1) })),
                (3, new KeyChanged("k", new([Role.Auditor], "maria")))));

    [Fact]
    public void Nobody_approves_by_a_secret_that_somebody_else_made()
    {
        var spans = KeySpans.Of(
        [
            (Day(0), new KeyIssued("aaaa2222", "", "k", Approver)),
            (Day(1), new KeyRotated("k", "bbbb2222", "", Day(3), Own: true)),
            (Day(5), new KeyRotated("k", "cccc2222", "", Day(7))),
        ]);

        // The own secret goes on approving until it ends; then there is only the one that others know.
        Assert.Equal(
            [(0, 1, false), (1, 7, true), (7, -1, false)],
            spans.Select(span => (
                (span.From - Start).Days, span.Until is { } until ? (until - Start).Days : -1,
                span.Permissions.Has(Permission.Approve))));
        Assert.Equal([0, 1, 2], spans.Select(span => span.Cause));
    }

    [Fact]
    public void Keys_come_in_the_order_of_their_ids() =>
        Assert.Equal(
            ["a", "b"],
            KeySpans.Of(
            [
                (Day(0), new KeyIssued("bbbb2222", "", "b", Approver)),
                (Day(1), new KeyIssued("aaaa2222", "", "a", Approver)),
            ]).Select(span => span.Key));

    private static Instant Day(int day) => Start + Duration.FromDays(day);

    private static IEnumerable<string> Spans(params (int Day, KeyEvent Event)[] history) =>
        KeySpans.Of([.. history.Select(each => (Day(each.Day), each.Event))]).Select(span =>
            $"{span.Roles[0].ToString().ToLowerInvariant()} {(span.From - Start).Days}-"
                + (span.Until is { } until ? (until - Start).Days : ""));
}
