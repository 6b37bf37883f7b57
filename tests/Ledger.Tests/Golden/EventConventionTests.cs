using System.Reflection;
using Ledger.Domain;

namespace Ledger.Tests.Golden;

/// <summary>Conventions over all types of the domain, by reflection.</summary>
public sealed class EventConventionTests
{
    private static readonly Type[] DomainTypes = typeof(EventNameAttribute).Assembly.GetExportedTypes();

    private static readonly Type[] Events =
        [.. DomainTypes.Where(type => type.IsDefined(typeof(EventNameAttribute), inherit: false))];

    private static readonly Type[] Bases = [.. Events.Select(type => type.BaseType!).Distinct()];

    [Fact]
    public void Every_kind_of_event_is_sealed_and_named() => Assert.All(
        DomainTypes.Where(type => Bases.Contains(type.BaseType)),
        type =>
        {
            Assert.True(type.IsSealed, $"{type} is not sealed.");
            Assert.Contains(type, Events);
        });

    [Fact]
    public void An_event_extends_the_one_abstract_record_of_its_stream() => Assert.All(
        Bases,
        type => Assert.True(type.IsAbstract && type.BaseType == typeof(object), $"{type} is no abstract record."));

    [Fact]
    public void A_name_is_the_types_in_snake_case() => Assert.All(
        Events,
        type => Assert.Equal(
            string.Concat(type.Name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{c}")).ToLowerInvariant(),
            type.GetCustomAttribute<EventNameAttribute>()!.Name));

    [Fact]
    public void Events_and_commands_and_states_are_immutable() => Assert.Empty(
        from type in DomainTypes
        where !type.IsEnum
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.SetMethod is { IsPublic: true } setter
            && !setter.ReturnParameter.GetRequiredCustomModifiers()
                .Contains(typeof(System.Runtime.CompilerServices.IsExternalInit))
        select $"{type.Name}.{property.Name} can be set");

    [Fact]
    public void Events_hold_values_of_the_domain_only() => Assert.Empty(
        from type in Events
        from member in MembersOf(type, [])
        let value = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType
        where value == typeof(double) || value == typeof(float) || value == typeof(DateTime) || value == typeof(object)
            || value.IsArray || value.Namespace == "System.Collections.Generic"
        select $"{member.DeclaringType!.Name}.{member.Name} is a {value.Name}");

    [Fact]
    public void Members_of_an_event_that_may_be_left_out_are_nullable_so_that_older_files_can_be_read() => Assert.All(
        from type in Events
        from parameter in type.GetConstructors().Single(constructor => constructor.GetParameters().Length > 0)
            .GetParameters()
        where parameter.HasDefaultValue
        select parameter,
        parameter => Assert.Null(parameter.DefaultValue));

    [Fact]
    public void The_domain_references_NodaTime_only() => Assert.Equal(
        ["NodaTime"],
        typeof(EventNameAttribute).Assembly.GetReferencedAssemblies()
            .Select(assembly => assembly.Name!)
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal) && name != "netstandard"));

    private static IEnumerable<PropertyInfo> MembersOf(Type type, HashSet<Type> seen)
    {
        if (!seen.Add(type) || type.Assembly != typeof(EventNameAttribute).Assembly)
        {
            return [];
        }

        var own = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(member => member.CanWrite).ToList();
        var inner = own.SelectMany(member => member.PropertyType.GenericTypeArguments.Append(member.PropertyType));
        return own.Concat(inner.SelectMany(member => MembersOf(member, seen)));
    }
}
