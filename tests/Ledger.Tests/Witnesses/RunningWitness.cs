using System.Text;
using Ledger.Api.Witnesses;
using Ledger.EventStore.Audit;
using Microsoft.AspNetCore.Builder;
using NodaTime;

namespace Ledger.Tests.Witnesses;

/// <summary>A witness as <c>./run witness</c> starts it, on a free port, with a folder of its own.</summary>
internal sealed class RunningWitness : IAsyncDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("backoffice-witness-");
    private readonly string name;
    private readonly VerifierKey[] logs;
    private WitnessFolder? opened;
    private WebApplication? app;

    private RunningWitness(string name, VerifierKey[] logs)
    {
        this.name = name;
        this.logs = logs;
    }

    public VerifierKey Key { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public Uri Address => Client.BaseAddress!;

    public string Folder => folder.FullName;

    /// <summary>What it takes the time for; null for the time that it is.</summary>
    public Instant? Now { get; set; }

    /// <summary>What it said.</summary>
    public List<string> Said { get; } = [];

    public string[] Evidence => Kept(WitnessFolder.EvidencePrefix);

    public string[] Unproven => Kept(WitnessFolder.UnprovenPrefix);

    public string[] Smaller => Kept(WitnessFolder.SmallerPrefix);

    public static async Task<RunningWitness> StartAsync(string name, params VerifierKey[] logs)
    {
        var witness = new RunningWitness(name, logs);
        await witness.OpenAsync();
        return witness;
    }

    /// <summary>Settings of a ledger that shows it its log.</summary>
    public (string, string)[] SettingsAt(int place, string owner, bool outside) =>
    [
        ($"Audit:Witnesses:{place}:Url", Address.ToString()),
        ($"Audit:Witnesses:{place}:Key", Key.ToString()),
        ($"Audit:Witnesses:{place}:Owner", owner),
        ($"Audit:Witnesses:{place}:Outside", outside.ToString()),
    ];

    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public Task<(int Status, string Type, string Text)> AddAsync(AddCheckpoint request) =>
        AddAsync(request.ToString());

    public Task<(int Status, string Type, string Text)> AddAsync(string body) => AddAsync(Encoding.UTF8.GetBytes(body));

    public async Task<(int Status, string Type, string Text)> AddAsync(byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var answer = await Client.PostAsync(new Uri("add-checkpoint", UriKind.Relative), content);
        return (
            (int)answer.StatusCode, answer.Content.Headers.ContentType!.MediaType!,
            await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        folder.Delete(recursive: true);
    }

    private string[] Kept(string prefix) => [.. Directory.GetFiles(Folder, prefix + "*").Select(File.ReadAllText)];

    private async Task OpenAsync()
    {
        opened = WitnessFolder.Open(Folder);
        var witness = new Witness(opened, name, logs, new Watch(this), Said.Add);
        Key = witness.Key;
        app = WitnessHost.Build(witness, Client is null ? "http://127.0.0.1:0" : Address.ToString());
        await app.StartAsync();
        Client ??= new() { BaseAddress = new Uri(app.Urls.Single()) };
    }

    private async Task CloseAsync()
    {
        await app!.StopAsync();
        await app.DisposeAsync();
        opened!.Dispose();
    }

    private sealed class Watch(RunningWitness of) : IClock
    {
        public Instant GetCurrentInstant() => of.Now ?? SystemClock.Instance.GetCurrentInstant();
    }
}
