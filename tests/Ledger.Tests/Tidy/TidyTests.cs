using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Ledger.Domain;

namespace Ledger.Tests.Tidy;

/// <summary>The style, as far as a program can hold it: see the rules, each with a sample that it must find.</summary>
public sealed class TidyTests
{
    /// <summary>Findings that are allowed: the beginnings of the path and of the words, and why.</summary>
    private static readonly Dictionary<string, string> Exemptions = new()
    {
        ["tests/Ledger.Tests/EventStore/LayoutTests.cs:a line of"] = "Marten's layout as PostgreSQL prints it.",
        ["src/Ledger.Api/Http/:another namespace"] = "The class Http is what the whole program calls; see Http.cs.",
        ["tests/Ledger.Tests/FactWithAttribute.cs:Skip = is banned"] = "This is where skipping with a reason is done.",
        ["src/Ledger.Domain/Payroll/UnitedStates/:Single is banned"] = "A filing status, not a type of number.",
        ["tests/Ledger.Tests/FactWithVectorsAttribute.cs:Skip = is banned"] = "The same for vectors that are absent.",
        ["tests/Ledger.Tests/FactWhereAttribute.cs:Skip = is banned"] = "The same for what a machine forbids.",
    };

    public static TheoryData<string, string, string> Samples { get; } = new()
    {
        { "src/Ledger.Domain/Money.cs", "decimal a;\nnamespace Ledger.Domain; record Money(dou" + "ble Amount);",
            "src/Ledger.Domain/Money.cs:2: dou" + "ble is banned in the domain, use decimal" },
        { "src/Ledger.Domain/Money.cs", "var now = Stop" + "watch.StartNew();",
            "src/Ledger.Domain/Money.cs:1: Stopwatch is banned in the domain, use an argument that the caller fills" },
        { "src/Ledger.Api/Money.cs", "var x = SystemClock" + ".Instance;",
            "src/Ledger.Api/Money.cs:1: SystemClock"
                + ".Instance is banned, use the IClock of src/Ledger.Api/LedgerHost.cs" },
        { "docs/x.md", "# X\nTO" + "DO: write\n",
            "docs/x.md:2: TO" + "DO is banned, use the finished thing, or an issue" },
        { "src/Ledger.Api/Long.cs", string.Concat(Enumerable.Repeat("\n", 301)) + "x",
            "src/Ledger.Api/Long.cs:301: a file of 302 lines is banned, use at most 300 and split by role" },
        { "run", "# " + new string('x', 119) + "\n",
            "run:1: a line of 121 columns is banned, use at most 120" },
        { "src/Ledger.Api/A.cs", "using Ledger.Api.PayRuns;\nusing Ledger.Api.Payroll;\nusing System;\n",
            "src/Ledger.Api/A.cs:1: usings in another order than that of 'dotnet format' are banned, sort them" },
        { "docs/x.md", "a\tb\n", "docs/x.md:1: a tab or a blank at the end is banned, use blanks, and none there" },
        { "docs/x.md", "a\r\n", "docs/x.md:1: a carriage return is banned, use line feeds alone" },
        { "docs/x.md", "a", "docs/x.md:1: a last line without its end is banned, use a line feed" },
        { "src/Ledger.Api/Things.cs", "namespace Ledger.Api;\npublic class Other;\n// class Things\n",
            "src/Ledger.Api/Things.cs:1: a file without its own type is banned, use the name of a type in it, not "
                + "Things" },
        { "src/Ledger.Api/Journals/A.cs", "namespace Ledger.Api;\nclass A;\n",
            "src/Ledger.Api/Journals/A.cs:1: another namespace than the folder's is banned, "
            + "use namespace Ledger.Api.Journals;" },
        { "docs/x.md", "See /ro" + "ot/data.\n",
            "docs/x.md:1: /ro" + "ot/ is banned, use a path that every machine has" },
        { "tests/Ledger.Tests/ATests.cs", "[Fact(Sk" + "ip = \"slow\")]",
            "tests/Ledger.Tests/ATests.cs:1: Skip = is banned, use [FactWith(program)], or mend the test" },
        { "tests/Ledger.Tests/ATests.cs", "    [Fact]\n    public async Task Works()\n",
            "tests/Ledger.Tests/ATests.cs:2: the test name Works is banned, use a sentence with underscores" },
        { "src/Ledger.Api/A.cs", "\n#pragma warning disable CS0168\n",
            "src/Ledger.Api/A.cs:2: a suppressed warning without a reason is banned, use a comment on the line "
                + "before" },
        { "docs/x.md", "\n", "docs/x.md:1: an empty file is banned, use none" },
    };

    [Fact]
    public void The_sources_keep_every_rule()
    {
        var findings = Findings().Where(finding => !Exemptions.Keys.Any(exempt => Covers(exempt, finding)));
        None(findings);
    }

    [Fact]
    public void Every_exemption_is_still_needed() =>
        None(Exemptions.Keys.Where(exempt => !Findings().Any(finding => Covers(exempt, finding))));

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_rule_finds_its_bad_sample(string path, string text, string finding) =>
        Assert.Contains(finding, TidyRules.All.SelectMany(rule => rule(new SourceFile(path, text))));

    [Fact]
    public void Every_rule_has_a_bad_sample() => None(
        TidyRules.All
            .Where(rule => !Samples.Any(sample => rule(new SourceFile((string)sample[0], (string)sample[1])).Any()))
            .Select(rule => rule.Method.Name));

