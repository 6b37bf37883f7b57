using System.Reflection;
using System.Text.Json;
using Ledger.Api.Backup;
using Ledger.Api.Employees;
using Ledger.Domain;
using Ledger.Domain.Approvals;
using Ledger.Domain.Audit;
using Ledger.Domain.Journals;
using Ledger.Domain.Keys;
using Ledger.Domain.PayRuns;
using Ledger.Domain.People;
using Ledger.Domain.Periods;
using Ledger.Domain.TimeSheets;
using Ledger.EventStore;
using Ledger.EventStore.Sealing;
using NodaTime;

namespace Ledger.Tests.People;

/// <summary>
/// Data on natural persons stands in <see cref="PersonalText"/> and nowhere else. Two rules say so of events: a member
/// that is called like personal data is no plain one, wherever it stands; and events of what is about people hold no
/// text at all but ids and such.
/// </summary>
public sealed class PersonalConventionTests
{
    /// <summary>Capabilities that are about people: their folders.</summary>
    private static readonly string[] AboutPeople = ["People", "Employees", "PayRuns", "Payslips", "TimeSheets"];

    /// <summary>What requests for approval say, by what is asked for: it stands in events as text. What is about people
    /// is held to the rule for these.</summary>
    private static readonly Dictionary<ApprovalKind, Type[]> ContentsOfApprovals = new()
    {
        [ApprovalKind.ReopenPeriod] = [typeof(PeriodReopened)],
        [ApprovalKind.ReverseEntry] = [typeof(JournalEntryPosted)],
        [ApprovalKind.PostEntry] = [typeof(JournalEntryPosted)],
        [ApprovalKind.PostToPayrollAccount] = [typeof(JournalEntryPosted)],
        [ApprovalKind.ChangeKey] = [typeof(KeyDetails)],
        [ApprovalKind.ChangeFourEyes] = [typeof(FourEyesSettings)],
        [ApprovalKind.ErasePersonalData] = [],
        [ApprovalKind.ApprovePayRun] = [],
        [ApprovalKind.ChangeBankAccount] = [typeof(BankAccountSeen)],
        [ApprovalKind.ReleasePayments] = [typeof(PaymentFileIssued)],
        [ApprovalKind.Restore] = [typeof(RestoreDeed)],
        [ApprovalKind.DeleteSalts] = [typeof(SaltsDeleted)],
    };

    /// <summary>All that is stored in plain, and whether it is about people.</summary>
    private static readonly (Type Type, bool IsAboutPeople)[] Stored =
    [
        .. EventCatalog.Ledger.Names.Select(EventCatalog.Ledger.TypeOf)
            .Select(type => (type, AboutPeople.Contains(type.Namespace!.Split('.')[^1]))),
        .. ContentsOfApprovals.SelectMany(contents => contents.Value.Select(
            type => (type, contents.Key is ApprovalKind.ChangeBankAccount or ApprovalKind.ReleasePayments))),
    ];

    /// <summary>Words that stand in the names of what tells of a person.</summary>
    private static readonly string[] Telling =
    [
        "FirstName", "LastName", "FullName", "PersonName", "EmployeeName", "Email", "Phone", "Mobile", "Address",
        "Street", "Birth", "Iban", "NationalId", "Passport", "TaxNumber", "SocialSecurity", "Gender", "Religion",
        "Nationality",
    ];

    private static readonly Type[] Plain =
    [
        typeof(bool), typeof(int), typeof(long), typeof(decimal), typeof(LocalDate), typeof(YearMonth), typeof(Instant),
        typeof(UnitCode), typeof(AccountCode), typeof(WallTime),
    ];

