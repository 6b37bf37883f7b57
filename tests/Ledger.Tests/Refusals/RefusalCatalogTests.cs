using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Ledger.Api;
using Ledger.Domain;
using Ledger.Tests.Accounts;
using Ledger.Tests.Approvals;
using Ledger.Tests.Audit;
using Ledger.Tests.Companies;
using Ledger.Tests.Dimensions;
using Ledger.Tests.Employees;
using Ledger.Tests.Golden;
using Ledger.Tests.Journals;
using Ledger.Tests.Keys;
using Ledger.Tests.PayGroups;
using Ledger.Tests.Payroll;
using Ledger.Tests.PayRuns;
using Ledger.Tests.People;
using Ledger.Tests.Periods;
using Ledger.Tests.TimeSheets;

namespace Ledger.Tests.Refusals;

public sealed class RefusalCatalogTests
{
    /// <summary>The tables that pin the order of rules, in one list of codes each.</summary>
    private static readonly IReadOnlyList<IEnumerable<string>> Tables =
    [
        CompanyDeciderTests.Faults.Codes, AccountDeciderTests.Faults.Codes, ChartTemplateTests.Faults.Codes,
        DimensionDeciderTests.Faults.Codes, PeriodDeciderTests.CloseFaults.Codes,
        PeriodDeciderTests.ReopenFaults.Codes, PeriodDeciderTests.FinalFaults.Codes, JournalFaultTests.Faults.Codes,
        LineDeciderTests.Faults.Codes, LineDeciderTests.FunctionalFaults.Codes, LineDeciderTests.BaseAmountFaults.Codes,
        ReversalDeciderTests.Faults.Codes, KeyDeciderTests.Faults.Codes, KeyDeciderTests.RotationFaults.Codes,
        ApprovalDeciderTests.Faults.Codes, ApprovalDeciderTests.SettingsFaults.Codes,
        PersonDeciderTests.Faults.Codes, SaltDeletionDeciderTests.Faults.Codes,
        PayslipDeciderTests.Faults.Codes, PayGroupDeciderTests.Faults.Codes,
        PayRunDeciderTests.Faults.Codes, PayRunDeciderTests.ApproveFaults.Codes, PaymentDeciderTests.PostFaults.Codes,
        PaymentDeciderTests.IssueFaults.Codes, PaymentDeciderTests.ReturnFaults.Codes,
        PaymentDeciderTests.ReverseFaults.Codes,
        EmployeeDeciderTests.Faults.Codes, ContractDeciderTests.Faults.Codes, PayDeciderTests.Faults.Codes,
        StatutoryDeciderTests.Faults.Codes, BankAccountDeciderTests.Faults.Codes,
        LeavingDeciderTests.AbsenceFaults.Codes, LeavingDeciderTests.DeductionFaults.Codes,
        LeavingDeciderTests.OpeningFaults.Codes, LeavingDeciderTests.TerminationFaults.Codes,
        LeaveEntitlementDeciderTests.Faults.Codes,
        TimeSheetDeciderTests.Faults.Codes,
    ];

    /// <summary>Refusals that a test of their own shows, because they cannot stand in a table beside others.</summary>
    private static readonly string[] ShownElsewhere =
    [
        "parent-too-deep", "carry-over-rate-out-of-range", "carry-over-balance-too-large",
        "carry-over-result-account-needed", "approval-needed", "approvals-too-many",
        "approvals-too-many-of-one", "approval-asked-by-known-secret", "pay-run-exists", "pay-run-attempt-overtaken",
        "contract-pay-group-fixed", "payslip-not-made",
        "employee-of-other-group", "payslip-unknown", "entry-of-pay-run", "pay-period-invalid",
        "hours-unknown", "pay-group-setting-missing", "pay-group-setting-fixed", "payment-account-erased",
        "holidays-unknown",
    ];

