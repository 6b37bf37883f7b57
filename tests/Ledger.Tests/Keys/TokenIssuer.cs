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
    public SigningCredentials PublicKeyAsSecret() =>
        new(new SymmetricSecurityKey(rsa.ExportSubjectPublicKeyInfo()), SecurityAlgorithms.HmacSha256);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        rsa.Dispose();
    }
}
