namespace Ledger.Domain;

/// <summary>
/// The name under which an event is stored for ever. A changed meaning is a new event with a new name.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EventNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