    /// <summary>Plain members of events about people, and why they are: each tells of work or pay, and of nobody once
    /// the person behind the id is forgotten.</summary>
    private static readonly Dictionary<string, string> Allowed = new(StringComparer.Ordinal)
    {
        ["EmployeeDetails.Language"] = "of payslips; many share it",
        ["ContractRecorded.Contract"] = "an id",
        ["ContractDetails.PayGroup"] = "an id",
        ["ContractDetails.Position"] = "a job, which others hold as well",
        ["ContractDetails.Place"] = "of work",
        ["ContractDetails.Dimensions"] = "ids",
        ["PayRecorded.Element"] = "a code of the pack",
        ["StatutoryDetails.Pack"] = "a code",
        ["StatutoryDetails.Facts"] = "what the pack declares and checks: figures, flags and codes, no text of people's",
        ["BankAccountDetails.IsIban"] = "says of which form the sealed account is",
        ["BankAccountDetails.Bank"] = "the bank's number, not the customer's",
        ["AbsenceRecorded.Absence"] = "an id",
        ["DeductionRecorded.Deduction"] = "an id",
        ["DeductionDetails.Creditor"] = "an opaque id",
        ["OpeningFigures.ToDate"] = "what the pack declares and checks",
        ["TerminationDetails.Reason"] = "a code: the decider refuses sentences",
        ["PayRunDetails.PayGroup"] = "an id",
        ["PayRunDetails.Period"] = "a month, or a day",
        ["PayRunDetails.Employees"] = "opaque ids",
        ["PayRunCalculationStarted.Holder"] = "an opaque id",
        ["PayRunCalculated.Sha256"] = "of payslips, which hold no text on a person",
        ["PayRunApproved.Sha256"] = "the same",
        ["PayRunPosted.Entry"] = "an id",
        ["PayRunReversed.Reason"] = "of the run, which is many people's",
        ["PaymentFileIssued.Sha256"] = "of ids and amounts",
        ["PaymentFileIssued.Employees"] = "opaque ids",
        ["PaymentFileIssued.Without"] = "opaque ids",
        ["SheetCause.Month"] = "a month",
        ["TimeEntryRecorded.Entry"] = "an id",
        ["TimeEntryDetails.Zone"] = "the name of a time zone",
        ["TimeResolved.Zone"] = "the same",
        ["BankAccountSeen.Fingerprint"] = "by a key: nobody finds the account by trying",
        ["BankAccountSeen.IsIban"] = "says of which form the account is",
        ["PaymentOrder.Iban"] = "the company's own account",
        ["PaymentOrder.Bic"] = "the company's own bank",
        ["PaymentsConfirmed.Entry"] = "an id",
        ["PaymentsConfirmed.Employees"] = "opaque ids",
        ["PaymentsReturned.Employees"] = "opaque ids",
        ["PaymentsReturned.Reason"] = "a code: the decider refuses sentences",
        ["PaymentsReturned.Entry"] = "an id",
        ["SlipLine.Code"] = "a code of the pack",
        ["SlipLine.Figure"] = "a name of the pack",
        ["SlipLine.Deduction"] = "an id",
        ["Payslip.Contract"] = "an id",
        ["Payslip.Pack"] = "a code",
        ["Payslip.Dimensions"] = "ids",
        ["PayslipFailed.Code"] = "of a refusal",
        ["PayslipFailed.Message"] = "of a refusal, and none repeats a text on a person",
    };

    [Fact]
    public void No_event_and_no_request_for_approval_tells_of_a_person_in_plain() => Assert.Empty(
        from stored in Stored
        from finding in Findings(stored.Type, stored.IsAboutPeople)
        where !Allowed.ContainsKey(finding.Split(' ')[0])
        select finding);

    [Fact]
    public void What_is_allowed_is_there() => Assert.Empty(Allowed.Keys.Except(
        from stored in Stored
        from finding in Findings(stored.Type, stored.IsAboutPeople)
        select finding.Split(' ')[0]));

    [Fact]
    public void All_that_can_be_asked_for_is_looked_at() =>
        Assert.Equal(Enum.GetValues<ApprovalKind>(), ContentsOfApprovals.Keys.Order());

    [Fact]
    public void Persons_are_searched_by_names_and_by_nothing_else() => Assert.Equal(
        ["EmployeeDetails.Name", "JournalEntryPosted.CounterpartyPerson"],
        typeof(PersonalText).Assembly.GetTypes()
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(member => member.IsDefined(typeof(SearchedAttribute), inherit: false))
            .Select(member => $"{member.DeclaringType!.Name}.{member.Name}").Order(StringComparer.Ordinal));

