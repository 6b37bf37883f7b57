using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Ledger.Api.Json;
using Ledger.Domain;
using Ledger.Domain.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>Where tokens come from that are taken instead of keys; <c>Oidc:…</c> in the configuration.</summary>
/// <param name="Authority">The issuer's address, below which its description is found.</param>
/// <param name="Audience">Tokens must be made for this.</param>
/// <param name="CompaniesClaim">Names the companies that a token holds in; <c>*</c> is all of them.</param>
/// <param name="RolesClaim">Names its roles there; names that are no roles are passed over.</param>
/// <param name="PersonClaim">Names the person whose own data it reads, for the role employee.</param>
/// <param name="HolderClaim">
/// Names the person behind it by the opaque id that keys name as their holder; null takes the token's actor.
/// </param>
public sealed record TokenSettings(
    Uri Authority,
    string Audience,
    string CompaniesClaim,
    string RolesClaim,
    string PersonClaim,
    string? HolderClaim = null)
{
    /// <summary>Null when no issuer is configured.</summary>
    /// <exception cref="SetUpException">It is configured in part.</exception>
    public static TokenSettings? Read(IConfiguration configuration)
    {
        var oidc = configuration.GetSection("Oidc");
        if (oidc["Authority"] is not { Length: > 0 } text)
        {
            return null;
        }

        if (!Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var authority)
            || (authority.Scheme != Uri.UriSchemeHttps && !authority.IsLoopback))
        {
            throw new SetUpException(
                "Oidc:Authority must be the https address of an OpenID Connect issuer (http only on this machine).");
        }

        return oidc["Audience"] is { Length: > 0 } audience
            ? new(
                authority,
                audience,
                oidc["CompaniesClaim"] ?? "companies",
                oidc["RolesClaim"] ?? "roles",
                oidc["PersonClaim"] ?? "person",
                oidc["HolderClaim"])
            : throw new SetUpException(
                "Oidc:Audience is missing: name what the issuer makes tokens of this ledger for.");
    }
}

/// <summary>
/// People who come with a token of an OpenID Connect issuer. The issuer says who they are and what their roles are; the
/// ledger keeps neither names nor subjects: an actor is the hash of both.
/// </summary>
public sealed class Tokens
{
    private const int KeptMax = 10_000;

