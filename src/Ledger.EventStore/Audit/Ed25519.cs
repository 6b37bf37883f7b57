using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ledger.EventStore.Audit;

/// <summary>
/// Ed25519 signatures (RFC 8032) by OpenSSL's libcrypto, which .NET's own cryptography rests on, too, but does not give
/// these of.
/// </summary>
public static class Ed25519
{
    public const int KeyLength = 32;
    public const int SignatureLength = 64;

    private const int TypeOfKey = 1087;

    /// <summary>The public key of a private one of <see cref="KeyLength"/> bytes.</summary>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey)
    {
        var key = Checked(NativeMethods.NewPrivateKey(TypeOfKey, 0, privateKey.ToArray(), privateKey.Length));
        try
        {
            var publicKey = new byte[KeyLength];
            nint length = KeyLength;
            Check(NativeMethods.GetPublicKey(key, publicKey, ref length));
            return publicKey;
        }
        finally
        {
            NativeMethods.FreeKey(key);
        }
    }

    /// <exception cref="CryptographicException">It is no private key.</exception>
    public static byte[] Sign(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> message)
    {
        var key = Checked(NativeMethods.NewPrivateKey(TypeOfKey, 0, privateKey.ToArray(), privateKey.Length));
        nint digest = 0;
        try
        {
            digest = Checked(NativeMethods.NewContext());
            Check(NativeMethods.BeginSigning(digest, 0, 0, 0, key));
            var signature = new byte[SignatureLength];
            nint length = SignatureLength;
            Check(NativeMethods.Sign(digest, signature, ref length, message.ToArray(), message.Length));
            return signature;
        }
        finally
        {
            NativeMethods.FreeContext(digest);
            NativeMethods.FreeKey(key);
        }
    }

    /// <summary>False also for a key or a signature that is none.</summary>
    public static bool Verify(
        ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != KeyLength || signature.Length != SignatureLength)
        {
            return false;
        }

        var key = NativeMethods.NewPublicKey(TypeOfKey, 0, publicKey.ToArray(), publicKey.Length);
        if (key == 0)
        {
            return false;
        }

        nint digest = 0;
        try
        {
            digest = Checked(NativeMethods.NewContext());
            Check(NativeMethods.BeginVerifying(digest, 0, 0, 0, key));
            return NativeMethods.Verify(
                digest, signature.ToArray(), signature.Length, message.ToArray(), message.Length) == 1;
        }
        finally
        {
            NativeMethods.FreeContext(digest);
            NativeMethods.FreeKey(key);
        }
    }

    private static nint Checked(nint pointer) =>
        pointer != 0 ? pointer : throw new CryptographicException("libcrypto refuses this key of Ed25519.");

    private static void Check(int result)
    {
        if (result != 1)
        {
            throw new CryptographicException("libcrypto refuses this key of Ed25519.");
        }
    }

    /// <summary>Functions of libcrypto 1.1.1 and later, by their meaning.</summary>
    private static class NativeMethods
    {
        private const string Library = "backoffice-libcrypto";

        static NativeMethods() =>
            NativeLibrary.SetDllImportResolver(typeof(Ed25519).Assembly, static (name, assembly, path) =>
                name != Library ? 0
                : Names.Select(each => NativeLibrary.TryLoad(each, assembly, path, out var found) ? found : 0)
                    .FirstOrDefault(found => found != 0));

        private static string[] Names =>
            OperatingSystem.IsWindows() ? ["libcrypto-3-x64.dll", "libcrypto-1_1-x64.dll"]
            : OperatingSystem.IsMacOS() ? ["libcrypto.3.dylib", "/opt/homebrew/opt/openssl@3/lib/libcrypto.3.dylib"]
            : ["libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so"];

        [DllImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint NewPrivateKey(int type, nint engine, byte[] key, nint length);

        [DllImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint NewPublicKey(int type, nint engine, byte[] key, nint length);

        [DllImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int GetPublicKey(nint key, byte[] publicKey, ref nint length);

        [DllImport(Library, EntryPoint = "EVP_PKEY_free")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern void FreeKey(nint key);

        [DllImport(Library, EntryPoint = "EVP_MD_CTX_new")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern nint NewContext();

        [DllImport(Library, EntryPoint = "EVP_MD_CTX_free")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern void FreeContext(nint context);

        [DllImport(Library, EntryPoint = "EVP_DigestSignInit")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int BeginSigning(nint context, nint keyContext, nint type, nint engine, nint key);

        [DllImport(Library, EntryPoint = "EVP_DigestSign")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Sign(
            nint context, byte[] signature, ref nint signatureLength, byte[] message, nint length);

        [DllImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int BeginVerifying(nint context, nint keyContext, nint type, nint engine, nint key);

        [DllImport(Library, EntryPoint = "EVP_DigestVerify")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Verify(
            nint context, byte[] signature, nint signatureLength, byte[] message, nint length);
    }
}
