using System.Collections.Concurrent;
using System.Reflection;
using System.Text;
using System.Xml.Linq;

namespace Ledger.Api.OpenApi;

/// <summary>What the code says of its types and their members, read from the documentation files beside the
/// program.</summary>
internal sealed class XmlDocs
{
    private readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> files = new();

    /// <summary>The summary of a type or enumeration value; null where there is none.</summary>
    public string? SummaryOf(MemberInfo member) => member switch
    {
        Type type => Text(Find(type.Assembly, $"T:{NameOf(type)}")?.Element("summary")),
        _ => Text(Find(member.DeclaringType!.Assembly, $"F:{NameOf(member.DeclaringType)}.{member.Name}")?.Element(
            "summary")),
    };

    /// <summary>What a record says of the parameter that became this property, or the property of itself.</summary>
    public string? DescriptionOf(PropertyInfo property)
    {
        var type = property.DeclaringType!;
        var parameter = Find(type.Assembly, $"T:{NameOf(type)}")?.Elements("param")
            .FirstOrDefault(each => each.Attribute("name")?.Value == property.Name);
        return Text(parameter)
            ?? Text(Find(type.Assembly, $"P:{NameOf(type)}.{property.Name}")?.Element("summary"));
    }

    private XElement? Find(Assembly assembly, string member) =>
        files.GetOrAdd(assembly, Load).GetValueOrDefault(member);

    private static Dictionary<string, XElement> Load(Assembly assembly)
    {
        var path = Path.ChangeExtension(
            Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".dll"), ".xml");
        return File.Exists(path)
            ? XDocument.Load(path).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value)
            : [];
    }

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    /// <summary>CommonMark: code as code, references by their last name, white space as single spaces.</summary>
    private static string? Text(XElement? element)
    {
        if (element is null)
        {
            return null;
        }

        var text = new StringBuilder();
        foreach (var node in element.Nodes())
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" or "paramref" } reference => $"`{Referred(reference)}`",
                XElement other => other.Value,
                _ => "",
            });
        }

        var words = text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length == 0 ? null : string.Join(' ', words);
    }

    private static string Referred(XElement reference)
    {
        var name = (reference.Attribute("cref") ?? reference.Attribute("name"))?.Value.Split('.', ':')[^1] ?? "";
        return name.Length == 0 ? name : string.Concat(char.ToLowerInvariant(name[0]).ToString(), name.AsSpan(1));
    }
}
