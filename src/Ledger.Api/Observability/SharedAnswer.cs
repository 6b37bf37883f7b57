namespace Ledger.Api.Observability;

/// <summary>
/// Asks once for all who come at the same time, so that whoever may ask for nothing costs no more than that. Nobody is
/// given an answer that was asked for before they came: they share the next one.
/// </summary>
internal sealed class SharedAnswer<T>(Func<Task<T>> ask)
{
    private readonly Lock gate = new();
    private Task<T>? running;
    private Task<T>? next;

    public Task<T> AskAsync()
    {
        lock (gate)
        {
            return running is null or { IsCompleted: true } ? running = ask() : next ??= NextAsync(running);
        }
    }

    private async Task<T> NextAsync(Task<T> before)
    {
        await ((Task)before).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task<T> own;
        lock (gate)
        {
            running = own = ask();
            next = null;
        }

        return await own;
    }
}
