using System.Net.Http.Headers;
using System.Text;
using Ledger.Api;
using Ledger.Api.Keys;
using Ledger.Api.OpenApi;
using Ledger.Tests.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;

namespace Ledger.Tests.Http;

/// <summary>
/// The whole service as its users meet it: Kestrel on a free port of the loopback, a database of its own on a real
/// PostgreSQL, and the owner's key. As a class fixture it is started once for all tests of the class.
/// </summary>
public sealed class ApiHost : IAsyncLifetime
{
    /// <summary>Closings get no certificates unless a test asks for them, so that the events of a company are those
    /// that the test caused.</summary>
    private static readonly Dictionary<string, string?> Usual = new() { ["Audit:Certificates"] = "false" };

    private readonly DirectoryInfo folder;
    private TestDatabase? database;
    private ApiDocument? document;

    public ApiHost() => folder = Directory.CreateTempSubdirectory("backoffice-api-");

    private ApiHost(DirectoryInfo folder, TestDatabase database) =>
        (this.folder, this.database) = (folder, database);

    public LedgerHost Ledger { get; private set; } = null!;

    public WebApplication App { get; private set; } = null!;

    /// <summary>Sends the owner's key with every request.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>Where the service listens: host and port.</summary>
    public Uri Address { get; private set; } = null!;

    public string DataFolder => folder.FullName;

    public string OwnerKeyText { get; private set; } = "";

    /// <summary>What the service is told beside its folder and its database.</summary>
    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = new Dictionary<string, string?>();

    public string Urls { get; init; } = "http://127.0.0.1:0";

    /// <summary>Fills the database before the service first opens it; null leaves it empty.</summary>
    internal Func<TestDatabase, Task>? Prepares { get; init; }

    /// <summary>Where the log of requests goes; null writes none.</summary>
    public TextWriter? RequestLog { get; init; }

    /// <summary>A started host of its own, for a test that stops or starves it, or tells it other settings.</summary>
    public static async Task<ApiHost> StartAsync(params (string Name, string Value)[] settings)
    {
        var host = new ApiHost
        {
            Configuration = settings.ToDictionary(each => each.Name, each => (string?)each.Value),
        };
        await host.InitializeAsync();
        return host;
    }

    /// <summary>A host on a ledger that is there already; database and folder are gone with it.</summary>
    public static async Task<ApiHost> StartOnAsync(TestDatabase database, DirectoryInfo folder)
    {
        var host = new ApiHost(folder, database);
        await host.OpenAsync();
        return host;
    }

    public async Task InitializeAsync()
    {
        database = await TestDatabase.CreateMigratedAsync();
        if (Prepares is { } prepares)
        {
            await prepares(database);
        }

        await OpenAsync();
    }

    /// <summary>Stops the service in good order, and what another one does meanwhile is seen after the start.</summary>
    public async Task RestartAsync(Func<TestDatabase, Task> meanwhile)
    {
        await CloseAsync();
        await meanwhile(database!);
        await OpenAsync();
    }

    /// <summary>Stops the service in good order and starts it again on the same database.</summary>
    public async Task RestartAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await CloseAsync();
        await database!.DisposeAsync();
        folder.Delete(recursive: true);
    }

    /// <summary>For what the service may not do to its database.</summary>
    public Task ExecuteAsSuperuserAsync(string sql) => database!.ExecuteAsSuperuserAsync(sql);

    /// <summary>The description of the API; every answer to <see cref="SendAsync"/> is held against it.</summary>
    internal ApiDocument Document => document ??= new(Encoding.UTF8.GetString(ApiDescription.Write(
        [.. ((IEndpointRouteBuilder)App).DataSources.SelectMany(source => source.Endpoints)
            .Select(endpoint => endpoint.Metadata.GetRequiredMetadata<Operation>())])));

    /// <summary>Sends the request and reads the whole answer, which must be as the API describes it.</summary>
    public async Task<ApiAnswer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var path = request.RequestUri!.OriginalString;
            using var response = await Client.SendAsync(request);
            var answer = await ApiAnswer.ReadAsync(response);
            var faults = Document.Check(request.Method.Method, path, answer);
            Assert.True(!faults.Any(), string.Join('\n', faults));
            return answer;
        }
    }

    public Task<ApiAnswer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(Request(HttpMethod.Get, path, null, headers));

    public Task<ApiAnswer> PutAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(Request(HttpMethod.Put, path, json, headers));

    public Task<ApiAnswer> PostAsync(string path, string json, params (string Name, string Value)[] headers) =>
        SendAsync(Request(HttpMethod.Post, path, json, headers));

    /// <param name="json">Null sends no body; a header <c>Content-Type</c> overrides that of JSON.</param>
    public static HttpRequestMessage Request(
        HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        foreach (var (name, value) in headers)
        {
            if (name == "Content-Type")
            {
                request.Content!.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
            else
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private async Task OpenAsync()
    {
        var settings = new Settings(
            Urls, DataFolder, database!.ConnectionString,
            new ConfigurationBuilder().AddInMemoryCollection(Usual).AddInMemoryCollection(Configuration).Build());
        Ledger = await LedgerHost.OpenAsync(settings, _ => { });
        App = WebHost.Build(Ledger, settings.Urls, RequestLog);
        await App.StartAsync();
        Address = new Uri(App.Urls.Single());
        // A host with TLS has a certificate that a test made.
        Client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        })
        { BaseAddress = Address };
        OwnerKeyText = (await File.ReadAllTextAsync(OwnerKey.PathIn(DataFolder))).Trim();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", OwnerKeyText);
    }

    private async Task CloseAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await Ledger.DisposeAsync();
    }
}
