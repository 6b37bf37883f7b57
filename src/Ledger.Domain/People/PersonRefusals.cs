namespace Ledger.Domain.People;

public static class PersonRefusals
{
    public static Refusal Erased(string person) => new(
        "personal-data-erased",
        $"The data of the person '{Texts.Shown(person)}' was erased, and nothing is kept on them any more: "
        + "send it without the person, or name one by a new id.");

    public static Refusal Unknown(string person) => new(
        "person-unknown",
        $"Nothing is kept on a person '{Texts.Shown(person)}': name one who stands in an entry.");

    public static Refusal RetentionUnknown(Purpose purpose, string country) => new(
        "retention-unknown",
        $"How long {Texts.Camel(purpose)} data is kept by law in {Texts.Shown(country)} is not known here, so nothing "
        + $"was erased: send the company's retention, such as {{\"{Texts.Camel(purpose)}\": 10}} years.");

    public static Refusal Employed(string person) => new(
        "person-employed",
        $"'{Texts.Shown(person)}' has a contract of employment without an end, so nothing was erased: send their "
        + "last day (POST …/termination, or `to` of the contract) first, and this again; the time for which the law "
        + "keeps payroll data is counted from then, or from what is paid later.");
}
