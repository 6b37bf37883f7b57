using NodaTime;
using static Ledger.Domain.Texts;

namespace Ledger.Domain.Payroll;

public static class PayrollRefusals
{
    public static Refusal PackUnknown(string pack, IEnumerable<string> packs) => new(
        "pack-not-found",
        $"There is no pack '{Shown(pack)}': send one of {string.Join(", ", packs)}.");

    public static Refusal ElementsTooMany(int elementsMax) => new(
        "pay-elements-too-many",
        Invariant($"A payslip has at most {elementsMax} earnings: send the sum of those that are alike."));

    public static Refusal ElementUnknown(string element, IEnumerable<string> elements) => new(
        "pay-element-unknown",
        $"The pack has no element '{Shown(element)}': send one of {string.Join(", ", elements)}.");

    public static Refusal ElementNegative(string element, decimal amount) => new(
        "pay-element-negative",
        Invariant($"The element '{Shown(element)}' is {amount}: send what is taken back as a deduction."));

    public static Refusal ElementDigits(string element, decimal amount) => new(
        "pay-element-digits",
        Invariant($"The element '{Shown(element)}' is {amount}: round it to two decimal places."));

    public static Refusal FactUnknown(string name, IEnumerable<string> names) => new(
        "fact-unknown",
        $"The pack knows no fact '{Shown(name)}': send some of {string.Join(", ", names)}.");

    public static Refusal FactInvalid(Fact fact, FactValue value) => new(
        "fact-invalid",
        $"The fact {fact.Name} is '{Shown(value.ToString())}': send {Wanted(fact)}.");

    public static Refusal FactMissing(Fact fact) => new(
        "fact-missing",
        $"The fact {fact.Name} is not known, and no payslip is right without it: send {Wanted(fact)}.");

    public static Refusal FactsContradict(string first, string second, string why) => new(
        "facts-contradict",
        $"The facts {first} and {second} contradict each other, {why}: correct one of them.");

    public static Refusal FigureUnknown(string pack, string figure, LocalDate day) => new(
        "figure-unknown",
        $"The pack {pack} knows no {figure} for {Shown(day)}, and none is continued from another year: "
        + "send a date that it covers.");

    public static Refusal FrequencyNotCovered(string pack, PayFrequency frequency) => new(
        "pay-frequency-not-covered",
        $"The pack {pack} has no rules for {Camel(frequency)} pay: send another frequency.");

    public static Refusal NetTargetNotReached(decimal net) => new(
        "net-not-reached",
        Invariant($"No gross pay comes to {net} net: send another amount."));

    public static Refusal SettingMissing(string setting, string why, string values) => new(
        "pay-group-setting-missing",
        $"The pay group does not say {why}, on which the law is not clear: send the setting {setting} as {values}.");

    internal static string Wanted(Fact fact) => fact.Kind switch
    {
        FactKind.Flag => "true or false",
        FactKind.Count => "a whole number like 2",
        FactKind.Amount => "an amount like \"1200.00\"",
        FactKind.Percent => "percent like \"0.4\"",
        FactKind.Date => "a date like \"2026-03-31\"",
        FactKind.Choice => $"one of {string.Join(", ", fact.Choices)}",
        _ => $"text like \"{fact.Example}\"",
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
