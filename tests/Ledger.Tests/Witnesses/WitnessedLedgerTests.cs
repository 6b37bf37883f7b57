using System.Text;
using System.Text.Json;
using Ledger.Api.Audit;
using Ledger.Api.Witnesses;
using Ledger.EventStore.Audit;
using Ledger.Tests.Http;
using static Ledger.Tests.Http.Steps;

namespace Ledger.Tests.Witnesses;

/// <summary>A ledger and two witnesses, each over HTTP as in earnest.</summary>
public sealed class WitnessedLedgerTests : IAsyncLifetime
{
    private const string Name = "ledger.example";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-key-");
    private RunningWitness one = null!;
    private RunningWitness two = null!;
    private VerifierKey log = null!;

    private string KeyFile => Path.Combine(folder.FullName, "audit.key");

    public async Task InitializeAsync()
    {
        var file = new AuditKeyFile(KeyFile);
        file.TryMake();
        log = new(Name, SignatureKind.Log, Ed25519.PublicKeyOf(file.Read().Single()));
        one = await RunningWitness.StartAsync("witness.example/w1", log);
        two = await RunningWitness.StartAsync("witness.example/w2", log);
    }

    public async Task DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task The_proof_of_an_entry_stands_below_the_signatures_of_both_witnesses()
    {
        var host = await StartAsync();
        try
        {
            var books = host.Given([.. CompanyWithChart, Sale("order-1")]);
            await books.PrepareAsync();
            await GrowAsync(host, 1);
            await UntilAsync(() => host.Ledger.Witnesses.All(each =>
                each.Status is { State: WitnessState.Cosigned, Size: > 1 }));

            var file = (await books.SendAsync(Step.Get("/audit/entries/order-1"))).Is(200).Json;

            var note = SignedNote.Parse(file.GetProperty("checkpoint").GetString()!)!;
            Assert.True(note.IsSignedBy(log.Under($"{Name}/{books.Company}")));
            var ledger = file.GetProperty("ledger");
            var over = SignedNote.Parse(ledger.GetProperty("checkpoint").GetString()!)!;
            var root = Checkpoint.Parse(over.Text)!;
            Assert.True(over.IsSignedBy(log));
            Assert.NotNull(over.CosignedBy(one.Key));
            Assert.NotNull(over.CosignedBy(two.Key));
            Assert.True(MerkleTree.Includes(
                long.Parse(ledger.GetProperty("index").GetString()!), root.Size,
                MerkleTree.HashLeaf(Encoding.UTF8.GetBytes(note.Text)),
                [.. ledger.GetProperty("proof").EnumerateArray().Select(each => each.GetBytesFromBase64())],
                root.Root));
            string[] named = [$"Ours {one.Key} False", $"Example Audit Ltd {two.Key} True"];
            Assert.Equal(named, file.GetProperty("witnesses").EnumerateArray().Select(Shown));
            var keys = (await host.GetAsync("/audit/key")).Is(200).Json;
            Assert.Equal(named, keys.GetProperty("witnesses").EnumerateArray().Select(Shown));
            var newest = (await host.GetAsync("/audit/checkpoint?cosigned=true")).Is(200).Body;
            Assert.NotNull(SignedNote.Parse(newest)!.CosignedBy(two.Key));

            var report = await WitnessVerification.RunAsync(host.Ledger, CancellationToken.None);
            Assert.Equal((2, 0, 0), (report.Cosigned, report.NotAsked.Count, report.Findings.Count));
            Assert.Equal("ok", (await host.GetAsync("/healthz")).Json.GetProperty("status").GetString());
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_database_that_was_set_back_is_named_by_every_witness_and_when_it_grows_on_the_note_is_kept()
    {
        long seen;
        var first = await StartAsync();
        try
        {
            await GrowAsync(first, 4);
            await UntilAsync(() => first.Ledger.Witnesses.All(each =>
                each.Status is { State: WitnessState.Cosigned, Size: > 4 }));
            seen = first.Ledger.Witnesses.Max(each => each.Status.Size);
        }
        finally
        {
            await first.DisposeAsync();
        }

        // The same name and key, and fewer events: as after the backup of an earlier day was put back. Who did it
        // also took away what is kept beside the key, else nothing would be signed.
        File.Delete($"{KeyFile}.{Name}.signed");
        var back = await StartAsync();
        try
        {
            await UntilAsync(() => back.Ledger.Witnesses.All(each => each.Status.State == WitnessState.SawMore));
            var report = await WitnessVerification.RunAsync(back.Ledger, CancellationToken.None);
            Assert.Equal(2, report.Findings.Count);
            Assert.StartsWith(
                $"{WitnessVerification.Check}: witness witness.example/w1 (Ours): it has seen {seen} leaves, and here",
                report.Findings[0].ToString(), StringComparison.Ordinal);
            var health = (await back.GetAsync("/healthz")).Is(200).Json;
            Assert.Equal("degraded", health.GetProperty("status").GetString());
            Assert.Equal("sawMore", health.GetProperty("witnesses")[0].GetProperty("state").GetString());
            Assert.Empty(one.Unproven);

            await GrowAsync(back, seen + 1);
            report = await WitnessVerification.RunAsync(back.Ledger, CancellationToken.None);
            Assert.Equal(2, report.Findings.Count);
            Assert.Contains(
                $"do not go on from the {seen} that it has seen", report.Findings[1].What, StringComparison.Ordinal);
            Assert.NotEmpty(one.Unproven);
            Assert.NotEmpty(two.Unproven);
            Assert.Contains($"{Name}\n{seen}\n", one.Unproven[0], StringComparison.Ordinal);
        }
        finally
        {
            await back.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_witness_that_is_down_holds_up_nothing_and_is_named_as_not_asked()
    {
        await two.DisposeAsync();
        var host = await StartAsync();
        try
        {
            await host.Given([.. CompanyWithChart]).When(Sale("order-1")).Then(201, "journal_entry_posted");
            await UntilAsync(() => host.Ledger.Witnesses.Select(each => each.Status.State)
                .SequenceEqual([WitnessState.Cosigned, WitnessState.Unusable]));

            var report = await WitnessVerification.RunAsync(host.Ledger, CancellationToken.None);
            Assert.Equal((1, 0), (report.Cosigned, report.Findings.Count));
            Assert.StartsWith(
                "witness witness.example/w2 (Example Audit Ltd): it cannot be reached", Assert.Single(report.NotAsked),
                StringComparison.Ordinal);
            Assert.Equal("ok", (await host.GetAsync("/healthz")).Json.GetProperty("status").GetString());
        }
        finally
        {
            await host.DisposeAsync();
            two = await RunningWitness.StartAsync("witness.example/w2", log);
        }
    }

    private static string Shown(JsonElement witness) =>
        $"{witness.GetProperty("owner").GetString()} {witness.GetProperty("key").GetString()} "
        + witness.GetProperty("outside").GetBoolean();

    private static async Task UntilAsync(Func<bool> isSo)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!isSo())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < Patience, "It did not come to be.");
            await Task.Delay(20);
        }
    }

    /// <summary>Adds companies until the log over all logs has more leaves than that.</summary>
    private static async Task GrowAsync(ApiHost host, long leaves)
    {
        do
        {
            await host.Given(Company).PrepareAsync();
            await host.Ledger.AuditLog.CatchUpAsync(null, CancellationToken.None);
        }
        while (await SizeAsync(host) <= leaves);
    }

    private static async Task<long> SizeAsync(ApiHost host) =>
        Checkpoint.Parse(SignedNote.Parse((await host.GetAsync("/audit/checkpoint")).Is(200).Body)!.Text)!.Size;

    private Task<ApiHost> StartAsync() => ApiHost.StartAsync(
    [
        (AuditKeyring.NameSetting, Name), (AuditKeyFile.Setting, KeyFile),
        .. one.SettingsAt(0, "Ours", outside: false), .. two.SettingsAt(1, "Example Audit Ltd", outside: true),
    ]);
}
