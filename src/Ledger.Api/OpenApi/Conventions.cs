namespace Ledger.Api.OpenApi;

/// <summary>What holds for all operations, in words for those who read the description.</summary>
internal static class Conventions
{
    public const string Text = """
        BackOffice keeps a company's books as events that are never changed, and answers questions about them for any
        date and for any moment of knowledge.

        **Writing.** Every write may be sent again: the same content is answered by 200 with the body of the first time,
        which was answered by 201. Documents (entries) are never changed: other content under the same id is 409.
        Registers (company, account, value of a dimension) are changed by sending the new content with `If-Match`: the
        `ETag` that was read; 428 without it, 412 when something else changed it meanwhile. Every write answers
        `sequence`, the number of its last event, and `Ledger-Sequence`.

        **Reading what was written.** Queries by default wait until they have read what was last answered to the same
        key; `atLeast` or `Ledger-At-Least` asks for a certain sequence. After two seconds the answer is 503
        `projection-behind`.

        **Refusals** are problems of RFC 9457 with a permanent `code`. 400: the request cannot be read. 409 and 422: it
        can, but a rule says no. 503: nothing was recorded, send it again after `Retry-After` seconds; only
        `outcome-unknown` leaves open whether it was, and the same request again answers that.

        **Values.** Amounts are text (`"1200.00"`), dates are `yyyy-MM-dd`,
        instants are in UTC. Bodies are JSON in UTF-8;
        unknown and repeated fields are refused, null is the same as leaving an optional field out. A body is at most
        8 MiB, an entry has at most 1,000 lines, texts may not hold U+0000.

        **Who may do what.** Each operation names the permission that it needs; a key's roles give permissions. What
        needs a second person is answered by 202 with the id of an approval: once somebody else has approved it, the
        same request again does it.

        **Tracing.** The trace id of a `traceparent` header is stored beside the events as their correlation.
        """;

    public static string OfGroup(string group) => group switch
    {
        "Companies" => "Sets of books.",
        "Accounts" => "The chart of accounts.",
        "Dimensions" => "Departments, projects and whatever else lines are told apart by.",
        "Periods" => "Months, and whether they are closed.",
        "Journals" => "Entries, their reversals, and lists of them.",
        "Balances" => "What accounts hold at the end of a day.",
        "Reports" => "Trial balance, ledgers and statements.",
        "Keys" => "Who may do what.",
        "Approvals" => "What a second person must see.",
        "Audit" => "The events themselves, replayed and tested; who did what and could; who was refused or read "
            + "personal data.",
        "People" => "What is kept on natural persons, given to them and erased.",
        "Employees" => "Who is employed, by which contract, for what pay: each fact from its day on, as known then.",
        "Time" => "When employees worked, and what kinds of hours that makes by the law of their contract.",
        "Payroll" => "The payroll law of jurisdictions, and payslips calculated by it.",
        "Service" => "Health, metrics and the description of the API.",
        "Pay runs" => "Groups of people who are paid together, and the runs that pay them.",
        "Payslips" => "What each employee was paid, why, and what would be due to them.",
        "Payments" => "Files for the bank, and what became of them.",
        _ => throw new ArgumentException($"The group '{group}' is not described.", nameof(group)),
    };
}
