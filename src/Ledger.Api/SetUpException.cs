namespace Ledger.Api;

/// <summary>
/// Something that only the person at the machine can mend: a missing program, a closed folder, a server that does not
/// answer. The message says what is wrong and what to do; the command line prints it alone and ends with 1.
/// </summary>
public sealed class SetUpException(string message, Exception? cause = null) : Exception(message, cause);
