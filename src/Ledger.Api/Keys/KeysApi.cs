using System.Diagnostics;
using System.Text.Json;
using Ledger.Api.OpenApi;
using Ledger.Domain.Keys;
using Ledger.EventStore;
using NodaTime;

namespace Ledger.Api.Keys;

/// <summary>Who may do what in a company, over HTTP.</summary>
public static class KeysApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/keys/{id}", PutAsync)
            .Needs(Permission.ChangeKeys)
            .Is(
                "putKey", "Keys", "Issues a key, or changes what it may do",
                "The answer to a new key holds its `secret`: it is shown this once, and only its hash is stored. "
                + "Whoever gets it rotates it, so that nobody else knows it: until then it may neither approve, nor "
                + "run pay or release it, and its holder is no second person. A `holder` is written alike by all keys "
                + "of a person: one that differs by case only is refused. To change a key that exists, send all of it "
                + "with `If-Match`. With several persons in the company it waits for a second one.")
            .Changes()
            .Reads<KeyDetails>(Example)
            .Writes<KeyWritten>(WrittenExample)
            .MayWait()
            .Refuses(RequestProblems.DateMalformed, RequestProblems.DateOutOfRange, "company-unknown")
            .Refuses(Refusals.Of("Key").Except(
                ["key-not-found", "key-overlap-too-long", "key-secret-of-before", "key-rotated-too-often"]))
            .Refuses(Refusals.Of("Register"));
        surface.Post("/companies/{company}/keys/{id}/rotation", RotateAsync)
            .Needs(Permission.ChangeKeys, own: Permission.UseOwnKey)
            .Is(
                "rotateKey", "Keys", "Gives a key another secret",
                "Secrets of before hold for `overlapHours` more, 24 by default, so that programs can change over "
                + "without a pause. Everybody may rotate their own key; another's key waits for a second person, and "
                + "its new secret may neither approve, nor run pay or release it, until it has rotated itself. Sent "
                + "again it makes one more secret; ten may end within a day, or still hold. With `overlapHours` 0 all "
                + "of before end at once, which is possible beyond these ten, too.")
            .Reads<KeyRotation>("""{"overlapHours": 24}""")
            .Writes<KeyWritten>(WrittenExample)
            .MayWait()
            .Refuses(RequestProblems.IntegerMalformed, "key-not-found", "key-revoked", "key-overlap-too-long")
            .Refuses("key-prefix-taken", "key-secret-of-before", "key-rotated-too-often");
        surface.Post("/companies/{company}/keys/{id}/revocation", RevokeAsync)
            .Needs(Permission.ChangeKeys, own: Permission.UseOwnKey)
            .Is(
                "revokeKey", "Keys", "Ends a key for ever",
                "Nothing is recorded by it from that moment on; other processes refuse its questions within a second. "
                + "Everybody may end their own key.")
            .Reads<KeyRevocation>("""{"reason": "Left the company"}""")
            .Writes<KeyWritten>(RevokedExample)
            .Refuses("key-not-found", "text-empty", "text-too-long");
        surface.Get("/companies/{company}/keys", ListAsync)
            .Needs(Permission.ReadKeys)
            .Is(
                "listKeys", "Keys", "Lists all keys of a company",
                "Revoked ones included. `version` is the key's ETag. The owner's keys of the whole ledger are none of "
                + "the company's.")
            .Shows<KeyList>($$"""{"company": "acme", "rows": [{{RowExample}}]}""")
            .Refuses("company-unknown");
        surface.Get("/companies/{company}/me", MeAsync)
            .Needs(Permission.UseOwnKey)
            .Is("getMe", "Keys", "Says who is asking, and what they may do", "For whoever was given a key.")
            .Answers<Me>(StatusCodes.Status200OK, "Who is asking.", MeExample)
            .Refuses(RequestProblems.NotAcceptable);
    }

    private const string Example = """{"roles": ["integrator"], "holder": "maria", "to": "2026-12-31"}""";

    private const string WrittenExample = """
        {"key": "shop", "secret": "bo_k3yprefx_…", "ownSecret": false, "version": 3, "sequence": 90,
        "recorded": "2026-02-03T08:00:00.123456Z"}
        """;

    private const string RevokedExample = """
        {"key": "shop", "version": 4, "sequence": 95, "recorded": "2026-02-03T08:00:00.123456Z"}
        """;

    private const string RowExample = """
        {"key": "shop", "roles": ["integrator"], "holder": "maria", "from": null, "to": "2026-12-31", "person": null,
        "actor": "key:k3yprefx", "prefix": "k3yprefx", "ownSecret": true, "revoked": false,
        "lastUsed": "2026-02-03T08:00:00Z", "version": 3}
        """;

    private const string MeExample = """
        {"company": "acme", "actor": "key:k3yprefx", "holder": "maria", "roles": ["integrator"],
        "permissions": ["readCompany", "postEntries"], "person": null, "ownSecret": true}
        """;

    private static async ValueTask PutAsync(Call call)
    {
        var details = await call.BodyAsync(KeyJson.Read, 0);
        var (text, secret) = KeyText.MakeSecret();
        var command = new PutKey(call.Id("id"), details, secret, call.IfMatch);
        var issues = false;
        var outcome = await call.TransactAsync(async reading =>
        {
            var verdict = await KeyWrites.PutAsync(command, reading, call.Doer);
            issues = verdict.Events.Any(each => each is KeyIssued);
            return verdict;
        });
        await AnswerAsync(call, outcome, command.Id, issues ? text : null, isOwn: false, details.Roles);
    }

    private static async ValueTask RotateAsync(Call call)
    {
        var id = call.Id("id");
        var isOwn = IsOwn(call, id);
        var overlap = await call.BodyAsync(KeyJson.ReadRotation, 0);
        var (text, secret) = KeyText.MakeSecret();
        var command = new RotateKey(
            id, secret, call.Ledger.Clock.GetCurrentInstant() + overlap, isOwn ? call.Caller.Key!.Prefix : null);
        IReadOnlyList<Role> roles = [];
        var outcome = await call.TransactAsync(async reading =>
        {
            var (ring, _) = await reading.StateAsync(Streams.Keys, Streams.KeysFold);
            roles = ring.Find(id)?.Details?.Roles ?? [];
            return await KeyWrites.RotateAsync(command, overlap, reading, call.Doer);
        });
        await AnswerAsync(call, outcome, id, text, isOwn, roles);
    }

    private static async ValueTask RevokeAsync(Call call)
    {
        var id = call.Id("id");
        IsOwn(call, id);
        var command = new RevokeKey(id, await call.BodyAsync(KeyJson.ReadRevocation, 0));
        var outcome = await call.TransactAsync(reading => KeyWrites.RevokeAsync(command, reading));
        await AnswerAsync(call, outcome, id, null, isOwn: false, []);
    }

    /// <summary>Whether it is the caller's own key.</summary>
    /// <exception cref="RequestException">It is not, and the caller may not change keys.</exception>
    private static bool IsOwn(Call call, string id)
    {
        if (call.Caller.Key is { Key: { Details: not null } key } && key.Id == id)
        {
            return true;
        }

        return call.Caller.May(Permission.ChangeKeys) ? false : throw RequestProblems.Fail(
            RequestProblems.PermissionMissing, "Your key may change no other key but itself.");
    }

    /// <param name="call">Who is answered.</param>
    /// <param name="outcome">What became of it.</param>
    /// <param name="id">The key's.</param>
    /// <param name="secret">Told if it was recorded now.</param>
    /// <param name="isOwn">Nobody but the key itself is told the secret.</param>
    /// <param name="roles">What the key is.</param>
    private static async ValueTask AnswerAsync(
        Call call, Transacted<Written> outcome, string id, string? secret, bool isOwn, IReadOnlyList<Role> roles)
    {
        if (outcome is Transacted<Written>.Done { Appended: true, Answer.Approval: null })
        {
            // From now on this process knows; others do within a second.
            await call.Ledger.Keys.Of(call.Company).AsOfAsync(Stopwatch.GetTimestamp());
        }
        else
        {
            secret = null;
        }

        await Writes.AnswerAsync(
            call,
            outcome,
            static (json, key) =>
            {
                json.WriteString("key"u8, key.id);
                if (key.secret is not null)
                {
                    json.WriteString("secret"u8, key.secret);
                    json.WriteBoolean("ownSecret"u8, key.isOwn);
                    if (NoteOn(key.roles, key.isOwn) is { } note)
                    {
                        json.WriteString("note"u8, note);
                    }
                }
            },
            (id, secret, isOwn, roles));
    }

    /// <summary>What whoever gets the secret must do first; null where they need not.</summary>
    /// <param name="roles">What the key is.</param>
    /// <param name="isOwn">The key itself made the secret.</param>
    public static string? NoteOn(IEnumerable<Role> roles, bool isOwn)
    {
        var permissions = Permissions.Of(roles);
        return isOwn || !permissions.HasAny(Permissions.OfOwnSecret) ? null
            : (permissions.Has(Permission.Approve) ? "It approves nothing, and its holder is no second person,"
                : "It releases no payments")
            + " until the key has rotated itself: whoever gets it sends POST …/keys/{id}/rotation with it first, and "
            + "keeps the secret in that answer.";
    }

    private static async ValueTask ListAsync(Call call)
    {
        await Registers.RequireCompanyAsync(call);
        var ring = await Registers.ReadAsync(call, Streams.Keys, Streams.KeysFold);
        var uses = await KeyUses.OfAsync(call.Ledger, call.Company);
        var rows = ring.State.Keys.Select(key => KeyRow.Of(key, uses));
        await Registers.WriteAsync(call, new KeyList(call.Company, [.. rows]), ring.Version);
    }

    private static ValueTask MeAsync(Call call)
    {
        Queries.Accepted.Of(call.Context.Request, Http.Json);
        var caller = call.Caller;
        var me = new Me(
            call.Company,
            caller.Actor,
            caller.Holder,
            caller.Roles,
            [.. Enum.GetValues<Permission>().Where(caller.May)],
            caller.Person,
            caller.HasOwnSecret);
        var json = JsonSerializer.SerializeToUtf8Bytes(me, Queries.QueryJson.Options);
        return Http.WriteAsync(call.Context, StatusCodes.Status200OK, Http.Json, json);
    }
}

