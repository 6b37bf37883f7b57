namespace Ledger.Api.Export;

/// <summary>A file that holds the whole of what was written, or what it held before.</summary>
internal static class OutputFile
{
    /// <summary>Looks whether the file can be made, before long work is begun.</summary>
    /// <param name="path">The file.</param>
    /// <param name="replace">It may take the place of one that exists.</param>
    /// <exception cref="SetUpException">It holds something, or its folder does not exist.</exception>
    public static void Require(string path, bool replace)
    {
        if (IsDevice(path))
        {
            return;
        }

        var folder = Path.GetDirectoryName(PlaceOf(path));
        if (Directory.Exists(path))
        {
            throw new SetUpException($"'{path}' is a folder: name a file in it.");
        }

        if (!Directory.Exists(folder))
        {
            throw new SetUpException($"There is no folder '{folder}': make it, or name a file in another one.");
        }

        // A pipe has no length, and an empty file nothing to lose.
        if (!replace && new FileInfo(PlaceOf(path)) is { Exists: true, Length: > 0 })
        {
            throw new SetUpException(
                $"'{path}' exists: name another file, or say --replace, and it is kept until the new one is whole.");
        }
    }

    /// <summary>
    /// Writes beside the file, and puts that in its place once all of it is on the disk. What is no file, such as a
    /// pipe or a device, is written to directly.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="replace">It may take the place of one that exists.</param>
    /// <param name="write">Writes all of it.</param>
    /// <returns>What <paramref name="write"/> answers.</returns>
    /// <exception cref="SetUpException">It holds something, or its folder does not exist.</exception>
    public static async Task<T> WriteAsync<T>(string path, bool replace, Func<Stream, Task<T>> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        Require(path, replace);
        if (IsDevice(path))
        {
            await using var device = File.OpenWrite(path);
            return await write(device);
        }

        var place = PlaceOf(path);
        var isThere = File.Exists(place);
        if (isThere)
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

            File.Move(beside, place, overwrite: isThere);
            return answer;
        }
        finally
        {
            // Gone already when all went well.
            File.Delete(beside);
        }
    }

    private static bool IsDevice(string path) =>
        Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);

    /// <summary>Where a link leads to. Of what is not there yet, no target can be asked for.</summary>
    private static string PlaceOf(string path) => new FileInfo(path).LinkTarget is null
        ? Path.GetFullPath(path)
        : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
}
