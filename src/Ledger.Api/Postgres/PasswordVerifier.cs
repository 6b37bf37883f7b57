using System.Globalization;
using System.Security.Cryptography;

namespace Ledger.Api.Postgres;

/// <summary>
/// What PostgreSQL stores of a password (SCRAM-SHA-256, RFC 5803). Made here and sent instead of the password, it keeps
/// that out of the server's log and statistics of statements.
/// </summary>
internal static class PasswordVerifier
{
    private const int Iterations = 4096;
    private const int SaltBytes = 16;

    /// <param name="password">ASCII, so that nothing of it needs to be normalised.</param>
    public static string Of(string password) => Of(password, RandomNumberGenerator.GetBytes(SaltBytes));

    internal static string Of(string password, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(
            password, salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}"
            + $"${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}");
    }
}
