using System.Globalization;

namespace Ledger.Api.Audit;

/// <summary>The plain words for the auditor in a bundle.</summary>
internal static class BundleReadme
{
    /// <param name="deleted">Events whose salts were deleted.</param>
    public static string Of(BundleManifest manifest, long disclosed, long deleted, bool isLogged)
    {
        var owners = string.Join(", ", manifest.Witnesses.Select(witness =>
            witness.Outside ? witness.Owner : $"{witness.Owner} (the operator's own)"));
        var witnessed = !manifest.Witnesses.Any(witness => witness.Outside)
            ? "No witness from outside has signed. Every time in this bundle is claimed by the operator."
            : $"Witnesses, as the operator names them: {owners}. Ask each for its key yourself: its signature shows "
                + "that "
                + "it saw the log no shorter and no different at the time it signed, so that everything in it was "
                + "recorded by then at the latest.";
        var scope = manifest.Period is null
            ? "All of its events are here with their content, except those whose salts were deleted" + (deleted == 0
                ? ", of which there are none."
                : string.Create(CultureInfo.InvariantCulture, $": {deleted}, as events of the type salts_deleted say."))
            : $"The content is here of what the certificate of {manifest.Period} rests on: entries, accounts, the "
                + "company's settings and periods up to the closing of that month. Of all other events, and of all "
                + "later ones, the envelope is here, and not the content.";
        return string.Create(CultureInfo.InvariantCulture, $"""
            THE BOOKS OF {manifest.Company}, TO BE CHECKED WITHOUT THE LEDGER
            ================================================================

            This file was made at {manifest.Made} and holds {manifest.Size} events, {disclosed} of them with their
            content. {scope}

            What you need
              - the verifier key of this ledger, from somebody you trust and not from this file. It looks like
                {manifest.Origin}+…
              - a verifier: './run audit verify --offline FILE --key KEY' of BackOffice, or 'python3
                tools/verify-bundle.py FILE --key KEY', which is one file of less than 200 lines, to be read and
                run anywhere. Neither needs the ledger, a database or a network.
              - if you have one, a checkpoint of this log that you kept from an earlier year: '--since NOTE' behind
                './run audit verify' shows that nothing before it was changed since. The one file has no such option.

            What it proves
              - Nothing that was recorded was changed afterwards: content, time, person, order.
              - Nothing that was recorded was left out: the signed root is computed from every single event.
              - Where a certificate of a month is in it: that month's trial balance is the one that was certified when
                the month was closed. The verifier says "complete" only if it could compute this from the content.
              - {(isLogged
                    ? "This log is held by the log over all companies of the ledger, and cannot be left out of it."
                    : "The log over all companies of the ledger did not yet hold this log; ask for a newer bundle.")}

            What it does not prove
              - That every transaction was recorded. What was never entered leaves no trace here: compare with banks,
                contracts, stock and the people you ask.
              - That what was recorded is true.
              - When it was recorded, beyond what the witnesses signed. {witnessed}

            Names and other personal texts are sealed in this file. Persons can be erased in the ledger; then their
            names can be read by nobody any more, and everything here still verifies.

            The format is told byte by byte in docs/audit-format.md of BackOffice.

            """);
    }
}