/// <param name="Secret">The key itself: only for one that is new or rotated, and only in this answer.</param>
/// <param name="OwnSecret">Whether the key itself made the secret; one that somebody else's key made may neither
/// approve, nor run pay or release it.</param>
/// <param name="Note">What whoever gets the secret must do first; absent where they need not.</param>
public sealed record KeyWritten(
    string Key,
    long Version,
    long Sequence,
    Instant Recorded,
    string? Secret = null,
    bool? OwnSecret = null,
    string? Note = null);

/// <param name="OverlapHours">How long secrets of before still hold: 0 to 2160.</param>
public sealed record KeyRotation(int? OverlapHours = null);

public sealed record KeyRevocation(string Reason);

/// <summary>In the order of their ids.</summary>
public sealed record KeyList(string Company, IReadOnlyList<KeyRow> Rows);

/// <param name="Actor">As events name it, whatever its secret.</param>
/// <param name="Prefix">Of the secret in use.</param>
/// <param name="OwnSecret">
/// Whether the key itself made the secret in use; one that somebody else's key made may neither approve, nor run pay
/// or release it.
/// </param>
/// <param name="LastUsed">To the minute.</param>
public sealed record KeyRow(
    string Key,
    IReadOnlyList<Role> Roles,
    string Holder,
    LocalDate? From,
    LocalDate? To,
    string? Person,
    string Actor,
    string Prefix,
    bool OwnSecret,
    bool Revoked,
    Instant? LastUsed,
    long Version)
{
    internal static KeyRow Of(Key key, KeyUses uses) => new(
        key.Id, key.Details?.Roles ?? [Role.Owner], key.Holder, key.Details?.From, key.Details?.To,
        key.Details?.Person, key.Actor, key.Secrets[^1].Secret.Prefix, key.Secrets[^1].IsOwn, key.IsRevoked,
        uses.Of(key), key.Version);
}

/// <summary>Who is asking, and what they may do in this company.</summary>
/// <param name="OwnSecret">
/// False for a secret that somebody else's key made: rotate it. A key that was just handed over and says true was
/// rotated by somebody else before.
/// </param>
public sealed record Me(
    string Company,
    string Actor,
    string Holder,
    IReadOnlyList<Role> Roles,
    IReadOnlyList<Permission> Permissions,
    string? Person,
    bool OwnSecret);
