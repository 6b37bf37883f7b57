using System.Globalization;
using NodaTime;
using Npgsql;

namespace Ledger.Projections.Queries;

/// <summary>Reads columns as the types that answers carry.</summary>
internal static class Columns
{
    /// <summary>A sum of amounts.</summary>
    /// <exception cref="SumTooLargeException">It has more than 28 digits.</exception>
    public static decimal GetSum(this NpgsqlDataReader row, int column)
    {
        try
        {
            return row.GetDecimal(column);
        }
        catch (OverflowException overflow)
        {
            throw new SumTooLargeException(overflow);
        }
    }

    public static string? GetText(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static LocalDate GetDay(this NpgsqlDataReader row, int column) =>
        LocalDate.FromDateOnly(row.GetFieldValue<DateOnly>(column));

    public static LocalDate? GetDayOrNull(this NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetDay(column);

    public static Instant GetInstant(this NpgsqlDataReader row, int column) =>
        Instant.FromDateTimeUtc(row.GetDateTime(column));

    public static string Text(this long number) => number.ToString(CultureInfo.InvariantCulture);
}
