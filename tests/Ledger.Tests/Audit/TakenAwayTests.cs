using System.IO.Compression;
using System.Text;
using Ledger.Api.Audit;
using Ledger.Api.People;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using Ledger.Tests.Periods;
using NodaTime;
using static Ledger.Tests.Employees.EmployeeSteps;
using static Ledger.Tests.PayRuns.PayRunSteps;
using static Ledger.Tests.People.PeopleSteps;
using static Ledger.Tests.Periods.CertifiedBooks;

namespace Ledger.Tests.Audit;

/// <summary>What an auditor takes away: files in an empty folder, beside the one script, and no network.</summary>
public sealed class TakenAwayTests(CertifyingHost certifying) : IClassFixture<CertifyingHost>, IDisposable
{
    private const string Name = "Ana Petrova";
    private const string Description = "Order";

    private readonly ApiHost host = certifying.Host;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-auditor-");

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>A person's keys are destroyed, and no salt: each proof says what it said, and never a name.</summary>
    [FactWith("python3")]
    public async Task Payslip_entry_certificate_and_books_are_proven_before_and_after_a_person_is_erased()
    {
        var shop = host.Given(
        [
            .. PaidShop, Steps.Account("100", "Bank", "asset"), Steps.Account("400", "Sales", "income"),
            SaleTo("order-1", "p-17", Name),
        ]);
        await shop.PrepareAsync();
        await shop.ApproveAsync(await shop.CalculateAsync(Run("2026-01")));
        (await shop.SendAsync(Closed("2026-01"))).Is(201);
        await shop.CertifiedAsync("2026-01");
        var key = await SecondVerifier.KeyAsync(shop);
        var before = await TakeAsync(shop, "before");

        (await shop.SendAsync(Left("2026-01-31"))).Is(201);
        (await shop.SendAsync(Erase("p-17"))).Is(201);
        await PersonalDataErasure.CarryOutAllAsync(
            host.Ledger, new People.FixedClock(Instant.FromUtc(2099, 1, 1, 0, 0)), default);
        Assert.Equal("erased", await NameAsync(shop, "order-1"));
        var after = await TakeAsync(shop, "after");

        File.Copy(SecondVerifier.Script, Path.Combine(folder.FullName, "verify-bundle.py"));
        foreach (var (file, says) in before.Concat(after))
        {
            var (code, said) = await SecondVerifier.AloneAsync(folder, "verify-bundle.py", "--key", key, file);
            Assert.True(code == 0, $"{file}: {said}");
            Assert.Contains(says, said, StringComparison.Ordinal);
            var path = new FileInfo(Path.Combine(folder.FullName, file));
            var report = await OfflineVerification.RunAsync(path, VerifierKey.Parse(key)!, [], default);
            Assert.True(report.Holds, $"{file}: {string.Join(' ', report.Lines)}");
            var text = await TextOfAsync(path);
            Assert.All((string[])[Name, "Petrova", Iban], personal =>
                Assert.DoesNotContain(personal, text, StringComparison.Ordinal));
            Assert.Equal(
                file.EndsWith("entry.json", StringComparison.Ordinal) || path.Extension == ".zip",
                text.Contains(Description, StringComparison.Ordinal));
        }

        Assert.Contains("personal_data_erased", await TextOfAsync(FileIn("after-books.zip")), StringComparison.Ordinal);
    }

    [FactWith("python3")]
    public async Task Whoever_checks_so_has_no_network_indeed()
    {
        await File.WriteAllTextAsync(
            Path.Combine(folder.FullName, "call.py"), "import socket\nsocket.create_connection(('127.0.0.1', 9))\n");

        var (code, said) = await SecondVerifier.AloneAsync(folder, "call.py");

        Assert.Equal(1, code);
        Assert.Contains("is out of reach", said, StringComparison.Ordinal);
    }

    /// <summary>Writes proofs and bundles, and answers their names with what must be said of each.</summary>
    private async Task<IReadOnlyList<(string File, string Says)>> TakeAsync(Scenario shop, string when)
    {
        var taken = new List<(string, string)>();
        foreach (var (name, path, says) in ((string, string, string)[])
        [
            ("entry", "/audit/entries/order-1", "version 1 of journal-entry/order-1"),
            ("payslip", "/audit/payslips/2026-01/p-17", "is payslip_calculated, version 1 of payslip/2026-01/p-17"),
            ("certificate", "/periods/2026-01/certificate", "version 1 of period-certificate/2026-01"),
        ])
        {
            var proof = (await shop.SendAsync(Step.Get(path))).Is(200).Body;
            await File.WriteAllTextAsync(FileIn($"{when}-{name}.json").FullName, proof);
            taken.Add(($"{when}-{name}.json", says));
        }

        foreach (var (name, period) in ((string, string?)[])[("books", null), ("month", "2026-01")])
        {
            await SecondVerifier.WriteBundleAsync(
                host.Ledger, shop.Company, period, FileIn($"{when}-{name}.zip").FullName);
            taken.Add(($"{when}-{name}.zip", "Complete: "));
        }

        return taken;
    }

    private FileInfo FileIn(string name) => new(Path.Combine(folder.FullName, name));

    /// <summary>All that is in a file, unpacked.</summary>
    private static async Task<string> TextOfAsync(FileInfo file)
    {
        if (file.Extension != ".zip")
        {
            return await File.ReadAllTextAsync(file.FullName);
        }

        var text = new StringBuilder();
        await using var archive = await ZipFile.OpenReadAsync(file.FullName);
        foreach (var entry in archive.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync());
            text.Append(await reader.ReadToEndAsync());
        }

        return text.ToString();
    }
}
