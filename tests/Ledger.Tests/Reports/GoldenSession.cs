using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Ledger.Tests.Http;

namespace Ledger.Tests.Reports;

/// <summary>
/// Books and questions in an accountant's notation, with the whole answers: accounts, entries as hledger writes them
/// (debit is positive), then <c>&gt; report?parameters</c> and the table that it gives. Running a session makes the
/// text anew; it must come out as it stands in the file. Columns that are empty in all rows are left out.
/// </summary>
/// <remarks>
/// <c>company {…}</c>, <c>account CODE TYPE NAME [{…}]</c>, <c>dimension NAME VALUE TITLE</c>,
/// <c>close 2025-01</c>, <c>open 2025-01 REASON</c>, <c>reverse ENTRY DATE METHOD REASON</c>, and <c>known NAME</c>,
/// which keeps the last sequence for <c>{NAME}</c> in questions. Entries are called e1, e2 … in order. A day may be
/// followed by a kind: <c>2025-12-31 closing: Close the year</c>. A line is
/// <c>ACCOUNT  AMOUNT [UNIT @@ BASE]  [; department:sales]</c>.
/// </remarks>
public sealed partial class GoldenSession(ApiHost host, string company)
{
    private readonly Dictionary<string, long> known = new(StringComparer.Ordinal);
    private int entries;
    private long last;

    /// <summary>The session with the answers that the service gives now.</summary>
    public async Task<string> RunAsync(string session)
    {
        var lines = session.ReplaceLineEndings("\n").Split('\n');
        var text = new StringBuilder();
        for (var i = 0; i < lines.Length;)
        {
            var line = lines[i++];
            text.Append(line).Append('\n');
            if (line.StartsWith("> ", StringComparison.Ordinal))
            {
                text.Append(await AskAsync(line[2..])).Append('\n');
                while (i < lines.Length && lines[i].Length > 0)
                {
                    i++;
                }

                i++;
            }
            else if (line.Length > 0 && char.IsAsciiDigit(line[0]))
            {
                var postings = new List<string>();
                for (; i < lines.Length && lines[i].StartsWith(' '); i++)
                {
                    postings.Add(lines[i].Trim());
                    text.Append(lines[i]).Append('\n');
                }

                await PostAsync(line, postings);
            }
            else if (line.Length > 0 && line[0] != ';')
            {
                await DoAsync(line);
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private async Task DoAsync(string line)
    {
        var words = line.Split(' ', 2);
        var rest = words.Length > 1 ? words[1] : "";
        switch (words[0])
        {
            case "company":
                await PutAsync("", rest);
                break;
            case "account":
                var account = AccountLine().Match(rest);
                var details = JsonNode.Parse(account.Groups["more"].Length > 0 ? account.Groups["more"].Value : "{}")!;
                details["name"] = account.Groups["name"].Value.Trim();
                details["type"] = account.Groups["type"].Value;
                await PutAsync($"/accounts/{account.Groups["code"].Value}", details.ToJsonString());
                break;
            case "dimension":
                var value = rest.Split(' ', 3);
                await PutAsync($"/dimensions/{value[0]}/{value[1]}", Json(("name", value[2])));
                break;
            case "close":
                await PutAsync($"/periods/{rest}", """{"status": "closed", "through": true}""");
                break;
            case "open":
                var month = rest.Split(' ', 2);
                await PutAsync($"/periods/{month[0]}", Json(("status", "open"), ("reason", month[1])));
                break;
            case "reverse":
                var reversal = rest.Split(' ', 4);
                var answer = await host.PostAsync(
                    $"/companies/{company}/journal-entries/{reversal[0]}/reversal",
                    Json(("bookedOn", reversal[1]), ("method", reversal[2]), ("reason", reversal[3])));
                last = answer.Is(201).Sequence;
                break;
            case "known":
                known[rest] = last;
                break;
            default:
                throw new FormatException($"'{line}' is not part of a session.");
        }
    }

    private async Task PostAsync(string header, List<string> postings)
    {
        var words = header.Split(' ', 2);
        var description = words[1];
        var kind = Kind().Match(description);
        var entry = new JsonObject
        {
            ["bookedOn"] = words[0],
            ["description"] = kind.Success ? description[kind.Length..] : description,
            ["kind"] = kind.Success ? kind.Groups[1].Value : null,
            ["lines"] = new JsonArray([.. postings.Select(Line)]),
        };
        entries++;
        await PutAsync($"/journal-entries/e{entries}", entry.ToJsonString());
    }

    private static JsonObject Line(string posting)
    {
        var match = Posting().Match(posting);
        Assert.True(match.Success, $"'{posting}' is no posting.");
        var amount = match.Groups["amount"].Value;
        var line = new JsonObject
        {
            ["account"] = match.Groups["account"].Value,
            ["side"] = amount.StartsWith('-') ? "credit" : "debit",
            ["amount"] = amount.TrimStart('-'),
        };
        if (match.Groups["unit"].Success)
        {
            line["currency"] = match.Groups["unit"].Value;
            line["baseAmount"] = match.Groups["base"].Value;
        }

        if (match.Groups["dimensions"].Success)
        {
            line["dimensions"] = new JsonObject(match.Groups["dimensions"].Value.Split(' ')
                .Select(each => KeyValuePair.Create(each.Split(':')[0], (JsonNode?)each.Split(':')[1])));
        }

        return line;
    }

    private async Task PutAsync(string path, string json)
    {
        var answer = await host.PutAsync($"/companies/{company}{path}", json);
        Assert.True(answer.Status is 200 or 201, $"{path} {json}\n{answer.Status} {answer.Body}");
        last = answer.Sequence;
    }

    private async Task<string> AskAsync(string question)
    {
        var asked = Name().Replace(
            question, match => known[match.Groups[1].Value].ToString(CultureInfo.InvariantCulture));
        var answer = await host.GetAsync($"/companies/{company}/{asked}", ("Accept", "text/csv"));
        return answer.Status == 200 ? Csv.Aligned(answer.Body) : $"{answer.Status} {answer.Body}\n";
    }

    private static string Json(params (string Name, string Value)[] members) =>
        JsonSerializer.Serialize(members.ToDictionary(each => each.Name, each => each.Value));

    [GeneratedRegex(@"^(?<code>\S+) (?<type>\S+) (?<name>[^{]+)(?<more>\{.*\})?$")]
    private static partial Regex AccountLine();

    [GeneratedRegex("^(opening|adjustment|closing): ")]
    private static partial Regex Kind();

    [GeneratedRegex(
        @"^(?<account>\S+) +(?<amount>-?[0-9.]+)( (?<unit>\S+) @@ (?<base>[0-9.]+))?( +; (?<dimensions>.+))?$")]
    private static partial Regex Posting();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Name();
}
