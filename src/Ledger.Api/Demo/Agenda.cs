using NodaTime;

namespace Ledger.Api.Demo;

/// <summary>What the shop has before it: payments that fall due, parcels that come back.</summary>
internal sealed class Agenda
{
    private readonly Dictionary<LocalDate, List<Action<LocalDate>>> planned = [];

    /// <summary>Does it on that day, after what was planned for the same day before.</summary>
    public void On(LocalDate day, Action<LocalDate> action)
    {
        if (!planned.TryGetValue(day, out var actions))
        {
            planned.Add(day, actions = []);
        }

        actions.Add(action);
    }

    /// <summary>Banks do not work on Saturdays and Sundays: then it is done on the Monday behind them.</summary>
    public void OnWorkday(LocalDate day, Action<LocalDate> action) => On(
        day.DayOfWeek switch
        {
            IsoDayOfWeek.Saturday => day.PlusDays(2),
            IsoDayOfWeek.Sunday => day.PlusDays(1),
            _ => day,
        },
        action);

    public void Do(LocalDate day)
    {
        if (planned.Remove(day, out var actions))
        {
            actions.ForEach(action => action(day));
        }
    }
}
