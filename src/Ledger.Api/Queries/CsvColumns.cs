using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using System.Text;
using System.Text.Json;
using Ledger.Domain;
using Ledger.Domain.TimeSheets;
using Ledger.Projections.Queries;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Queries;

/// <summary>
/// The columns of a table in CSV (RFC 4180): the members of its rows in JSON, by the same names and in the same order,
/// so that both say the same. Cells are never altered, also not where a spreadsheet might take them for a formula: what
/// is exported must come back as it was. Lists and maps are JSON within a cell; those of amounts are a column for each.
/// </summary>
public sealed class CsvColumns<TRow>
{
    private static readonly ConcurrentDictionary<string, CsvColumns<TRow>> Known = new(StringComparer.Ordinal);

    private readonly (string Name, Func<TRow, object?> Value)[] members;
    private readonly IReadOnlyList<string> amounts;

    private CsvColumns(IReadOnlyList<string> amounts)
    {
        this.amounts = amounts;
        members =
        [
            .. typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetIndexParameters().Length == 0)
                .Select(property => (JsonNamingPolicy.CamelCase.ConvertName(property.Name), ReaderOf(property))),
        ];
    }

    /// <param name="amounts">The names of the columns that a row's list or map of amounts becomes.</param>
    public static CsvColumns<TRow> Of(IReadOnlyList<string> amounts) => amounts.Count == 0
        ? Known.GetOrAdd("", _ => new([]))
        : new(amounts);

    public void WriteHeader(StringBuilder csv)
    {
        WriteNames(csv);
        csv.Append("\r\n");
    }

    public void WriteRow(StringBuilder csv, TRow row)
    {
        WriteCells(csv, row);
        csv.Append("\r\n");
    }

    /// <summary>The names, for a line that others end.</summary>
    public void WriteNames(StringBuilder csv)
    {
        ArgumentNullException.ThrowIfNull(csv);
        var names = members.SelectMany(member => member.Name == "amounts" ? amounts : [member.Name]);
        csv.AppendJoin(',', names.Select(Quoted));
    }

    /// <summary>Cells under some of the names; all others are empty.</summary>
    public void WriteOnly(StringBuilder csv, params (string Name, object Value)[] cells)
    {
        ArgumentNullException.ThrowIfNull(csv);
        csv.AppendJoin(
            ',', members.Select(member => CellOf(Array.Find(cells, cell => cell.Name == member.Name).Value)));
    }

    /// <summary>The cells, for a line that others end.</summary>
    public void WriteCells(StringBuilder csv, TRow row)
    {
        ArgumentNullException.ThrowIfNull(csv);
        var separator = "";
        foreach (var (_, value) in members)
        {
            if (value(row) is IReadOnlyList<Amount> cells)
            {
                foreach (var cell in cells)
                {
                    csv.Append(separator).Append(cell.ToString());
                    separator = ",";
                }

                continue;
            }

            if (value(row) is ValueMap<Amount> byName)
            {
                foreach (var name in amounts)
                {
                    csv.Append(separator).Append(byName.TryGetValue(name, out var cell) ? cell.ToString() : "");
                    separator = ",";
                }

                continue;
            }

            csv.Append(separator).Append(CellOf(value(row)));
            separator = ",";
        }
    }

    /// <summary>Null is an empty cell, and an empty text a quoted one.</summary>
    private static string CellOf(object? value) => value switch
    {
        null => "",
        string text => text.Length == 0 ? "\"\"" : Quoted(text),
        Amount amount => amount.ToString(),
        decimal number => number.ToString(CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        long or int or short => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        LocalDate day => LocalDatePattern.Iso.Format(day),
        YearMonth month => YearMonthPattern.Iso.Format(month),
        Instant instant => InstantPattern.ExtendedIso.Format(instant),
        WallTime time => time.Value,
        Enum choice => JsonNamingPolicy.CamelCase.ConvertName(choice.ToString()),
        Guid id => id.ToString("D"),
        UnitCode unit => unit.Value,
        _ => Quoted(JsonSerializer.Serialize(value, value.GetType(), QueryJson.Options)),
    };

    private static string Quoted(string text) =>
        text.AsSpan().IndexOfAny(",\"\r\n") < 0 && text is not [' ', ..] and not [.., ' ']
            ? text
            : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static Func<TRow, object?> ReaderOf(PropertyInfo property)
    {
        var row = Expression.Parameter(typeof(TRow));
        var value = Expression.Convert(Expression.Property(row, property), typeof(object));
        return Expression.Lambda<Func<TRow, object?>>(value, row).Compile();
    }
}