    private static readonly Regex WhatToDo = new(
        "(: |, (so |then )?)(send|open|add|declare|leave|reverse|book|close|reopen|post|carry|name|split|register|"
        + "correct|round|take|delete|read|bring|issue|give|have).*[.]$",
        RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    [Fact]
    public void Codes_are_kebab_case_and_unique() => Assert.All(
        RefusalCatalog.All.GroupBy(refusal => refusal.Code),
        refusals =>
        {
            Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", refusals.Key);
            Assert.Single(refusals);
        });

    [Fact]
    public void Every_refusal_is_in_the_catalog_in_the_order_in_which_it_is_declared()
    {
        var declared =
            from type in typeof(Refusal).Assembly.GetTypes()
            where type.Name.EndsWith("Refusals", StringComparison.Ordinal)
            from function in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            orderby type.Name, function.MetadataToken
            select $"{type.Name}.{function.Name}";
        var catalogued =
            from refusal in RefusalCatalog.All
            group $"{refusal.Group}Refusals.{refusal.Name}" by refusal.Group into names
            orderby $"{names.Key}Refusals"
            from name in names
            select name;
        Assert.Equal(declared, catalogued);
    }

    [Fact]
    public void Refusals_have_no_other_form_than_static_functions() => Assert.Empty(
        from type in typeof(Refusal).Assembly.GetTypes()
        where type.Name.EndsWith("Refusals", StringComparison.Ordinal)
        from member in type.GetMembers(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        where member is not MethodInfo { IsSpecialName: false } method || method.ReturnType != typeof(Refusal)
        select $"{type.Name}.{member.Name}");

    [Fact]
    public void Every_refusal_occurs() => Assert.Equal(
        RefusalCatalog.All.Select(refusal => refusal.Code).Order(StringComparer.Ordinal),
        Tables.SelectMany(codes => codes).Concat(ShownElsewhere).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Refusals_are_declared_in_the_order_in_which_their_rules_answer()
    {
        foreach (var group in RefusalCatalog.All.GroupBy(refusal => refusal.Group).Where(group => group.Key != "Text"))
        {
            var declared = group.Select(refusal => refusal.Code).ToList();
            Assert.All(Tables, codes =>
            {
                var answered = codes.Where(declared.Contains).Distinct().ToList();
                Assert.Equal(declared.Where(answered.Contains), answered);
            });
        }
    }

    [Fact]
    public void Every_message_says_what_to_do() => Assert.All(
        RefusalCatalog.All,
        refusal => Assert.Matches(WhatToDo, refusal.Example.Message));

    [Fact]
    public void The_codes_are_a_golden_list() => GoldenFile.Matches(
        "tests/Ledger.Tests/Golden/refusals.txt",
        string.Concat(RefusalCatalog.All.Select(refusal => refusal.Code + "\n")));

    [Fact]
    public void The_page_of_refusals_says_what_the_code_says() => GoldenFile.Matches("docs/refusals.md", Page());

    private static string Page()
    {
        var page = new StringBuilder("""
            # Refusals

            Every way in which the ledger says no. A refusal is answered as a problem (RFC 9457) whose `code` is part of
            the API and never changes; its `detail` may. Where several rules of one list are broken, the first one in
            its order answers. This page is written by a test from the code (`UPDATE_GOLDEN=1 ./test`).

            ## By a rule


            """);
        foreach (var group in RefusalCatalog.All.GroupBy(refusal => refusal.Group))
        {
            page.Append($"### {Title(group.Key)}\n\n| code | status | says, for example |\n|---|---|---|\n");
            foreach (var refusal in group)
            {
                var status = Api.Http.StatusOf(refusal.Code);
                page.Append($"| `{refusal.Code}` | {status} | {Cell(refusal.Example.Message)} |\n");
            }

            page.Append('\n');
        }

        page.Append("## Before a rule is asked\n\n| code | status | meaning |\n|---|---|---|\n");
        foreach (var (code, (status, meaning)) in RequestProblems.All.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            page.Append($"| `{code}` | {status} | {Cell(meaning)} |\n");
        }

        return page.ToString();
    }

    private static string Title(string group) => group switch
    {
        "Text" => "Ids and texts",
        "Register" => "Changes of companies, accounts and dimension values",
        "Company" => "Companies",
        "Account" => "Accounts",
        "Dimension" => "Dimensions",
        "Period" => "Periods",
        "Journal" => "Journal entries",
        "Line" => "Lines of a journal entry",
        "Reversal" => "Reversals",
        "CarryOver" => "Carry-over into another currency",
        "Key" => "Keys",
        "Approval" => "Approvals",
        "Payroll" => "Payroll law",
        "Payslip" => "Making payslips",
        "PayGroup" => "Pay groups",
        "PayRun" => "Pay runs",
        "Payment" => "Payments of pay runs",
        "Employee" => "Employees",
        "TimeSheet" => "Time that was worked",
        "Person" => "Data on natural persons",
        "SaltDeletion" => "Destroying salts of the audit log",
        _ => throw new InvalidOperationException($"{group} has no title."),
    };

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
