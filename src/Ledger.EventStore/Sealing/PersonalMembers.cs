using System.Collections.Concurrent;
using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.People;

namespace Ledger.EventStore.Sealing;

/// <summary>
/// Where a record holds texts on persons: in members of its own, in records that it holds, and in lists of these. A
/// path is the members' names in camelCase and the places in lists from 0, joined by dots: <c>lines.0.memo</c>.
/// </summary>
public sealed class PersonalMembers
{
    private static readonly ConcurrentDictionary<Type, PersonalMembers?> Known = new();

    private readonly Member[] members;
    private readonly MethodInfo clone;

    private PersonalMembers(Type type, IEnumerable<Member> members)
    {
        this.members = [.. members];
        clone = type.GetMethod("<Clone>$")
            ?? throw new InvalidOperationException($"{type} holds texts on persons, so it must be a record.");
    }

    /// <summary>Null for a type that cannot hold any, as most: it then costs nothing.</summary>
    public static PersonalMembers? Of(Type type) => Known.GetOrAdd(type, static type => Find(type));

    /// <summary>Whether the record holds a text on a person.</summary>
    public bool Any(object record)
    {
        foreach (var member in members)
        {
            if (member.Get(record) is { } value && (member.Inner is null || ItemsIn(value).Any(member.Inner.Any)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Every text with its path.</summary>
    public IEnumerable<(string Path, PersonalText Text)> In(object record)
    {
        var found = new List<(string, PersonalText)>();
        Map(record, "", (path, text) =>
        {
            found.Add((path, text));
            return text;
        });
        return found;
    }

    /// <summary>The names among them by which persons are searched.</summary>
    public IEnumerable<PersonalText> SearchedIn(object record)
    {
        foreach (var member in members)
        {
            if (member.Get(record) is not { } value)
            {
                continue;
            }

            if (member.Inner is { } inner)
            {
                foreach (var name in ItemsIn(value).SelectMany(inner.SearchedIn))
                {
                    yield return name;
                }
            }
            else if (member.IsSearched)
            {
                yield return (PersonalText)value;
            }
        }
    }

    /// <summary>The record with each of its texts replaced; the record itself when none is.</summary>
    public object Map(object record, Func<string, PersonalText, PersonalText> change) => Map(record, "", change);

    private object Map(object record, string before, Func<string, PersonalText, PersonalText> change)
    {
        object? copy = null;
        foreach (var member in members)
        {
            if (member.Get(record) is not { } value)
            {
                continue;
            }

            var path = before + member.Name;
            var next = member.Inner is null ? change(path, (PersonalText)value)
                : member.MapList is { } mapList ? mapList(value, path + ".", member.Inner, change)
                : member.Inner.Map(value, path + ".", change);
            if (!ReferenceEquals(next, value))
            {
                copy ??= clone.Invoke(record, null)!;
                member.Property.SetValue(copy, next);
            }
        }

        return copy ?? record;
    }

    private static object MapList<T>(
        object list, string before, PersonalMembers inner, Func<string, PersonalText, PersonalText> change)
        where T : class => ((ValueList<T>)list)
        .Select((item, index) => (T)inner.Map(item, FormattableString.Invariant($"{before}{index}."), change))
        .ToValueList();

    private static IEnumerable<object> ItemsIn(object value) => value is IEnumerable<object> items ? items : [value];

    private static PersonalMembers? Find(Type type)
    {
        var found = new List<Member>();
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var held = property.PropertyType;
            var item = held.IsGenericType && held.GetGenericTypeDefinition() == typeof(ValueList<>)
                ? held.GenericTypeArguments[0]
                : held;
            var inner = item.IsClass && item != type && item != typeof(PersonalText)
                && item.Assembly == type.Assembly ? Of(item) : null;
            if (held == typeof(PersonalText) || inner is not null)
            {
                found.Add(new(property, inner, held == item ? null : MapListOf(item)));
            }
        }

        return found.Count == 0 ? null : new(type, found);
    }

    private static MapItems MapListOf(Type item) =>
        typeof(PersonalMembers).GetMethod(nameof(MapList), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(item).CreateDelegate<MapItems>();

    private delegate object MapItems(
        object list, string before, PersonalMembers inner, Func<string, PersonalText, PersonalText> change);

    private sealed class Member
    {
        public Member(PropertyInfo property, PersonalMembers? inner, MapItems? mapList)
        {
            (Property, Inner, MapList) = (property, inner, mapList);
            Name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            IsSearched = property.IsDefined(typeof(SearchedAttribute), inherit: false);
            var record = Expression.Parameter(typeof(object));
            Get = Expression.Lambda<Func<object, object?>>(
                Expression.Convert(
                    Expression.Property(Expression.Convert(record, property.DeclaringType!), property), typeof(object)),
                record).Compile();
        }

        public PropertyInfo Property { get; }

        public PersonalMembers? Inner { get; }

        /// <summary>Null unless the member is a list.</summary>
        public MapItems? MapList { get; }

        public string Name { get; }

        public bool IsSearched { get; }

        public Func<object, object?> Get { get; }
    }
}
