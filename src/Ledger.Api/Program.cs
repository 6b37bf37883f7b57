namespace Ledger.Api;

/// <summary>The one executable: <c>backoffice</c> with no arguments serves, with a command it does that.</summary>
public static class Program
{
    public static int Main(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        return 0;
    }
}
