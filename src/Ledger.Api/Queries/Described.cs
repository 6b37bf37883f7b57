using System.Text;

namespace Ledger.Api.Queries;

/// <summary>Describes the parameters that questions have in common.</summary>
public static class Described
{
    /// <summary>The second clock, read-your-writes, and what may go wrong with them.</summary>
    public static Operation Knows(this Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation
            .Query(
                "knownAt", ParameterKind.Knowledge,
                "What was known then; by default everything. Names, types and hierarchy are those known then.",
                "2026-04-05")
            .Query(
                "knownAtSequence", ParameterKind.Integer, "The same by the number of an event. Answers repeat it.",
                "1742")
            .Query(
                "atLeast", ParameterKind.Integer,
                "Waits up to two seconds until this event is in the tables; by default the last that was answered to "
                + "the same key.",
                "1742")
            .Header(HttpNames.AtLeast, "The same as `atLeast`.", "1742")
            .RefusesQuestions();
    }

    /// <summary>What every question may be answered instead.</summary>
    public static Operation RefusesQuestions(this Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation.Refuses(
            RequestProblems.ParameterMalformed,
            RequestProblems.KnownAtSequenceAhead,
            RequestProblems.ProjectionBehind,
            RequestProblems.SumTooLarge,
            RequestProblems.QueryTookTooLong,
            RequestProblems.NotAcceptable,
            "company-unknown",
            "id-invalid");
    }

    public static Operation Groups(this Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation.Query(
            "dimension", ParameterKind.Text,
            "`department` groups by that dimension, `department:sales` keeps lines with that value; several with "
                + "commas.",
            "department:sales");
    }

    public static Operation Pages(this Operation operation)
    {
        ArgumentNullException.ThrowIfNull(operation);
        return operation
            .Query("limit", ParameterKind.Integer, "Rows a page: 1 to 1000, 200 by default.", "200")
            .Query(
                "cursor", ParameterKind.Text,
                "`next` of the page before, with the same parameters; it keeps to what the first page knew.",
                "eyJvIjoi…")
            .Refuses(RequestProblems.CursorMalformed, RequestProblems.CursorOfAnotherQuery);
    }

    /// <summary>The answer as JSON, and its rows as CSV.</summary>
    /// <param name="operation">What answers.</param>
    /// <param name="example">The whole answer as JSON.</param>
    /// <param name="amounts">The names of the columns that a row's list of amounts becomes.</param>
    public static Operation AnswersTable<TTable, TRow>(
        this Operation operation, string example, params IReadOnlyList<string> amounts)
    {
        ArgumentNullException.ThrowIfNull(operation);
        var header = new StringBuilder();
        CsvColumns<TRow>.Of(amounts).WriteHeader(header);
        return operation
            .Answers<TTable>(StatusCodes.Status200OK, "The table.", example)
            .Answers<string>(
                StatusCodes.Status200OK, "The rows, with a header. Nulls are empty cells.", header.ToString(),
                Http.Csv);
    }
}
