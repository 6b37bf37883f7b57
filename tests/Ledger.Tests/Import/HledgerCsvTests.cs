using System.Text;
using Ledger.Api.Import;

namespace Ledger.Tests.Import;

public sealed class HledgerCsvTests
{
    private const string Heading = "\"txnidx\",\"date\",\"date2\",\"status\",\"code\",\"description\",\"comment\","
        + "\"account\",\"amount\",\"commodity\",\"credit\",\"debit\",\"posting-status\",\"posting-comment\"\n";

    [Fact]
    public void Rows_that_stand_together_are_one_transaction_whatever_their_order() =>
        Assert.Equal(
            [
                "2 2026-02-01 [Rent] Expenses:Rent 500 EUR; Assets:Bank -500 EUR",
                "4 2026-01-02 [Fee] Expenses:Fees 1.5 EUR; Assets:Bank -1.5 EUR",
            ],
            Read(
                Heading
                + Row(7, "2026-02-01", "Rent", "Expenses:Rent", "500", "EUR")
                + Row(7, "2026-02-01", "Rent", "Assets:Bank", "-500", "EUR")
                + Row(3, "2026-01-02", "Fee", "Expenses:Fees", "1.5", "EUR")
                + Row(3, "2026-01-02", "Fee", "Assets:Bank", "-1.5", "EUR")));

    [Fact]
    public void Semicolons_quotes_line_breaks_BOM_and_CRLF_are_read()
    {
        const string Text = "\uFEFFtxnidx;date;description;account;amount;commodity;posting-comment\r\n"
            + "1;2026-01-02;\"say \"\"a;b\"\"\r\nc\";A;1,5;€;\"line 1\r\nline 2\"\r\n"
            + "1;2026-01-02;\"say \"\"a;b\"\"\r\nc\";B;-1,5;€;\r\n";

        Assert.Equal(["2 2026-01-02 [say \"a;b\"\r\nc] A 1.5 € ; line 1\r\nline 2; B -1.5 €"], Read(Text));
    }

    [Fact]
    public void Files_that_were_joined_with_their_headings_keep_their_transactions_apart() =>
        Assert.Equal(
            ["2 2026-01-02 [Fee] A 1 EUR; B -1 EUR", "5 2026-01-02 [Fee] A 1 EUR; B -1 EUR"],
            Read(Fee(Heading) + Fee(Heading)));

    [Fact]
    public void Files_that_were_joined_without_headings_are_told_apart_by_what_rows_repeat() =>
        Assert.Equal(
            ["2 2026-01-02 [Fee] A 1 EUR; B -1 EUR", "4 2026-01-03 [Fee] A 1 EUR; B -1 EUR"],
            Read(Fee(Heading)
                + Row(1, "2026-01-03", "Fee", "A", "1", "EUR")
                + Row(1, "2026-01-03", "Fee", "B", "-1", "EUR")));

    [Fact]
    public void Brackets_of_virtual_postings_are_removed_and_remembered()
    {
        var transaction = Assert.IsType<FileTransaction>(Assert.Single(Items(
            Heading
            + Row(1, "2026-01-02", "Plan", "(Budget:Food)", "5", "EUR")
            + Row(1, "2026-01-02", "Plan", "[Envelope]", "5", "EUR"))));

        Assert.Equal(
            [("Budget:Food", PostingKind.UnbalancedVirtual), ("Envelope", PostingKind.BalancedVirtual)],
            transaction.Postings.Select(posting => (posting.Account, posting.Kind)));
    }

    [Fact]
    public void Code_comment_and_second_date_are_kept()
    {
        var transaction = Assert.IsType<FileTransaction>(Assert.Single(Items(
            Heading + "1,2026-01-02,2026-01-05,*,inv 7,Fee,tag:x,A,1,EUR,,1,,\n"
            + "1,2026-01-02,2026-01-05,*,inv 7,Fee,tag:x,B,-1,EUR,1,,,\n")));

        Assert.Equal(("inv 7", "tag:x, date2:2026-01-05"), (transaction.Code, transaction.Comment));
    }

    [Fact]
    public void Without_an_amount_debit_and_credit_tell_it() =>
        Assert.Equal(
            ["2 2026-01-02 [Fee] A 1.5 EUR; B -1.5 EUR"],
            Read("txnidx,date,description,account,commodity,credit,debit\n"
                + "1,2026-01-02,Fee,A,EUR,,1.5\n1,2026-01-02,Fee,B,EUR,1.5,\n"));

