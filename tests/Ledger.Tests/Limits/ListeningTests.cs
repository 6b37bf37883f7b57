using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ledger.Api;
using Ledger.Api.Limits;
using Ledger.Tests.Http;
using Microsoft.Extensions.Configuration;

namespace Ledger.Tests.Limits;

/// <summary>TLS, other origins, and what every answer tells a browser.</summary>
public sealed class ListeningTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Origin = "https://books.example.com";

    [Theory]
    [InlineData("GET", "/", 200)]
    [InlineData("HEAD", "/", 200)]
    [InlineData("GET", "/healthz", 200)]
    [InlineData("GET", "/metrics", 200)]
    [InlineData("GET", "/openapi/v1.json", 200)]
    [InlineData("GET", "/problems/period-closed", 200)]
    [InlineData("GET", "/companies/seen", 200)]
    [InlineData("GET", "/companies/seen/journal-entries:export", 200)]
    [InlineData("GET", "/companies/nobody", 404)]
    [InlineData("PUT", "/companies/seen", 415)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("DELETE", "/", 405)]
    public async Task Every_answer_tells_browsers_to_take_no_liberties(string method, string path, int status)
    {
        await host.PutAsync("/companies/seen", """{"name": "Seen", "currency": "EUR", "country": "BG"}""");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await host.Client.SendAsync(request);
        var answer = (await ApiAnswer.ReadAsync(response)).Is(status);

        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", answer.Header("X-Frame-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.StartsWith("default-src 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains(
            "frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Strict-Transport-Security"));
        Assert.Null(answer.Header("Server"));
        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task A_page_may_use_its_own_style_and_nothing_else()
    {
        var page = (await host.GetAsync("/")).Is(200);

        var style = page.Body.Split("<style>")[1].Split("</style>")[0];
        var hash = Convert.ToBase64String(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(style)));
        var policy = page.Header("Content-Security-Policy");
        Assert.Contains($"style-src 'sha256-{hash}';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tls_is_done_with_the_certificate_that_is_configured_and_browsers_are_told_to_keep_to_it()
    {
        var folder = Directory.CreateTempSubdirectory("backoffice-tls-");
        using var certificate = MakeCertificate();
        var (file, key) = (Path.Combine(folder.FullName, "cert.pem"), Path.Combine(folder.FullName, "key.pem"));
        await File.WriteAllTextAsync(file, certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var secure = new ApiHost
        {
            Urls = "https://127.0.0.1:0",
            Configuration = new Dictionary<string, string?>
            {
                ["Kestrel:Certificates:Default:Path"] = file,
                ["Kestrel:Certificates:Default:KeyPath"] = key,
            },
        };
        await secure.InitializeAsync();
        string? shown = null;
        using var client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions =
            {
                RemoteCertificateValidationCallback = (_, sent, _, _) =>
                    (shown = sent?.GetCertHashString()) is not null,
            },
        });

        using var response = await client.GetAsync(new Uri(secure.Address, "/companies/acme"));
        var answer = await ApiAnswer.ReadAsync(response);

        Assert.Equal("https", secure.Address.Scheme);
        Assert.Equal(certificate.GetCertHashString(), shown);
        Assert.Equal(
            "max-age=31536000; includeSubDomains",
            answer.IsProblem(401, "key-missing").Header("Strict-Transport-Security"));
        Assert.Empty(Listening.Warnings(secure.App.Urls));
        await secure.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task No_page_of_another_origin_is_let_in_unless_it_is_configured()
    {
        var answer = await host.GetAsync("/companies/acme", ("Origin", Origin));
        var preflight = await PreflightAsync(host, Origin);

        preflight.IsProblem(405, "method-not-allowed");
        Assert.DoesNotContain(
            answer.Headers.Concat(preflight.Headers),
            header => header.Key.StartsWith("Access-Control", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_of_a_configured_origin_is_let_in_without_a_key_for_the_question_and_nobody_else()
    {
        var open = await ApiHost.StartAsync(("Cors:Origins", $"{Origin}, https://other.example.com"));

        var preflight = (await PreflightAsync(open, Origin)).Is(204);
        var answer = (await open.GetAsync("/companies/acme", ("Origin", Origin))).IsProblem(404, "company-unknown");
        var foreign = await open.GetAsync("/companies/acme", ("Origin", "https://evil.example.com"));
        var foreignPreflight = await PreflightAsync(open, "https://evil.example.com");

        Assert.Equal(Origin, preflight.Header("Access-Control-Allow-Origin"));
        Assert.Contains("Authorization", preflight.Header("Access-Control-Allow-Headers"), StringComparison.Ordinal);
        Assert.Contains("PUT", preflight.Header("Access-Control-Allow-Methods"), StringComparison.Ordinal);
        Assert.Equal("600", preflight.Header("Access-Control-Max-Age"));
        Assert.Equal(Origin, answer.Header("Access-Control-Allow-Origin"));
        Assert.Contains("Ledger-Sequence", answer.Header("Access-Control-Expose-Headers"), StringComparison.Ordinal);
        Assert.Contains("Origin", answer.Headers["Vary"]);
        Assert.All([preflight, answer, foreign, foreignPreflight], each =>
            Assert.Null(each.Header("Access-Control-Allow-Credentials")));
        Assert.All([foreign, foreignPreflight], each => Assert.Null(each.Header("Access-Control-Allow-Origin")));
        await open.DisposeAsync();
    }

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("books.example.com")]
    [InlineData("https://books.example.com/")]
    [InlineData("https://*.example.com")]
    [InlineData("https://me@books.example.com")]
    [InlineData("ftp://books.example.com")]
    [InlineData("https://books.example.com, *")]
    public void What_is_no_origin_is_refused_at_the_start(string origins) => Assert.StartsWith(
        "Cors:Origins holds '",
        Assert.Throws<SetUpException>(() => CrossOrigins.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Cors:Origins"] = origins }).Build())).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Origins_may_be_a_list() => Assert.Equal(
        [Origin, "http://localhost:3000"],
        CrossOrigins.Read(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Cors:Origins:0"] = Origin,
            ["Cors:Origins:1"] = "http://localhost:3000",
        }).Build()));

    private static async Task<ApiAnswer> PreflightAsync(ApiHost host, string origin)
    {
        using var anybody = new HttpClient { BaseAddress = host.Address };
        using var request = ApiHost.Request(
            HttpMethod.Options, "/companies/acme/journal-entries/e1", null, ("Origin", origin),
            ("Access-Control-Request-Method", "PUT"),
            ("Access-Control-Request-Headers", "authorization,content-type"));
        using var response = await anybody.SendAsync(request);
        return await ApiAnswer.ReadAsync(response);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ledger.test", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(
            new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), new(2099, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