    [Fact]
    public void What_stands_in_comments_and_texts_is_not_code() => Assert.Equal(
        "a =   ;       \nb =        ; c =    ;         ;\nd = @       ; e =            ;",
        CSharpText.CodeOnly(
            "a = \"\"; // b \"\nb = \"\\\"x\\\"\"; c = '\"'; /* f */ ;\nd = @\"a\"\"b\\\"; e = \"\"\"f \" g\"\"\";"));

    [Fact]
    public void The_domain_rests_on_NodaTime_alone() => Assert.Equal(
        ["NodaTime"],
        typeof(Refusal).Assembly.GetReferencedAssemblies()
            .Select(reference => reference.Name!)
            .Where(name => !name.StartsWith("System.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));

    [Fact]
    public void Every_source_belongs_to_a_project_and_every_project_to_the_solution()
    {
        var projects = SourceTree.Files.Where(file => file.Extension == ".csproj").ToList();
        var folders = projects.Select(project => project.Path[..(project.Path.LastIndexOf('/') + 1)]).ToList();
        None(SourceTree.Files
            .Where(file => file.Extension == ".cs")
            .Where(file => !folders.Exists(folder => file.Path.StartsWith(folder, StringComparison.Ordinal)))
            .Select(file => file.Path));

        var solution = SourceTree.Files.Single(file => file.Path == "BackOffice.sln").Text.Replace('\\', '/');
        None(projects.Where(project => !solution.Contains(project.Path, StringComparison.Ordinal))
            .Select(project => project.Path));
        None(projects.Where(project => project.Text.Contains("Compile Remove", StringComparison.Ordinal))
            .Select(project => project.Path));
    }

    [Fact]
    public void Packages_have_one_exact_version_in_one_place_and_are_used()
    {
        var versions = XDocument.Load(Path.Combine(SourceTree.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .ToDictionary(each => each.Attribute("Include")!.Value, each => each.Attribute("Version")!.Value);
        None(versions.Values.Where(each => !Regex.IsMatch(
            each, @"^\d+(\.\d+)+(-[\w.]+)?$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))));

        var projects = SourceTree.Files.Where(file => file.Extension is ".csproj" or ".props").ToList();
        var used = projects
            .SelectMany(project => XDocument.Parse(project.Text).Descendants("PackageReference"))
            .Select(each => each.Attribute("Include")!.Value);
        Assert.Equal(versions.Keys.Order(StringComparer.Ordinal), used.Distinct().Order(StringComparer.Ordinal));
        None(projects.Where(project => project.Path != "Directory.Packages.props").SelectMany(project =>
            XDocument.Parse(project.Text).Descendants("PackageReference").Attributes("Version"))
                .Select(each => each.Value));
    }

    [Fact]
    public void Every_embedded_statement_file_is_named_in_the_code()
    {
        var code = SourceTree.Files.Where(file => file.Extension == ".cs").ToList();
        None(SourceTree.Files
            .Where(file => file.Extension == ".sql" && file.Path.StartsWith("src/", StringComparison.Ordinal))
            .Where(file => !code.Exists(each => each.Text.Contains(file.Name, StringComparison.Ordinal)))
            .Select(file => file.Path));
    }

    [Theory]
    [InlineData("Companies", "Company")]
    [InlineData("Accounts", "Chart")]
    [InlineData("Dimensions", "DimensionCatalog")]
    [InlineData("Periods", "FiscalCalendar")]
    [InlineData("Journals", "JournalEntry")]
    public void A_capability_has_its_files_in_the_same_roles(string capability, string state)
    {
        var names = SourceTree.Files
            .Where(file => file.Path.StartsWith($"src/Ledger.Domain/{capability}/", StringComparison.Ordinal))
            .Select(file => file.Name)
            .ToList();
        string[] roles = ["Commands", "Events", "Decider", "Refusals"];
        None(roles.Where(role => !names.Exists(name => name.EndsWith(role, StringComparison.Ordinal))));
        Assert.Contains(state, names);
    }

    [Fact]
    public void Events_are_sealed_and_cannot_be_changed()
    {
        var events = typeof(Refusal).Assembly.GetTypes().Where(type => type.IsDefined(typeof(EventNameAttribute)))
            .ToList();
        Assert.NotEmpty(events);
        None(events.Where(type => !type.IsSealed).Select(type => type.Name));
        None(events
            .SelectMany(type => type.GetProperties())
            .Where(property => property.SetMethod is { } set && !set.ReturnParameter.GetRequiredCustomModifiers()
                .Contains(typeof(System.Runtime.CompilerServices.IsExternalInit)))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}"));
    }

    /// <summary>Nothing is found; else everything that was is shown, a line each.</summary>
    private static void None(IEnumerable<string> findings)
    {
        var all = string.Join('\n', findings);
        Assert.True(all.Length == 0, all);
    }

    private static IEnumerable<string> Findings() =>
        TidyRules.All.SelectMany(rule => SourceTree.Files.SelectMany(rule));

    private static bool Covers(string exempt, string finding)
    {
        var parts = exempt.Split(':', 2);
        return finding.StartsWith(parts[0], StringComparison.Ordinal)
            && finding.Contains(": " + parts[1], StringComparison.Ordinal);
    }
}
