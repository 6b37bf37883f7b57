using System.Globalization;
using System.Text.Json;

namespace Ledger.Benchmarks.Faults;

/// <summary>What became of a document, as far as its callers were told.</summary>
/// <param name="Sequence">Of its event, by the answer; 0 for none.</param>
/// <param name="IsDenied">Every answer said that nothing was recorded.</param>
public sealed record Standing(Document Document, bool IsAcknowledged, long Sequence, bool IsDenied);

/// <summary>All that callers were told of what they sent. Answers that no fault excuses are findings.</summary>
public sealed class Told
{
    private const int FindingsMax = 50;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Entry> entries = [];
    private readonly List<Document> acknowledged = [];
    private readonly List<string> findings = [];
    private readonly List<Balance> balances = [];

    public int Requests { get; private set; }

    public int Acknowledged { get; private set; }

    /// <summary>Requests that came to no answer, or to 503 <c>outcome-unknown</c>.</summary>
    public int Unknown { get; private set; }

    /// <summary>Requests of which a 503 said that nothing was recorded.</summary>
    public int Unavailable { get; private set; }

    /// <summary>Entries of months that were closed.</summary>
    public int Refused { get; private set; }

    public int Reads { get; private set; }

    public int ReadsUnavailable { get; private set; }

    /// <summary>The highest number that was acknowledged.</summary>
    public long Head { get; private set; }

    public IReadOnlyList<string> Findings => Copy(findings);

    public IReadOnlyList<Balance> Balances => Copy(balances);

    /// <summary>What is to be said of every document.</summary>
    public IReadOnlyList<Standing> Standings
    {
        get
        {
            lock (gate)
            {
                return [.. entries.Values.Select(each => new Standing(
                    each.Document, each.Sequence is not null, each.Sequence ?? 0,
                    each is { Sequence: null, Lost: 0, Open: 0 }))];
            }
        }
    }

    /// <summary>Documents of which nobody knows whether they are recorded.</summary>
    public IReadOnlyList<Document> Unsettled
    {
        get
        {
            lock (gate)
            {
                return [.. entries.Values.Where(each => each.Sequence is null && each.Lost + each.Open > 0)
                    .Select(each => each.Document)];
            }
        }
    }

    /// <summary>An entry that was acknowledged; null while there is none.</summary>
    public (Document Document, long Sequence)? Any(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        lock (gate)
        {
            if (acknowledged.Count == 0)
            {
                return null;
            }

            var document = acknowledged[random.Next(acknowledged.Count)];
            return (document, entries[document.Path].Sequence!.Value);
        }
    }

    /// <summary>Comes before every request, since its answer may never come.</summary>
    public void Sending(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        lock (gate)
        {
            Requests++;
            if (!entries.TryGetValue(document.Path, out var entry))
            {
                entries.Add(document.Path, entry = new(document));
            }

            entry.Open++;
        }
    }

    /// <summary>No answer came, or not the whole of it.</summary>
    public void Lost(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        lock (gate)
        {
            var entry = entries[document.Path];
            entry.Open--;
            entry.Lost++;
            Unknown++;
        }
    }

    /// <summary>The same of a whole answer as it came: one that is no JSON is a finding, whatever its
    /// status.</summary>
    public bool Answered(Document document, int status, string body)
    {
        ArgumentNullException.ThrowIfNull(document);
        try
        {
            using var json = JsonDocument.Parse(body);
            return Answered(document, status, json.RootElement);
        }
        catch (JsonException)
        {
            Find($"{document.Path} was answered {status} with what is no JSON: '{body}'");
            Lost(document);
            return false;
        }
    }

    /// <summary>The same of a line of a batch, which has a status of its own.</summary>
    public bool AnsweredInBatch(Document document, string line)
    {
        ArgumentNullException.ThrowIfNull(document);
        var status = 0;
        try
        {
            using var json = JsonDocument.Parse(line);
            status = json.RootElement.GetProperty("status").GetInt32();
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // No fault excuses a status of 0.
        }

        return Answered(document, status, line);
    }

    /// <summary>True for an acknowledgement.</summary>
    public bool Answered(Document document, int status, JsonElement body)
    {
        ArgumentNullException.ThrowIfNull(document);
        var code = body.TryGetProperty("code", out var text) ? text.GetString() : null;
        lock (gate)
        {
            var entry = entries[document.Path];
            entry.Open--;
            switch (status, code)
            {
                case (200 or 201, null):
                    Acknowledge(entry, body.GetProperty("sequence").GetInt64());
                    return true;
                case (503, "outcome-unknown"):
                    entry.Lost++;
                    Unknown++;
                    break;
                case (503, _):
                    Unavailable++;
                    break;
                case (422, "period-closed"):
                    Refused++;
                    break;
                default:
                    Find($"{document.Method} {document.Path} was answered {status}: {body}");
                    break;
            }

            return false;
        }
    }

    /// <summary>
    /// It was refused at a time when nothing of it could still be on its way, and what is recorded is never refused.
    /// </summary>
    public void NotRecorded(Document document)
    {
        ArgumentNullException.ThrowIfNull(document);
        lock (gate)
        {
            entries[document.Path].Lost = 0;
        }
    }

    public void Read(string path, int status, string body)
    {
        lock (gate)
        {
            Reads++;
            switch (status)
            {
                case 200:
                    break;
                case 503:
                    ReadsUnavailable++;
                    break;
                default:
                    Find($"GET {path} was answered {status}: {body}");
                    break;
            }
        }
    }

    /// <summary>Balances were answered: whether they are right shows when the events are looked at.</summary>
    public void Balanced(string path, string company, string body)
    {
        if (Balance.Parse(path, company, body) is not { } balance)
        {
            Find($"GET {path} was answered with what are no balances: '{body}'");
            return;
        }

        lock (gate)
        {
            balances.Add(balance);
        }
    }

    public void ReadLost()
    {
        lock (gate)
        {
            Reads++;
            ReadsUnavailable++;
        }
    }

    public void Find(string finding)
    {
        lock (gate)
        {
            if (findings.Count < FindingsMax)
            {
                findings.Add(finding);
            }
        }
    }

    private List<T> Copy<T>(List<T> list)
    {
        lock (gate)
        {
            return [.. list];
        }
    }

    private void Acknowledge(Entry entry, long sequence)
    {
        Acknowledged++;
        Head = Math.Max(Head, sequence);
        var document = entry.Document;
        if (entry.Sequence is null)
        {
            entry.Sequence = sequence;
            if (document.Method == HttpMethod.Put && document.Id is not null)
            {
                acknowledged.Add(document);
            }
        }
        else if (entry.Sequence != sequence && document.Id is not null)
        {
            Find(string.Create(
                CultureInfo.InvariantCulture,
                $"{document.Path} was acknowledged as event {entry.Sequence}, and as {sequence}"));
        }
    }

    private sealed class Entry(Document document)
    {
        public Document Document => document;

        public int Open { get; set; }

        public int Lost { get; set; }

        public long? Sequence { get; set; }
    }
}
