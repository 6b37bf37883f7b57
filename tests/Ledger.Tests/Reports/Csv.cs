using System.Globalization;
using System.Text;

namespace Ledger.Tests.Reports;

/// <summary>Reads CSV as others do, and shows it.</summary>
public static class Csv
{
    /// <summary>All records, the header first, character by character as RFC 4180 says.</summary>
    public static List<string[]> Records(string text)
    {
        var (records, record, cell, quoted) = (new List<string[]>(), new List<string>(), new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"' when quoted && i + 1 < text.Length && text[i + 1] == '"':
                    cell.Append(text[++i]);
                    break;
                case '"':
                    quoted = !quoted;
                    break;
                case ',' when !quoted:
                    record.Add(cell.ToString());
                    cell.Clear();
                    break;
                case '\r' when !quoted:
                    Assert.Equal('\n', text[++i]);
                    record.Add(cell.ToString());
                    cell.Clear();
                    records.Add([.. record]);
                    record.Clear();
                    break;
                default:
                    cell.Append(text[i]);
                    break;
            }
        }

        Assert.True(record.Count == 0 && cell.Length == 0, "The last record is not ended.");
        return records;
    }

    /// <summary>A table for people: columns below each other, numbers to the right, without empty ones.</summary>
    public static string Aligned(string text)
    {
        var records = Records(text);
        var columns = Enumerable.Range(0, records[0].Length)
            .Where(column => records.Count == 1 || records.Skip(1).Any(record => record[column].Length > 0)).ToArray();
        var table = new StringBuilder();
        foreach (var record in records)
        {
            var line = new StringBuilder();
            foreach (var column in columns)
            {
                var width = records.Max(each => each[column].Length);
                var isNumber = records.Skip(1).All(each => each[column].Length == 0 || IsAmount(each[column]));
                line.Append(isNumber ? record[column].PadLeft(width) : record[column].PadRight(width)).Append("  ");
            }

            table.Append(line.ToString().TrimEnd()).Append('\n');
        }

        return table.ToString();
    }

    private static bool IsAmount(string cell) =>
        cell.Contains('.') && decimal.TryParse(cell, NumberStyles.Number, CultureInfo.InvariantCulture, out _);
}
