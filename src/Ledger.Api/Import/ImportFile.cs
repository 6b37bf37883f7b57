using System.Text;

namespace Ledger.Api.Import;

/// <summary>The bytes of an import, and how many of them were read.</summary>
internal sealed class ImportFile : IDisposable
{
    private const int BufferSize = 256 * 1024;

    private readonly CountingStream stream;

    private ImportFile(Stream stream, string name) => (this.stream, Name) = (new(stream), name);

    public string Name { get; }

    /// <summary>Null when nobody knows.</summary>
    public long? Length => stream.Inner.CanSeek ? stream.Inner.Length : null;

    public long BytesRead => stream.BytesRead;

    /// <param name="path">"-" is standard input.</param>
    /// <exception cref="SetUpException">It cannot be opened.</exception>
    public static ImportFile Open(string path)
    {
        if (path == "-")
        {
            return new(Console.OpenStandardInput(), "standard input");
        }

        try
        {
            return new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1), path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{path}' cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// Copies it to a file of the owner's that has no name, so that it can be read twice, cannot change in between, and
    /// is gone however this process ends. (On Windows it is gone when it is closed.)
    /// </summary>
    /// <exception cref="SetUpException">There is no room for it.</exception>
    public async Task<ImportFile> SpoolAsync(CancellationToken cancellation)
    {
        var path = Path.Combine(Path.GetTempPath(), $"backoffice-import-{Guid.NewGuid():N}");
        try
        {
            var spool = OwnFile.CreateNameless(path);
            await stream.CopyToAsync(spool, BufferSize, cancellation);
            spool.Position = 0;
            return new(spool, Name);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{Name}' cannot be spooled to '{path}': {problem.Message}", problem);
        }
    }

    public void Rewind()
    {
        stream.Inner.Position = 0;
        stream.BytesRead = 0;
    }

    /// <summary>Opens the content: what the first character says, unless a format is given.</summary>
    /// <exception cref="InvalidDataException">It is of no kind that can be imported.</exception>
    public (ImportFormat Format, Stream Content) Detect(ImportFormat? format)
    {
        var content = new BufferedStream(stream, BufferSize);
        var head = new byte[4096];
        var length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        var text = Encoding.UTF8.GetString(head, 0, length).TrimStart('\uFEFF').TrimStart();
        var rest = new PrefixedStream(head.AsMemory(0, length), content);
        if (format is { } given)
        {
            return (given, rest);
        }

        if (text.StartsWith('['))
        {
            throw new InvalidDataException(
                "It is a JSON list: send one entry a line (NDJSON), which \"jq -c '.[]'\" makes of it.");
        }

        var detected = text.StartsWith('{') ? ImportFormat.Ndjson
            : LooksLikeJournal(text) ? ImportFormat.Journal
            : ImportFormat.Csv;
        return (detected, rest);
    }

    public void Dispose() => stream.Dispose();

    /// <summary>A transaction begins with a date and has indented lines; a comment begins with a semicolon.</summary>
    private static bool LooksLikeJournal(string text) => text.Length > 0
        && (text[0] is ';' or '*' || (char.IsAsciiDigit(text[0]) && text.Contains("\n ", StringComparison.Ordinal))
            || text.StartsWith("account ", StringComparison.Ordinal)
            || text.StartsWith("commodity ", StringComparison.Ordinal));

    private sealed class CountingStream(Stream inner) : ReadingStream
    {
        public Stream Inner { get; } = inner;

        public long BytesRead { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var read = Inner.Read(buffer);
            BytesRead += read;
            return read;
        }

        protected override void Dispose(bool disposing)
        {
            Inner.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Gives bytes that were read already, then the rest.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream rest) : ReadingStream
    {
        private ReadOnlyMemory<byte> left = prefix;

        public override int Read(Span<byte> buffer)
        {
            if (left.IsEmpty)
            {
                return rest.Read(buffer);
            }

            var length = Math.Min(left.Length, buffer.Length);
            left.Span[..length].CopyTo(buffer);
            left = left[length..];
            return length;
        }
    }

    /// <summary>A stream that is only read, forward.</summary>
    private abstract class ReadingStream : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
