namespace Ledger.Domain.Keys;

public static class KeyDecider
{
    public static Decision<KeyEvent> Decide(IssueKey command, KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(ring);
        if (!ring.Hashes.TryGetValue(command.Prefix, out var hash))
        {
            return new KeyIssued(command.Prefix, command.Sha256);
        }

        return hash == command.Sha256 ? Decision<KeyEvent>.Nothing : KeyRefusals.PrefixTaken(command.Prefix);
    }
}
