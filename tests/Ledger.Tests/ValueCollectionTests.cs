using FsCheck;
using FsCheck.Fluent;
using Ledger.Domain;

namespace Ledger.Tests;

public sealed class ValueCollectionTests
{
    private static readonly Arbitrary<HashSet<int>> Keys =
        Arb.From(Gen.Choose(0, 40).ListOf().Select(keys => keys.ToHashSet()));

    [Fact]
    public void A_map_finds_each_of_its_keys_and_no_other() =>
        Prop.ForAll(Keys, keys =>
        {
            var map = ValueMap<int>.From(keys.Select(key => KeyValuePair.Create($"k{key}", key)));
            return keys.All(key => map.TryGetValue($"k{key}", out var value) && value == key)
                && keys.All(key => keys.Contains(key + 1) == map.ContainsKey($"k{key + 1}"));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Maps_are_equal_whatever_the_order_in_which_they_were_made() =>
        Prop.ForAll(Keys, keys =>
        {
            var pairs = keys.Select(key => KeyValuePair.Create($"k{key}", key)).ToList();
            var (map, same) = (ValueMap<int>.From(pairs), ValueMap<int>.From(pairs.AsEnumerable().Reverse()));
            var other = ValueMap<int>.From(pairs.Append(KeyValuePair.Create("other", 1)));
            return map.Equals(same) && map.GetHashCode() == same.GetHashCode() && !map.Equals(other);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_map_refuses_a_key_that_comes_twice() => Assert.Throws<ArgumentException>(
        () => ValueMap<int>.From([KeyValuePair.Create("a", 1), KeyValuePair.Create("a", 2)]));

    [Fact]
    public void Lists_are_equal_by_their_elements_in_order()
    {
        ValueList<string> list = ["a", "b"];
        ValueList<string> same = ["a", "b"];
        ValueList<string> other = ["b", "a"];
        Assert.Equal(same, list);
        Assert.Equal(same.GetHashCode(), list.GetHashCode());
        Assert.False(list.Equals(other));
    }
}
