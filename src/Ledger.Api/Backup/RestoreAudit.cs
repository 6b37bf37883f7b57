using Ledger.Projections;
using Ledger.Projections.Audit;
using Npgsql;

namespace Ledger.Api.Backup;

/// <summary>Holds what was loaded against what was signed: the checkpoints in the backup, and one that was kept apart
/// from it.</summary>
/// <param name="file">Holds a signed note; none is asked for without it.</param>
/// <param name="mayBeOlder">The backup may end before that.</param>
internal sealed class RestoreAudit(string? file, bool mayBeOlder)
{
    /// <exception cref="SetUpException">It is not what was signed, or less of it.</exception>
    public async Task CheckAsync(
        NpgsqlConnection loaded, IProgress<ProjectionProgress> progress, CancellationToken cancellation)
    {
        await using (var question = new NpgsqlCommand("select to_regclass('ledger.leaf') is null", loaded))
        {
            if (await question.ExecuteScalarAsync(cancellation) is true)
            {
                if (file is not null)
                {
                    throw new SetUpException(
                        "The backup is of before there were audit logs, so no checkpoint can be held against it: take "
                        + "a newer backup, or leave out --checkpoint. Nothing was restored.");
                }

                return;
            }
        }

        if (await LeafRecount.RunAsync(loaded, [], progress, cancellation) is { } finding)
        {
            throw new SetUpException(
                $"What the backup holds is not what was signed: {finding.What}. Nothing was restored: take an earlier "
                + "backup, and have the ledger that this one was made of looked at ('./run verify').");
        }

        if (file is not null
            && await LeafRecount.RunAsync(loaded, [await ReadAsync(file, cancellation)], progress, cancellation)
                is { } missed && !(missed.IsShort && mayBeOlder))
        {
            throw new SetUpException(
                missed.IsShort
                    ? $"The backup is older than '{file}': {missed.What}. Nothing was restored. If that is meant, say "
                        + "--older."
                    : $"The backup is not of the ledger that '{file}' is of, or not of the same history: "
                        + $"{missed.What}. Nothing was restored: take the right file, or another backup.");
        }
    }

    private static async Task<string> ReadAsync(string path, CancellationToken cancellation)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellation);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new SetUpException($"'{path}' cannot be read: {problem.Message}", problem);
        }
    }
}
