using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Ledger.Tests.Keys;

/// <summary>A small issuer of OpenID Connect on the loopback: its description, its keys, and tokens by them.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    public const string Audience = "ledger";

    private readonly WebApplication app;
    private readonly RSA rsa = RSA.Create(2048);

    private TokenIssuer(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    private RsaSecurityKey Key => new(rsa) { KeyId = "k1" };

    public static async Task<TokenIssuer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var issuer = new TokenIssuer(app);
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new Dictionary<string, object>
        {
            ["issuer"] = issuer.Address,
            ["jwks_uri"] = $"{issuer.Address}/keys",
        }));
        app.MapGet("/keys", () =>
        {
            var key = JsonWebKeyConverter.ConvertFromRSASecurityKey(new(issuer.rsa.ExportParameters(false)));
            var shown = new { kty = "RSA", kid = "k1", use = "sig", n = key.N, e = key.E };
            return Results.Json(new { keys = new[] { shown } });
        });
        await app.StartAsync();
        return issuer;
    }

    /// <summary>A token as this issuer makes it, after a change.</summary>
    public string Token(Action<SecurityTokenDescriptor>? change = null, params string[] roles)
    {
        var token = new SecurityTokenDescriptor
        {
            Issuer = Address,
            Audience = Audience,
            Expires = TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(1),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = "maria@example.org", ["companies"] = new[] { "acme" }, ["roles"] = roles,
            },
            SigningCredentials = new(Key, SecurityAlgorithms.RsaSha256),
        };
        change?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    /// <summary>The public key as the secret of an HMAC: what careless checkers take for the issuer's.</summary>
    private SigningCredentials PublicKeyAsSecret() =>
        new(new SymmetricSecurityKey(rsa.ExportSubjectPublicKeyInfo()), SecurityAlgorithms.HmacSha256);

    public static IReadOnlyList<string> Forgeries { get; } =
    [
        "audience", "issuer", "over", "not-yet", "no-end", "other-key", "public-key-as-secret", "none", "no-subject",
        "changed", "excluding-roles", "excluding-the-owner",
    ];

    /// <summary>A token that must not be taken, for one reason.</summary>
    public string Forged(string how) => how switch
    {
        "audience" => Token(token => token.Audience = "another", "owner"),
        "issuer" => Token(token => token.Issuer = "https://id.example.org", "owner"),
        "over" => Token(token => token.Expires = Hours(-1), "owner"),
        "not-yet" => Token(token => token.NotBefore = Hours(0.5), "owner"),
        "no-end" => Token(token => token.Expires = null, "owner"),
        "other-key" => Token(
            token => token.SigningCredentials = new(
                new RsaSecurityKey(RSA.Create(2048)) { KeyId = "k1" }, SecurityAlgorithms.RsaSha256),
            "owner"),
        "public-key-as-secret" => Token(token => token.SigningCredentials = PublicKeyAsSecret(), "owner"),
        "none" => Token(token => token.SigningCredentials = null, "owner"),
        "no-subject" => Token(token => token.Claims.Remove("sub"), "owner"),
        "excluding-roles" => Token(null, "people", "payer"),
        "excluding-the-owner" => Token(null, "payer", "owner"),
        _ => Token(null, "auditor") is var token
            ? token.Split('.')[0] + "." + Token(null, "owner").Split('.')[1] + "." + token.Split('.')[2]
            : "",
    };

    private static DateTime Hours(double hours) => TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(hours);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        rsa.Dispose();
    }
}
