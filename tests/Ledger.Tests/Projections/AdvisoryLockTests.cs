using System.Reflection;
using Ledger.EventStore;
using Ledger.Projections;

namespace Ledger.Tests.Projections;

/// <summary>The numbers by which parts of the program keep each other out.</summary>
public sealed class AdvisoryLockTests
{
    /// <summary>What all numbers of locks begin with.</summary>
    private const long Beginning = 7_305_804_402_566_423;

    [Fact]
    public void No_two_locks_have_one_number()
    {
        var locks =
            from assembly in (Assembly[])[typeof(Store).Assembly, typeof(Verification).Assembly]
            from type in assembly.GetTypes()
            from field in type.GetFields(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where field.IsLiteral && field.FieldType == typeof(long)
            let number = (long)field.GetRawConstantValue()!
            where number / 1_000 == Beginning
            select (Name: $"{type.Name}.{field.Name}", Number: number);
        var byNumber = locks.ToLookup(each => each.Number, each => each.Name);

        Assert.InRange(byNumber.Count, 5, int.MaxValue);
        Assert.All(byNumber, each => Assert.Single(each));
    }
}
