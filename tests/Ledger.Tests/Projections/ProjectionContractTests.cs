using Ledger.Domain.Employees;
using Ledger.Domain.People;
using Ledger.EventStore;
using Ledger.Projections;
using Ledger.Tests.PayRuns;
using Ledger.Tests.Queries;

namespace Ledger.Tests.Projections;

/// <summary>
/// One contract for every way in which the tables come to be: followed live, rebuilt beside, taken over by other loops.
/// Whatever the way, the tables are the same row by row, and verification has nothing to say.
/// </summary>
public sealed class ProjectionContractTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What all ways must come to: read in one go when all is recorded.</summary>
    private static readonly Lazy<Task<string[]>> Expected = new(async () =>
    {
        await using var one = await BooksDatabase.CreateAsync(blockSize: 3);
        await FillAsync(one, Way.OneLoopAtTheEnd);
        return await WithoutInstantsAsync(one);
    });

    public enum Way
    {
        OneLoopFromTheStart,
        OneLoopAtTheEnd,
        LoopsThatTakeOver,
        TwoLoopsAtOnce,
        RebuiltAtTheEnd,
        RebuiltWhileAppending,
    }

    [Theory]
    [InlineData(Way.OneLoopFromTheStart)]
    [InlineData(Way.LoopsThatTakeOver)]
    [InlineData(Way.TwoLoopsAtOnce)]
    [InlineData(Way.RebuiltAtTheEnd)]
    [InlineData(Way.RebuiltWhileAppending)]
    public async Task However_the_tables_are_filled_they_are_the_same(Way way)
    {
        await using var books = await BooksDatabase.CreateAsync(blockSize: 3);
        await FillAsync(books, way);

        Assert.Equal(await Expected.Value, await WithoutInstantsAsync(books));
        var report = await new Verification(books.Source, EventCatalog.Ledger).RunAsync();
        Assert.Equal([], report.Findings);
        Assert.Equal(report.Events, report.Rebuilt);
    }

    // The two databases recorded the same events at different instants, and gave them other ids.
    private static async Task<string[]> WithoutInstantsAsync(BooksDatabase books) =>
        [.. (await BooksTablesText.ReadAsync(books)).Select(row => row.Contains("+00", StringComparison.Ordinal)
                || row.StartsWith("employee_history", StringComparison.Ordinal)
            ? string.Join(',', row.Split(',').Where(column =>
                !column.EndsWith("+00", StringComparison.Ordinal) && !Guid.TryParse(column, out _)))
            : row)];

    private static async Task FillAsync(BooksDatabase books, Way way)
    {
        var loops = new List<ProjectionLoop>();
        if (way != Way.OneLoopAtTheEnd)
        {
            loops.Add(books.StartLoop());
        }

        if (way == Way.TwoLoopsAtOnce)
        {
            loops.Add(books.StartLoop());
        }

        var last = 0L;
        var rebuild = Task.CompletedTask;
        var number = 0;
        foreach (var chunk in Events().Chunk(5))
        {
            foreach (var (company, stream, @event) in chunk)
            {
                last = await books.AppendAsync(company, stream, @event);
            }

            number++;
            if (way == Way.LoopsThatTakeOver && number % 10 == 0)
            {
                await loops[^1].DisposeAsync();
                loops[^1] = books.StartLoop();
            }

            if (way == Way.RebuiltWhileAppending && number == 15)
            {
                rebuild = new Rebuild(books.Source, EventCatalog.Ledger).RunAsync();
            }
        }

        await rebuild;
        if (way == Way.OneLoopAtTheEnd)
        {
            loops.Add(books.StartLoop());
        }

        foreach (var loop in loops)
        {
            Assert.True(await loop.WaitForAsync(last, Patience), loop.Status.ToString());
        }

        if (way == Way.RebuiltAtTheEnd)
        {
            await new Rebuild(books.Source, EventCatalog.Ledger).RunAsync();
        }

        foreach (var loop in loops)
        {
            await loop.DisposeAsync();
        }
    }

    /// <summary>Somebody who is hired, changes the job, is paid and leaves.</summary>
    private static IEnumerable<(string Company, string Stream, object Event)> People()
    {
        var name = PersonalText.Erased("p-17", Purpose.Payroll);
        var contract = new ContractDetails(
            "sofia", new(2026, 1, 1), ContractType.Seasonal, "Waiter", 20m, FullTimeHours: 40m, Place: "Varna",
            Dimensions: SmallBooks.Map(("department", "sales")));
        return new EmployeeEvent[]
        {
            new EmployeeRegistered(new(name)), new ContractRecorded("c1", contract),
            new EmployeeChanged(new(name, Language: "bg")),
            new ContractRecorded("c1", contract with { To = new(2026, 3, 31), FullTimeHours = null }),
            new ContractRecorded("c2", contract with { From = new(2026, 4, 1), Place = null, Dimensions = null }),
            new PayRecorded("salary", new(2026, 1, 1), new(1_500m, PayPer.Month)),
            new EmploymentTerminated(new(new(2026, 6, 30), "resigned")),
        }.Select(each => ("first", "employee/p-17", (object)each))
            .Concat(PayEvents.All().Select(each => ("first", each.Stream, each.Event)));
    }

    /// <summary>Two companies, whose events alternate; blocks of three make three levels of cells.</summary>
    private static IEnumerable<(string Company, string Stream, object Event)> Events()
    {
        var first = new RandomBooks(3).Events(60).Select(each => ("first", each.Stream, each.Event));
        var second = new RandomBooks(4).Events(60).Select(each => ("second", each.Stream, each.Event));
        return first.Zip(second).SelectMany(pair => new[] { pair.First, pair.Second }).Concat(People());
    }
}