    /// <summary>Signatures by a key that only the issuer has; never one that whoever checks could make.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly TokenSettings settings;
    private readonly IClock clock;
    private readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false };
    private readonly ConfigurationManager<OpenIdConnectConfiguration> issuer;
    private readonly ConcurrentDictionary<string, Bearer> known = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RecentSequence> recent = new(StringComparer.Ordinal);

    public Tokens(TokenSettings settings, IClock clock)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (this.settings, this.clock) = (settings, clock);
        issuer = new(
            new Uri(settings.Authority, ".well-known/openid-configuration").ToString(),
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever { RequireHttps = settings.Authority.Scheme == Uri.UriSchemeHttps });
    }

    /// <summary>Three parts with points between, as a signed token has.</summary>
    public static bool Looks(ReadOnlySpan<char> text) => text.Count('.') == 2 && text.Length <= 8 * 1024;

    /// <summary>Whoever the token names in the company; null when its signature must be checked first.</summary>
    /// <exception cref="RequestException">It holds no longer, or not in this company.</exception>
    public Caller? Find(string? company, ReadOnlySpan<char> token) =>
        known.TryGetValue(HashOf(token), out var bearer) ? In(company, bearer) : null;

    /// <summary>Whether this process has checked its signature before.</summary>
    public bool Knows(ReadOnlySpan<char> token) => known.ContainsKey(HashOf(token));

    /// <summary>The same after checking the issuer's signature.</summary>
    /// <exception cref="RequestException">It is no token that is taken here.</exception>
    public async Task<Caller> FindAgainAsync(string? company, string token)
    {
        var bearer = await CheckAsync(token);
        if (known.Count >= KeptMax)
        {
            known.Clear();
        }

        known[HashOf(token)] = bearer;
        return In(company, bearer);
    }

    private async Task<Bearer> CheckAsync(string token)
    {
        OpenIdConnectConfiguration described;
        try
        {
            described = await issuer.GetConfigurationAsync(CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            throw RequestProblems.Fail(
                RequestProblems.IssuerUnavailable,
                "The issuer of tokens cannot be asked for its keys now. Nothing was done: send it again later.");
        }

        var result = await handler.ValidateTokenAsync(token, new()
        {
            ValidIssuer = described.Issuer,
            ValidAudience = settings.Audience,
            IssuerSigningKeys = described.SigningKeys,
            ValidAlgorithms = Algorithms,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = TimeSpan.FromSeconds(30),
        });
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // The issuer may have new keys; it is asked for them at most every few minutes.
            issuer.RequestRefresh();
        }

        return result.IsValid
            ? BearerOf((JsonWebToken)result.SecurityToken, result.ClaimsIdentity)
            : throw Invalid("its signature, issuer, audience or time does not hold");
    }

    private Bearer BearerOf(JsonWebToken token, ClaimsIdentity claims)
    {
        if (token.Subject is not { Length: > 0 } subject)
        {
            throw Invalid("it names no subject");
        }

        var roles = claims.FindAll(settings.RolesClaim).Select(claim => Choice<Role>.Find(claim.Value)).OfType<Role>()
            .Distinct().Order().ToList();
        if (Permissions.ExcludingAmong(roles) is var (one, other))
        {
            throw Invalid(
                $"nobody may be both {Choice<Role>.NameOf(one)} and {Choice<Role>.NameOf(other)}");
        }

        if (recent.Count >= KeptMax)
        {
            recent.Clear();
        }

        var actor = $"user:{HashOf($"{token.Issuer}\n{subject}")[..22]}";
        var until = Instant.FromDateTimeUtc(DateTime.SpecifyKind(token.ValidTo, DateTimeKind.Utc));
        var caller = new Caller(
            actor, HolderOf(claims) ?? actor, Permissions.Of(roles), recent.GetOrAdd(actor, static _ => new()))
        {
            Roles = roles,
            Until = until,
            Person = claims.FindFirst(settings.PersonClaim)?.Value is { } person && Ids.IsValid(person) ? person : null,
        };
        return new(
            caller,
            claims.FindAll(settings.CompaniesClaim).Select(claim => claim.Value).ToHashSet(StringComparer.Ordinal),
            until);
    }

    /// <summary>Null where no claim is configured. One that is missing would make two persons of one.</summary>
    private string? HolderOf(ClaimsIdentity claims) => settings.HolderClaim is not { Length: > 0 } claim ? null
        : claims.FindFirst(claim)?.Value is { } holder && Ids.IsValid(holder)
            && !string.Equals(holder, Key.OwnersHolder, StringComparison.OrdinalIgnoreCase) ? holder
        : throw Invalid($"its claim {claim} names no opaque id of a person");

    private Caller In(string? company, Bearer bearer)
    {
        if (bearer.Until <= clock.GetCurrentInstant())
        {
            throw Invalid("its time is over");
        }

        return company is not null && (bearer.Companies.Contains(company) || bearer.Companies.Contains("*"))
            ? bearer.Caller
            : throw Invalid("it is not for this company");
    }

    private static RequestException Invalid(string why) => RequestProblems.Fail(
        RequestProblems.KeyNotValid, $"This token does not hold here: {why}. Get a new one from your issuer.");

    private static string HashOf(ReadOnlySpan<char> text)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(text)];
        Encoding.UTF8.GetBytes(text, utf8);
        return Base64Url.EncodeToString(SHA256.HashData(utf8));
    }

    /// <summary>Whom a token that was checked names.</summary>
    private sealed record Bearer(Caller Caller, IReadOnlySet<string> Companies, Instant Until);
}
