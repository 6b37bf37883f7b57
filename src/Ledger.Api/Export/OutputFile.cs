namespace Ledger.Api.Export;

/// <summary>A file that holds the whole of what was written, or what it held before.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Writes beside the file, and puts that in its place once all of it is on the disk. What is no file, such as a
    /// pipe or a device, is written to directly.
    /// </summary>
    /// <returns>What <paramref name="write"/> answers.</returns>
    public static async Task<T> WriteAsync<T>(string path, Func<Stream, Task<T>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            await using var device = File.OpenWrite(path);
            return await write(device);
        }

        // Of what is not there yet, no target can be asked for.
        var place = new FileInfo(path).LinkTarget is null
            ? Path.GetFullPath(path)
            : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        if (File.Exists(place))
        {
            await using var existing = new FileStream(place, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            if (!existing.CanSeek)
            {
                return await write(existing);
            }
        }

        var beside = $"{place}.{Path.GetRandomFileName()}.part";
        try
        {
            T answer;
            await using (var output = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
            {
                answer = await write(output);
                output.Flush(flushToDisk: true);
            }

            if (!OperatingSystem.IsWindows() && File.Exists(place))
            {
                File.SetUnixFileMode(beside, File.GetUnixFileMode(place));
            }

            File.Move(beside, place, overwrite: true);
            return answer;
        }
        finally
        {
            // Gone already when all went well.
            File.Delete(beside);
        }
    }
}
