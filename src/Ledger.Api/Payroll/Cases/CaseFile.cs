using System.Text;
using System.Text.Json;
using Ledger.Api.Import;

namespace Ledger.Api.Payroll.Cases;

/// <summary>Reads files of cases: CSV with the columns <c>jurisdiction, date, frequency, inputs, expected,
/// source</c>.</summary>
internal static class CaseFile
{
    private static readonly string[] Columns = ["jurisdiction", "date", "frequency", "inputs", "expected", "source"];

    /// <exception cref="FormatException">Names the line and what is wrong with it.</exception>
    public static IEnumerable<PayrollCase> Read(TextReader text)
    {
        var reader = new DelimitedReader(text, ',');
        var places = Header(reader);
        while (reader.Read())
        {
            if (reader.Problem is { } problem)
            {
                throw new FormatException($"Line {reader.Line}: {problem}");
            }

            if (reader.Count <= places.Max())
            {
                throw new FormatException($"Line {reader.Line} has {reader.Count} fields: write {Columns.Length}.");
            }

            yield return CaseOf(reader, places);
        }
    }

    private static int[] Header(DelimitedReader reader)
    {
        var names = reader.Read() && reader.Problem is null
            ? Enumerable.Range(0, reader.Count).Select(index => reader[index].Trim('\uFEFF')).ToList() : [];
        return Columns.FirstOrDefault(column => !names.Contains(column)) is { } missing
            ? throw new FormatException($"The first line has no column '{missing}': write {string.Join(',', Columns)}.")
            : Array.ConvertAll(Columns, names.IndexOf);
    }

    private static PayrollCase CaseOf(DelimitedReader reader, int[] places)
    {
        var day = reader[places[1]];
        if (!Api.Json.Dates.TryParse(Encoding.UTF8.GetBytes(day), out var date))
        {
            throw new FormatException($"Line {reader.Line}: '{day}' is no date: write one like 2026-03-31.");
        }

        return new(
            reader.Line, reader[places[0]], date, reader[places[2]], Json(reader, places[3]), Json(reader, places[4]),
            reader[places[5]]);
    }

    private static JsonElement Json(DelimitedReader reader, int place)
    {
        try
        {
            using var document = JsonDocument.Parse(reader[place]);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw new FormatException($"Line {reader.Line}: {Columns[place]} is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"Line {reader.Line}: {Columns[place]} is no JSON: {e.Message}", e);
        }
    }
}