    [Fact]
    public void The_rules_find_what_they_are_for()
    {
        Assert.Equal(
            ["BadEvent.Email is personal: use PersonalText", "BadDetails.BirthDate is personal: use PersonalText"],
            Findings(typeof(BadEvent), isAboutPeople: false));
        Assert.Equal(
            ["BadPeopleEvent.Note is plain in an event about people: use PersonalText"],
            Findings(typeof(BadPeopleEvent), isAboutPeople: true));
        Assert.Empty(Findings(typeof(GoodPeopleEvent), isAboutPeople: true));
    }

    [Fact]
    public void Members_are_found_in_records_and_lists_and_replaced_there_only()
    {
        PersonalText Ana(string text) => PersonalText.Open("p-17", Purpose.Consent, text);
        var record = new Outer("x", new Inner(Ana("one"), 1), [new Inner(null, 2), new Inner(Ana("two"), 3)]);
        var members = PersonalMembers.Of(typeof(Outer))!;

        Assert.Equal([("one.text", Ana("one")), ("many.1.text", Ana("two"))], members.In(record));
        Assert.Equal([Ana("one"), Ana("two")], members.SearchedIn(record));
        Assert.Equal([Ana("one")], PersonalMembers.Of(typeof(Inner))!.SearchedIn(new Inner(Ana("one"), 1, Ana("x"))));
        Assert.Equal(
            new Outer("x", new Inner(Ana("one!"), 1), [new Inner(null, 2), new Inner(Ana("two!"), 3)]),
            members.Map(record, (_, text) => Ana(text.Text + "!")));
        Assert.False(members.Any(new Outer("x", new Inner(null, 1), [])));
        Assert.Null(PersonalMembers.Of(typeof(JournalEntryReversed)));
    }

    [Fact]
    public void An_open_text_is_never_written_and_never_printed()
    {
        var open = PersonalText.Open("p-17", Purpose.Bookkeeping, "Ana Petrova");
        var posted = new JournalEntryPosted(
            new(2026, 1, 31), "Order", SmallBooks.Eur, [], CounterpartyPerson: open);

        Assert.Throws<JsonException>(() => EventCatalog.Ledger.ToStore(posted));
        Assert.Throws<JsonException>(() => JsonSerializer.Serialize(open, EventJson.Options));
        Assert.DoesNotContain("Ana", $"{posted} {open}", StringComparison.Ordinal);
        Assert.NotEqual(open, PersonalText.Open("p-17", Purpose.Bookkeeping, "Ana Petrov"));
    }

    private static IEnumerable<string> Findings(Type type, bool isAboutPeople, HashSet<Type>? seen = null)
    {
        seen ??= [];
        foreach (var member in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!member.CanWrite)
            {
                continue;
            }

            var held = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
            held = held.IsGenericType ? held.GenericTypeArguments[0] : held;
            var isRecord = held.IsClass && held != typeof(string) && held != typeof(PersonalText);
            if (held != typeof(PersonalText)
                && Telling.Any(word => member.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))
            {
                yield return $"{type.Name}.{member.Name} is personal: use PersonalText";
            }
            else if (isAboutPeople && !isRecord && held != typeof(PersonalText) && !held.IsEnum
                && !Plain.Contains(held) && member.Name != "Person"
                && !member.Name.EndsWith("Id", StringComparison.Ordinal))
            {
                yield return $"{type.Name}.{member.Name} is plain in an event about people: use PersonalText";
            }

            if (isRecord && seen.Add(held))
            {
                foreach (var finding in Findings(held, isAboutPeople, seen))
                {
                    yield return finding;
                }
            }
        }
    }

    private sealed record BadEvent(string Email, BadDetails Details);

    private sealed record BadDetails(LocalDate BirthDate);

    private sealed record BadPeopleEvent(string Person, string Note);

    private sealed record GoodPeopleEvent(
        string Person, PersonalText FullName, LocalDate From, ValueList<Purpose> Purposes, string? TeamId);
}

/// <summary>Public, because records are taken apart by code that is made at run time.</summary>
public sealed record Outer(string Plain, Inner One, ValueList<Inner> Many);

public sealed record Inner([property: Searched] PersonalText? Text, int Number, PersonalText? Unsearched = null);
