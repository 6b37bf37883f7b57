using Ledger.Api.Observability;

namespace Ledger.Tests.Http;

public sealed class SharedAnswerTests
{
    [Fact]
    public async Task Whoever_comes_meanwhile_shares_the_next_answer_and_never_the_one_that_is_on_its_way()
    {
        var answers = new List<TaskCompletionSource<int>>();
        var shared = new SharedAnswer<int>(() =>
        {
            answers.Add(new(TaskCreationOptions.RunContinuationsAsynchronously));
            return answers[^1].Task;
        });

        var first = shared.AskAsync();
        var later = Enumerable.Range(0, 100).Select(_ => shared.AskAsync()).ToArray();
        Assert.Single(answers);
        answers[0].SetResult(1);
        Assert.Equal(1, await first);
        while (answers.Count < 2)
        {
            await Task.Yield();
        }

        answers[1].SetResult(2);
        Assert.All(await Task.WhenAll(later), answer => Assert.Equal(2, answer));
        Assert.Equal(2, answers.Count);
    }

    [Fact]
    public async Task After_a_fault_it_is_asked_again()
    {
        var asked = 0;
        var shared = new SharedAnswer<int>(() => asked++ == 0
            ? Task.FromException<int>(new InvalidOperationException()) : Task.FromResult(asked));

        await Assert.ThrowsAsync<InvalidOperationException>(shared.AskAsync);
        Assert.Equal(2, await shared.AskAsync());
    }
}
