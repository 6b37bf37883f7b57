using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Ledger.Projections;

namespace Ledger.Api.Backup;

/// <summary>A backup that was read from front to end and found whole.</summary>
internal sealed class BackupFile : IAsyncDisposable
{
    private readonly FileStream file;
    private readonly ZipArchive archive;

    private BackupFile(FileStream file, ZipArchive archive, string seal, BackupManifest manifest) =>
        (this.file, this.archive, Seal, Manifest) = (file, archive, seal, manifest);

    /// <summary>The SHA-256 of all of it, by which it is known.</summary>
    public string Seal { get; }

    public BackupManifest Manifest { get; }

    /// <summary>
    /// Looks at every byte before any of them is used: a bit that was turned anywhere, or an end that is missing, is
    /// found here.
    /// </summary>
    /// <exception cref="SetUpException">It cannot be read, is no backup, or is not as it was written.</exception>
    public static async Task<BackupFile> OpenAsync(
        string path, IProgress<ProjectionProgress> progress, CancellationToken cancellation)
    {
        FileStream? file = null;
        try
        {
            file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20);
            var seal = await CheckAsync(file, path, progress, cancellation);
            file.Position = 0;
            var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            await using var json = await EntryOf(archive, BackupManifest.EntryName, path)
                .OpenAsync(cancellation);
            var manifest = BackupManifest.Read(json);
            if (manifest.Format != BackupManifest.CurrentFormat)
            {
                throw new SetUpException(
                    $"'{path}' has the format '{manifest.Format}', and this program reads "
                    + $"{BackupManifest.CurrentFormat}: use a newer program.");
            }

            return new(file, archive, seal, manifest);
        }
        catch (Exception problem)
        {
            await (file?.DisposeAsync() ?? default);
            throw problem switch
            {
                InvalidDataException or JsonException => Foreign(path, problem),
                IOException or UnauthorizedAccessException =>
                    new SetUpException($"'{path}' cannot be read: {problem.Message}", problem),
                _ => problem,
            };
        }
    }

    /// <summary>The rows of a table, unpacked.</summary>
    public Task<Stream> OpenAsync(BackedUpTable table, CancellationToken cancellation) =>
        EntryOf(archive, table.EntryName, file.Name).OpenAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        await archive.DisposeAsync();
        await file.DisposeAsync();
    }

    private static ZipArchiveEntry EntryOf(ZipArchive archive, string name, string path) =>
        archive.GetEntry(name) ?? throw Foreign(path, null);

    private static async Task<string> CheckAsync(
        FileStream file, string path, IProgress<ProjectionProgress> progress, CancellationToken cancellation)
    {
        var ending = new byte[SealingStream.Placeholder.Length];
        var (words, size) = (SealingStream.Words, file.Length - SealingStream.SealLength);
        if (file.Length <= ending.Length)
        {
            throw Foreign(path, null);
        }

        file.Seek(-ending.Length, SeekOrigin.End);
        await file.ReadExactlyAsync(ending, cancellation);
        var text = Encoding.ASCII.GetString(ending);
        if (!text.StartsWith(words, StringComparison.Ordinal))
        {
            throw Foreign(path, null);
        }

        file.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (var left = size; left > 0;)
        {
            var part = buffer.AsMemory(0, (int)Math.Min(left, buffer.Length));
            await file.ReadExactlyAsync(part, cancellation);
            hash.AppendData(part.Span);
            left -= part.Length;
            progress.Report(new("checking the file, bytes", size - left, size));
        }

        var seal = Convert.ToHexStringLower(hash.GetHashAndReset());
        return text[words.Length..] == seal
            ? seal
            : throw new SetUpException(
                $"'{path}' is damaged: it is not as it was written (SHA-256 {seal}, and it says "
                + $"{Printable(text[words.Length..])}). Nothing was restored: take another copy, or another backup.");
    }

    private static string Printable(string text) =>
        string.Concat(text.Select(each => char.IsAsciiLetterOrDigit(each) ? each : '?'));

    private static SetUpException Foreign(string path, Exception? cause) => new(
        $"'{path}' is no backup that './run backup' made, or its end is missing: nothing was restored. Take another "
        + "copy, or another backup.", cause);
}
