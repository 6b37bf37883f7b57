using System.Collections.Frozen;

namespace Ledger.Api;

/// <summary>
/// Every way in which a request can be wrong before a rule is asked: code, status and meaning. The codes are permanent.
/// </summary>
public static class RequestProblems
{
    public const string KeyMissing = "key-missing";
    public const string KeyUnknown = "key-unknown";
    public const string KeyNotValid = "key-not-valid";
    public const string IssuerUnavailable = "issuer-unavailable";
    public const string PermissionMissing = "permission-missing";
    public const string TooManyRequests = "too-many-requests";
    public const string TooManyFailedAuthentications = "too-many-failed-authentications";
    public const string PathUnknown = "path-unknown";
    public const string PathMalformed = "path-malformed";
    public const string MethodNotAllowed = "method-not-allowed";
    public const string NotAcceptable = "not-acceptable";
    public const string ContentTypeUnsupported = "content-type-unsupported";
    public const string HeaderMalformed = "header-malformed";
    public const string ParameterMalformed = "parameter-malformed";
    public const string ParameterUnknown = "parameter-unknown";
    public const string ParameterMissing = "parameter-missing";
    public const string BodyMissing = "body-missing";
    public const string BodyNotExpected = "body-not-expected";
    public const string BodyIncomplete = "body-incomplete";
    public const string BodyTooLarge = "body-too-large";
    public const string BodyTooSlow = "body-too-slow";
    public const string BodyNotUtf8 = "body-not-utf8";
    public const string JsonMalformed = "json-malformed";
    public const string JsonIncomplete = "json-incomplete";
    public const string JsonTooDeep = "json-too-deep";
    public const string FieldUnknown = "field-unknown";
    public const string FieldDuplicate = "field-duplicate";
    public const string FieldMissing = "field-missing";
    public const string ValueOfWrongType = "value-of-wrong-type";
    public const string ValueNotKnown = "value-not-known";
    public const string TextNotAllowed = "text-not-allowed";
    public const string AmountMalformed = "amount-malformed";
    public const string IntegerMalformed = "integer-malformed";
    public const string DateMalformed = "date-malformed";
    public const string DateOutOfRange = "date-out-of-range";
    public const string MonthMalformed = "month-malformed";
    public const string DayOfYearMalformed = "day-of-year-malformed";
    public const string AccountNotFound = "account-not-found";
    public const string DimensionValueNotFound = "dimension-value-not-found";
    public const string BatchTooLarge = "batch-too-large";
    public const string BatchRefused = "batch-refused";
    public const string AnswerNotRead = "answer-not-read";
    public const string IdempotencyKeyMissing = "idempotency-key-missing";
    public const string QueueFull = "queue-full";
    public const string Busy = "busy";
    public const string StoreUnavailable = "store-unavailable";
    public const string OutcomeUnknown = "outcome-unknown";
    public const string ContentNotStorable = "content-not-storable";
    public const string ProjectionBehind = "projection-behind";
    public const string KnownAtSequenceAhead = "known-at-sequence-ahead";
    public const string AccountNotKnownThen = "account-not-known-then";
    public const string StreamNotKnownThen = "stream-not-known-then";
    public const string SumTooLarge = "sum-too-large";
    public const string QueryTookTooLong = "query-took-too-long";
    public const string CursorMalformed = "cursor-malformed";
    public const string CursorOfAnotherQuery = "cursor-of-another-query";
    public const string FontMissing = "font-missing";
    public const string AuditUnknown = "audit-unknown";
    public const string AuditContradicted = "audit-contradicted";
    public const string NotYetCertified = "not-yet-certified";
    public const string CertificateUnknown = "certificate-unknown";
    public const string VerificationTooSoon = "verification-too-soon";
    public const string InternalError = "internal-error";

