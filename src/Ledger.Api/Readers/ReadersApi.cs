using Ledger.Domain.Keys;

namespace Ledger.Api.Readers;

/// <summary>
/// Who reads a company in SQL, over HTTP: what is granted on the machine, its owner and auditors see.
/// </summary>
public static class ReadersApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Get("/companies/{company}/readers", ListAsync)
            .Needs(Permission.ReadKeys)
            .Is(
                "listReaders", "Keys", "Lists the logins that read a company in SQL",
                "They read its views and nothing else, and see no names of natural persons. Whoever runs the machine "
                + "grants and revokes them (`./run readers`), which is no event: the list is as it is now.")
            .Answers<ReaderList>(
                StatusCodes.Status200OK, "As it is now.",
                """{"company": "acme", "rows": [{"reader": "bi_acme", "readsPay": false}]}""")
            .Refuses(RequestProblems.NotAcceptable, "company-unknown");
    }

    private static async ValueTask ListAsync(Call call)
    {
        await Registers.RequireCompanyAsync(call);
        await using var command = call.Ledger.Database.CreateCommand(
            "select reader::text, reads_pay from ledger.readers where company = $1 order by reader");
        command.Parameters.Add(new() { Value = call.Company });
        var readers = new List<ReaderRow>();
        await using var rows = await command.ExecuteReaderAsync(call.Gone);
        while (await rows.ReadAsync(call.Gone))
        {
            readers.Add(new(rows.GetString(0), rows.GetBoolean(1)));
        }

        await Queries.Answers.WriteAsync<ReaderList>(call, new ReaderList(call.Company, readers));
    }
}

/// <summary>In the order of their names.</summary>
public sealed record ReaderList(string Company, IReadOnlyList<ReaderRow> Rows);

/// <param name="Reader">The name that it logs in to PostgreSQL with.</param>
/// <param name="ReadsPay">It also sees what each person is paid.</param>
public sealed record ReaderRow(string Reader, bool ReadsPay);
