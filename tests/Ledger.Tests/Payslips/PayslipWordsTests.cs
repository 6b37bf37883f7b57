using System.Collections;
using System.Reflection;
using Ledger.Api.Payslips;
using Ledger.Domain.Payroll;
using NodaTime;

namespace Ledger.Tests.Payslips;

/// <summary>Words, numbers and dates of payslips in their languages.</summary>
public sealed class PayslipWordsTests
{
    private static readonly LocalDate EndOfMarch = new(2026, 3, 31);

    [Theory]
    [InlineData("en", "-1,234.56", "6.58%", "31 March 2026", "March 2026", "period to 13 March 2026")]
    [InlineData("bg", "-1\u00A0234,56", "6,58%", "31.03.2026 г.", "март 2026 г.", "период до 13.03.2026 г.")]
    [InlineData("az", "-1.234,56", "6,58%", "31.03.2026", "mart 2026", "13.03.2026 tarixinədək dövr")]
    public void Each_language_writes_numbers_and_dates_in_its_way(
        string language, string amount, string rate, string date, string month, string period)
    {
        var words = PayslipWords.Of(language);
        Assert.Equal(
            (amount, rate, date, month, period),
            (words.Money(-1234.56m), words.Percent(0.0658m), words.Date(EndOfMarch), words.Earned(EndOfMarch),
                words.Earned(new(2026, 3, 13))));
    }

    [Theory]
    [InlineData("bg-BG", "gb", "bg")]
    [InlineData("AZ", "gb", "az")]
    [InlineData("de", "bg", "bg")]
    [InlineData(null, "az", "az")]
    [InlineData(null, "us", "en")]
    public void The_language_is_the_employees_else_that_of_the_pack(string? tag, string pack, string language) =>
        Assert.Equal(language, PayslipWords.LanguageOf(tag, pack));

    [Theory]
    [InlineData("bg", "2026-03-31", "2026-01-01")]
    [InlineData("gb", "2026-04-05", "2025-04-06")]
    [InlineData("gb", "2026-04-06", "2026-04-06")]
    public void The_statutory_year_begins_in_January_and_in_the_United_Kingdom_in_April(
        string pack, string day, string first) => Assert.Equal(
        NodaTime.Text.LocalDatePattern.Iso.Parse(first).Value,
        PayslipDocument.YearStartOf(pack, NodaTime.Text.LocalDatePattern.Iso.Parse(day).Value));

    [Fact]
    public void Every_line_of_every_pack_has_a_name_in_each_language()
    {
        var codes = Packs.All.SelectMany(pack => CodesOf(pack).Select(code => (Pack: pack.Name, Code: code))).ToList();
        Assert.True(codes.Count > 60, $"Only {codes.Count} codes were found.");
        Assert.Equal([], codes.SelectMany(each => PayslipWords.Languages
            .Where(language => PayslipNames.Of(language, each.Pack, each.Code) == each.Code)
            .Select(language => $"{each.Pack}.{each.Code} has no name in {language}")));
        Assert.Equal("notYetNamed", PayslipNames.Of("bg", "bg", "notYetNamed"));
    }

    [Fact]
    public void No_label_is_left_out()
    {
        foreach (var label in typeof(PayslipWords).GetProperties().Where(each => each.PropertyType == typeof(string)))
        {
            var texts = PayslipWords.All.Select(words => (string?)label.GetValue(words)).ToList();
            Assert.True(texts.TrueForAll(text => text is { Length: > 0 }), label.Name);
            Assert.Equal(texts.Count, texts.Distinct().Count());
        }
    }

    /// <summary>Elements, and every kind of line that a type of the pack's namespace keeps.</summary>
    private static IEnumerable<string> CodesOf(Pack pack) => pack.GetType().Assembly.GetTypes()
        .Where(type => type.Namespace == pack.GetType().Namespace && !type.ContainsGenericParameters)
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(field => !field.IsLiteral)
        .SelectMany(field => LinesIn(field.GetValue(null)))
        .Select(line => line.Code)
        .Concat(pack.Elements.Select(element => element.Code))
        .Distinct();

    private static IEnumerable<LineType> LinesIn(object? value) => value switch
    {
        LineType line => [line],
        IDictionary all => all.Values.OfType<LineType>(),
        IEnumerable all and not string => all.OfType<LineType>(),
        _ => [],
    };
}
