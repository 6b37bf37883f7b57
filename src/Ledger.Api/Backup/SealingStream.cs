using System.Security.Cryptography;
using System.Text;

namespace Ledger.Api.Backup;

/// <summary>
/// Writes a file that ends with the SHA-256 of all before it. The archive is written through this from front to end,
/// with a comment of the same length at its end in the place of the hash, so that the sealed file is a ZIP archive that
/// every tool can read.
/// </summary>
internal sealed class SealingStream(FileStream file) : Stream
{
    /// <summary>The hash in hexadecimal digits.</summary>
    public const int SealLength = 64;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] tail = new byte[SealLength];
    private int held;

    /// <summary>What stands before the hash.</summary>
    public static string Words => "BackOffice backup. SHA-256 of all before it: ";

    /// <summary>The comment of the archive, as long as what is to stand there.</summary>
    public static string Placeholder => Words + new string('0', SealLength);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Puts the hash in the place of the last bytes that were written.</summary>
    /// <returns>The hash.</returns>
    public string Seal()
    {
        var digits = Convert.ToHexStringLower(hash.GetHashAndReset());
        file.Seek(-SealLength, SeekOrigin.End);
        file.Write(Encoding.ASCII.GetBytes(digits));
        file.Flush(flushToDisk: true);
        return digits;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        file.Write(buffer);
        Take(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await file.WriteAsync(buffer, cancellationToken);
        Take(buffer.Span);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => file.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => file.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            hash.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>The last bytes stay out of the hash, for they may be those that it takes the place of.</summary>
    private void Take(ReadOnlySpan<byte> written)
    {
        if (written.Length >= SealLength)
        {
            hash.AppendData(tail.AsSpan(0, held));
            hash.AppendData(written[..^SealLength]);
            written[^SealLength..].CopyTo(tail);
            held = SealLength;
            return;
        }

        var over = Math.Max(0, held + written.Length - SealLength);
        hash.AppendData(tail.AsSpan(0, over));
        tail.AsSpan(over, held - over).CopyTo(tail);
        written.CopyTo(tail.AsSpan(held - over));
        held += written.Length - over;
    }
}