    /// <summary>Status and meaning of each code, for the description of the API.</summary>
    public static FrozenDictionary<string, (int Status, string Meaning)> All { get; } =
        new Dictionary<string, (int, string)>(StringComparer.Ordinal)
        {
            [KeyMissing] = (401, "The request carries no key; it is sent as 'Authorization: Bearer KEY'."),
            [KeyUnknown] = (401, "The key is not one of this ledger's, or not of this company."),
            [KeyNotValid] = (401, "The key was revoked or replaced, or holds on other days; or the token is invalid."),
            [IssuerUnavailable] = (503, "The issuer of tokens cannot be asked for its keys. Nothing was done."),
            [PermissionMissing] = (403, "The key's roles do not allow this, whether or not there is such a thing."),
            [TooManyRequests] = (429, "The key asks more often than it may. Nothing was done."),
            [TooManyFailedAuthentications] =
                (429, "Too many requests without a known key came from the same address."),
            [PathUnknown] = (404, "There is nothing at this path."),
            [PathMalformed] = (400, "The path has dot segments, or bytes written so that they could mean two things."),
            [MethodNotAllowed] = (405, "The path exists, but not with this method; 'Allow' lists those it has."),
            [NotAcceptable] = (406, "None of the types in 'Accept' can be made here."),
            [ContentTypeUnsupported] = (415, "The body is of a type that is not read here."),
            [HeaderMalformed] = (400, "A header cannot be read, or is a condition that does not apply here."),
            [ParameterMalformed] = (400, "A query parameter has a value that cannot be read."),
            [ParameterUnknown] = (400, "A query parameter that is not known here, or comes twice."),
            [ParameterMissing] = (400, "A query parameter that is needed here was not sent."),
            [BodyMissing] = (400, "The request needs a body and has none."),
            [BodyNotExpected] = (400, "The request has a body where none is read."),
            [BodyIncomplete] = (400, "The connection ended before the body did."),
            [BodyTooLarge] = (413, "The body, or one line of it, is larger than is read here."),
            [BodyTooSlow] = (408, "The body came more slowly than the service waits."),
            [BodyNotUtf8] = (400, "The body has bytes that are not UTF-8."),
            [JsonMalformed] = (400, "The body is not JSON."),
            [JsonIncomplete] = (400, "The JSON ends before it is complete."),
            [JsonTooDeep] = (400, "The JSON is nested more deeply than anything that is read here."),
            [FieldUnknown] = (400, "A field that is not known here; nothing is passed over silently."),
            [FieldDuplicate] = (400, "A field comes twice in one object."),
            [FieldMissing] = (400, "A field that is needed was not sent, or is null."),
            [ValueOfWrongType] = (400, "A value has another JSON type than the field has."),
            [ValueNotKnown] = (400, "A value is not one of those that the field may have."),
            [TextNotAllowed] = (400, "A text holds U+0000 or half of a surrogate pair, which cannot be stored."),
            [AmountMalformed] = (400, "An amount or rate is not text such as \"1200.00\"."),
            [IntegerMalformed] = (400, "A value is not a whole number within its bounds."),
            [DateMalformed] = (400, "A date is not a day of the calendar written as yyyy-MM-dd."),
            [DateOutOfRange] = (400, "A date is before 1900 or after 2199."),
            [MonthMalformed] = (400, "A month is not written as yyyy-MM."),
            [DayOfYearMalformed] = (400, "A day of the year is not written as MM-dd."),
            [AccountNotFound] = (404, "The chart has no such account."),
            [DimensionValueNotFound] = (404, "The dimension has no such value."),
            [BatchTooLarge] = (413, "An atomic batch has more entries, or more events, than one append holds."),
            [BatchRefused] = (422, "An atomic batch has entries that cannot be recorded, so none was."),
            [AnswerNotRead] = (408, "The caller sent more and more of a batch, and read nothing of what was answered."),
            [IdempotencyKeyMissing] = (400, "A POST that makes a document needs an 'Idempotency-Key'."),
            [QueueFull] = (503, "More is waiting than the ledger takes. Nothing was recorded."),
            [Busy] = (503, "What was decided on changed at every attempt. Nothing was recorded."),
            [StoreUnavailable] = (503, "The database cannot record now. Nothing was recorded."),
            [OutcomeUnknown] = (503, "Nobody knows whether it was recorded; send the same again with the same id."),
            [ContentNotStorable] = (422, "The database refuses the content. Nothing was recorded."),
            [ProjectionBehind] = (503, "The tables have not yet reached what was asked for."),
            [KnownAtSequenceAhead] = (400, "knownAtSequence is higher than that of the last recorded event."),
            [AccountNotKnownThen] = (404, "The account was not in the chart at the time that the question knows."),
            [StreamNotKnownThen] = (404, "There was no such stream, or version of it, as known then."),
            [SumTooLarge] = (422, "A sum has more than 28 digits and cannot be given exactly."),
            [QueryTookTooLong] = (503, "The answer took longer than a minute to find."),
            [CursorMalformed] = (400, "The cursor is not one that a list gave as 'next'."),
            [CursorOfAnotherQuery] = (400, "The cursor belongs to a list with other parameters."),
            [FontMissing] = (503, "The service finds no font to write the document with."),
            [AuditUnknown] = (404, "The audit log has no such event, size or tile."),
            [AuditContradicted] = (
                409, "What is stored is not what was added to the audit log, so nothing proves it."),
            [NotYetCertified] = (409, "The month is closed, and its certificate is not made yet."),
            [CertificateUnknown] = (404, "The month has no such certificate: the detail says which one covers it."),
            [VerificationTooSoon] = (429, "The last verification has only just ended. No other was begun."),
            [InternalError] = (500, "A fault of this program."),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Problem Of(string code, string detail) => new(All[code].Status, code, detail);

    public static RequestException Fail(string code, string detail) => new(Of(code, detail));
}