    [Theory]
    [InlineData("1,2026-02-30,Fee,A,1,EUR\n", "4! '2026-02-30' is no date such as 2026-01-31.")]
    [InlineData("1,2026-01-02,Fee,A,one,EUR\n", "4! 'one' is no amount of at most 28 digits.")]
    [InlineData("1,2026-01-02,Fee,A,1\n", "4! It has 5 fields where the heading has 6.")]
    [InlineData(",2026-01-02,Fee,A,1,EUR\n", "4! It has no txnidx.")]
    [InlineData("1,2026-01-02,Fee,A,,EUR\n", "4! It has no amount.")]
    public void A_bad_row_gives_up_its_transaction_and_no_other(string bad, string fault)
    {
        const string ShortHeading = "txnidx,date,description,account,amount,commodity\n";
        const string Before = "0,2026-01-01,Before,A,1,EUR\n0,2026-01-01,Before,B,-1,EUR\n";
        const string After = "2,2026-01-03,After,A,1,EUR\n2,2026-01-03,After,B,-1,EUR\n";

        Assert.Equal(
            ["2 2026-01-01 [Before] A 1 EUR; B -1 EUR", fault, "5 2026-01-03 [After] A 1 EUR; B -1 EUR"],
            Read(ShortHeading + Before + bad + After));
    }

    [Fact]
    public void The_other_rows_of_a_transaction_with_a_bad_row_are_not_taken_for_a_transaction()
    {
        var text = Heading
            + Row(1, "2026-01-02", "Fee", "A", "1", "EUR")
            + "1,2026-01-02,,,,Fee,,B,\"-3\"x,EUR,,,,\n"
            + "stray text from a field with a line break\n"
            + Row(1, "2026-01-02", "Fee", "C", "1", "EUR")
            + Row(1, "2026-01-02", "Fee", "D", "-1", "EUR")
            + Row(2, "2026-01-03", "Next", "A", "1", "EUR")
            + Row(2, "2026-01-03", "Next", "B", "-1", "EUR");

        Assert.Equal(
            [
                "3! Text follows the quote that opened at character 24 and was closed; "
                    + "a quote inside quotes is written twice.",
                "4! It has 1 fields where the heading has 14.",
                "5! It may belong to the transaction that line 3 spoils.",
                "7 2026-01-03 [Next] A 1 EUR; B -1 EUR",
            ],
            Read(text));
    }

    [Fact]
    public void A_row_that_does_not_tell_whose_it_is_spoils_both_neighbours()
    {
        var text = Heading
            + Row(1, "2026-01-02", "Fee", "A", "1", "EUR")
            + "\"1\"x,2026-01-02\n"
            + Row(2, "2026-01-03", "Next", "A", "1", "EUR")
            + Row(2, "2026-01-03", "Next", "B", "-1", "EUR")
            + Row(3, "2026-01-04", "Last", "A", "1", "EUR")
            + Row(3, "2026-01-04", "Last", "B", "-1", "EUR");

        Assert.Equal(
            [
                "3! Text follows the quote that opened at character 1 and was closed; "
                    + "a quote inside quotes is written twice.",
                "4! Line 3, just before it, cannot be read and may belong to it.",
                "6 2026-01-04 [Last] A 1 EUR; B -1 EUR",
            ],
            Read(text));
    }

    [Fact]
    public void A_transaction_of_too_many_lines_is_one_fault()
    {
        var text = new StringBuilder(Heading);
        for (var i = 0; i < 1_200; i++)
        {
            text.Append(Row(1, "2026-01-02", "Long", "A", i % 2 == 0 ? "1" : "-1", "EUR"));
        }

        Assert.Equal(["2! The transaction has 1200 lines, more than the 1000 of an entry."], Read(text.ToString()));
    }

    [Theory]
    [InlineData("", "There is nothing in it, not even the line that names the columns.")]
    [InlineData("date,description,total\n", "The first line names no column txnidx, account, amount: it should be the "
        + "heading that 'hledger print -O csv' writes (txnidx,date,…,account,amount,commodity,…).")]
    public void A_file_of_another_kind_is_refused_at_once(string text, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidDataException>(() => Items(text)).Message);

    internal static string Row(
        int transaction, string date, string description, string account, string amount, string commodity) =>
        $"{transaction},{date},,,,{description},,{account},{amount},{commodity},,,,\n";

    private static string Fee(string heading) => heading
        + Row(1, "2026-01-02", "Fee", "A", "1", "EUR") + Row(1, "2026-01-02", "Fee", "B", "-1", "EUR");

    private static List<FileItem> Items(string text) =>
        new HledgerCsv(new DelimitedReader(new StringReader(text))).Read().ToList();

    private static List<string> Read(string text) => Items(text).ConvertAll(item => item switch
    {
        FileTransaction transaction => $"{item.Line} {transaction.Date:uuuu-MM-dd} [{transaction.Description}] "
            + string.Join("; ", transaction.Postings.Select(posting =>
                $"{posting.Account} {posting.Amount} {posting.Commodity}"
                + (posting.Comment.Length == 0 ? "" : $" ; {posting.Comment}"))),
        FileFault fault => $"{fault.Line}! {fault.Reason}",
        _ => item.ToString(),
    });
}
