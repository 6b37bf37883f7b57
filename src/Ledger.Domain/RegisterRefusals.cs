namespace Ledger.Domain;

public static class RegisterRefusals
{
    public static Refusal IfMatchRequired(long version) => new(
        "if-match-required",
        $"This exists with other content: read it, then send the change with If-Match: \"{version}\".");

    public static Refusal IfMatchFailed(long seen, long version) => new(
        "if-match-failed",
        version == 0
            ? $"This does not exist yet, so it has no version {seen}: send it without If-Match."
            : $"If-Match names version {seen}, but it is at version {version} now: read it again, then decide.");
}
