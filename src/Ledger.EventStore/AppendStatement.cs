using System.Runtime.InteropServices;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace Ledger.EventStore;

/// <summary>What one call of <c>ledger.append</c> answered.</summary>
internal readonly record struct Outcome(long FirstSequence, Instant Recorded, int[]? Refused);

/// <summary>
/// One prepared call of <c>ledger.append</c>: it turns requests into arrays and its one row into an outcome. The
/// arrays are kept between calls, because a batch needs thousands of elements.
/// </summary>
internal sealed class AppendStatement : IDisposable
{
    private readonly NpgsqlCommand command;
    private readonly List<Action> reset = [];
    private readonly List<Action> bind = [];
    private readonly Dictionary<(string Company, string Stream, long Version), int> distinct = [];

    private readonly List<string> companies, streams, types, dotnetTypes, actors;
    private readonly List<string?> correlations, causations, headers;
    private readonly List<long> versions;
    private readonly List<Guid> ids;
    private readonly List<ReadOnlyMemory<byte>> bodies;
    private readonly List<int> requests;
    private readonly List<string> newCompanies, newStreams;
    private readonly List<long> newVersions;
    private readonly List<int> newRequests;
    private readonly List<string> oldCompanies, oldStreams;
    private readonly List<long> oldExpected, oldVersions;
    private readonly List<int> oldRequests;
    private readonly List<string> seenCompanies, seenStreams;
    private readonly List<long> seenVersions;
    private readonly List<int> seenNumbers, seenRequests;
    private readonly List<string> tailCompanies, tailTypes;
    private readonly List<long> tailSequences;
    private readonly List<int> tailRequests;

    public AppendStatement(NpgsqlConnection connection)
    {
        command = new NpgsqlCommand { Connection = connection, CommandTimeout = 0 };
        companies = Texts();
        streams = Texts();
        versions = Array<long>(NpgsqlDbType.Bigint);
        ids = Array<Guid>(NpgsqlDbType.Uuid);
        types = Texts();
        dotnetTypes = Texts();
        bodies = Array<ReadOnlyMemory<byte>>(NpgsqlDbType.Jsonb);
        actors = Texts();
        correlations = Optional(NpgsqlDbType.Text);
        causations = Optional(NpgsqlDbType.Text);
        headers = Optional(NpgsqlDbType.Jsonb);
        requests = Array<int>(NpgsqlDbType.Integer);
        newCompanies = Texts();
        newStreams = Texts();
        newVersions = Array<long>(NpgsqlDbType.Bigint);
        newRequests = Array<int>(NpgsqlDbType.Integer);
        oldCompanies = Texts();
        oldStreams = Texts();
        oldExpected = Array<long>(NpgsqlDbType.Bigint);
        oldVersions = Array<long>(NpgsqlDbType.Bigint);
        oldRequests = Array<int>(NpgsqlDbType.Integer);
        seenCompanies = Texts();
        seenStreams = Texts();
        seenVersions = Array<long>(NpgsqlDbType.Bigint);
        seenNumbers = Array<int>(NpgsqlDbType.Integer);
        seenRequests = Array<int>(NpgsqlDbType.Integer);
        tailCompanies = Texts();
        tailTypes = Texts();
        tailSequences = Array<long>(NpgsqlDbType.Bigint);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = TailCondition.AgeMax });
        tailRequests = Array<int>(NpgsqlDbType.Integer);
        command.CommandText = "select first_sequence, recorded, refused from ledger.append("
            + string.Join(", ", Enumerable.Range(1, command.Parameters.Count).Select(i => $"${i}")) + ")";
        command.Prepare();
    }

    /// <summary>Sends the requests, in order, and waits for the commit.</summary>
    public Outcome Execute(ReadOnlySpan<Pending> pending)
    {
        reset.ForEach(each => each());
        distinct.Clear();
        for (var i = 0; i < pending.Length; i++)
        {
            Add(pending[i].Request, i);
        }

        bind.ForEach(each => each());
        using var reader = command.ExecuteReader();
        reader.Read();
        return new(
            reader.GetInt64(0),
            Instant.FromDateTimeUtc(reader.GetDateTime(1)),
            reader.IsDBNull(2) ? null : reader.GetFieldValue<int[]>(2));
    }

    public void Dispose() => command.Dispose();

    private void Add(AppendRequest request, int number)
    {
        foreach (var write in request.Writes)
        {
            AddStream(request.Company, write, number);
            for (var i = 0; i < write.Events.Count; i++)
            {
                AddEvent(request, write, i, number);
            }
        }

        foreach (var condition in request.Conditions)
        {
            switch (condition)
            {
                case VersionCondition seen:
                    AddSeen(seen.Company ?? request.Company, seen, number);
                    break;
                case TailCondition tail:
                    tailCompanies.Add(request.Company);
                    tailTypes.Add(string.Join(',', tail.EventTypes));
                    tailSequences.Add(tail.Sequence);
                    tailRequests.Add(number);
                    break;
            }
        }
    }

    private void AddStream(string company, Write write, int number)
    {
        if (write.ExpectedVersion == 0)
        {
            newCompanies.Add(company);
            newStreams.Add(write.Stream);
            newVersions.Add(write.Events.Count);
            newRequests.Add(number);
        }
        else
        {
            oldCompanies.Add(company);
            oldStreams.Add(write.Stream);
            oldExpected.Add(write.ExpectedVersion);
            oldVersions.Add(write.ExpectedVersion + write.Events.Count);
            oldRequests.Add(number);
        }
    }

    private void AddEvent(AppendRequest request, Write write, int index, int number)
    {
        var e = write.Events[index];
        companies.Add(request.Company);
        streams.Add(write.Stream);
        versions.Add(write.ExpectedVersion + index + 1);
        ids.Add(e.Id);
        types.Add(e.Type);
        dotnetTypes.Add(e.DotnetType);
        bodies.Add(e.Data);
        actors.Add(request.Metadata.Actor);
        correlations.Add(request.Metadata.CorrelationId);
        causations.Add(request.Metadata.CausationId);
        headers.Add(request.Metadata.Headers);
        requests.Add(number);
    }

    private void AddSeen(string company, VersionCondition seen, int number)
    {
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(
            distinct, (company, seen.Stream, seen.Version), out var exists);
        if (!exists)
        {
            seenCompanies.Add(company);
            seenStreams.Add(seen.Stream);
            seenVersions.Add(seen.Version);
            known = seenCompanies.Count;
        }

        seenNumbers.Add(known);
        seenRequests.Add(number);
    }

    private List<string> Texts() => Array<string>(NpgsqlDbType.Text);

    private List<string?> Optional(NpgsqlDbType type)
    {
        var list = new List<string?>();
        Bind(list, type, () => list.TrueForAll(text => text is null));
        return list;
    }

    private List<T> Array<T>(NpgsqlDbType type)
    {
        var list = new List<T>();
        Bind(list, type, () => list.Count == 0);
        return list;
    }

    /// <summary>An array without contents is sent as null: the function looks at no more than that.</summary>
    private void Bind<T>(List<T> list, NpgsqlDbType type, Func<bool> isNull)
    {
        var parameter = new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type, Value = DBNull.Value };
        command.Parameters.Add(parameter);
        reset.Add(list.Clear);
        bind.Add(() => parameter.Value = isNull() ? DBNull.Value : list);
    }
}
