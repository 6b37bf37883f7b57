using System.Text.Json;
using Ledger.Domain;
using NodaTime;

namespace Ledger.Api.Json;

/// <summary>Reads one value; throws <see cref="RequestException"/> where it is not what it should be.</summary>
public delegate T JsonRead<in TState, out T>(ref JsonInput input, TState state);

/// <summary>
/// Reads what a caller sent, strictly: nothing unknown, nothing twice, no null in lists, no number for a name, no text
/// that cannot be stored. Each fault says where it is, what was there and what to send. It moves forward only, and
/// costs nothing beyond the values themselves; where a fault is (its path) is found by reading again up to it.
/// </summary>
public ref partial struct JsonInput
{
    /// <summary>Objects and lists within each other, the body itself included.</summary>
    public const int DepthMax = 16;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = DepthMax };

    private readonly ReadOnlySpan<byte> utf8;
    private Utf8JsonReader reader;

    /// <param name="utf8">One JSON text that is valid UTF-8.</param>
    public JsonInput(ReadOnlySpan<byte> utf8)
    {
        this.utf8 = utf8;
        reader = new(utf8, Options);
        Advance();
    }

    /// <summary>True when the value here is null, which is then behind us: optional fields may say null.</summary>
    public bool Null() => reader.TokenType == JsonTokenType.Null;

    /// <summary>True when the value here is an object, where a field may also be something else.</summary>
    public bool IsObject() => reader.TokenType == JsonTokenType.StartObject;

    /// <summary>True when the value here is true or false, where it may also be something else.</summary>
    public bool IsFlag() => reader.TokenType is JsonTokenType.True or JsonTokenType.False;

    /// <summary>True when the value here is a number, where it may also be something else.</summary>
    public bool IsNumber() => reader.TokenType == JsonTokenType.Number;

    /// <summary>Steps into the object; its members follow by <see cref="Next"/>.</summary>
    public MemberSet Object()
    {
        Expect(JsonTokenType.StartObject, "an object {…}");
        return default;
    }

    /// <summary>Steps to the value of the next member, which must be one of these; false at the end of the
    /// object.</summary>
    public bool Next(Members members, ref MemberSet seen)
    {
        Advance();
        if (reader.TokenType == JsonTokenType.EndObject)
        {
            return false;
        }

        int index;
        try
        {
            index = members.IndexOf(ref reader, seen.Last);
        }
        catch (InvalidOperationException)
        {
            throw HalfPair();
        }

        if (index < 0)
        {
            throw Fail(RequestProblems.FieldUnknown, $"is not a field here. Fields are: {members}.");
        }

        if (!seen.Add(index))
        {
            throw Fail(RequestProblems.FieldDuplicate, "comes twice. Send it once.");
        }

        Advance();
        return true;
    }

    /// <summary>Refuses the object whose members were just read, because this one was not among them.</summary>
    public RequestException Missing(string member) => FailAt(
        PathTo(reader.TokenStartIndex) + "." + member, RequestProblems.FieldMissing,
        "is needed here, and was not sent or is null.");

    /// <summary>Steps to the next item of the list whose start this was first called on; false at its end.</summary>
    public bool NextItem(ref int count)
    {
        if (count == 0)
        {
            Expect(JsonTokenType.StartArray, "a list […]");
        }

        Advance();
        count++;
        return reader.TokenType != JsonTokenType.EndArray;
    }

    public string Text()
    {
        Expect(JsonTokenType.String, "text");
        return Unescaped();
    }

    /// <summary>A list of texts.</summary>
    public ValueList<string> Texts()
    {
        var texts = new List<string>();
        var count = 0;
        while (NextItem(ref count))
        {
            texts.Add(Text());
        }

        return texts.ToValueList();
    }

    /// <summary>A list of names of the choice.</summary>
    public ValueList<T> Choices<T>(Choice<T> choice)
        where T : struct, Enum
    {
        var values = new List<T>();
        var count = 0;
        while (NextItem(ref count))
        {
            values.Add(One(choice));
        }

        return values.ToValueList();
    }

    public bool Flag() => reader.TokenType switch
    {
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => throw WrongType("true or false"),
    };

    public int Integer(int min, int max)
    {
        Expect(JsonTokenType.Number, "a whole number");
        return reader.TryGetInt32(out var value) && value >= min && value <= max
            ? value
            : throw Fail(
                RequestProblems.IntegerMalformed,
                $"is {Shown()}. Send a whole number from {Invariant(min)} to {Invariant(max)}.");
    }

    /// <summary>Text of the form <c>-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,12})?</c>; the digits sent are kept.</summary>
    public decimal Amount()
    {
        Expect(JsonTokenType.String, "text such as \"1200.00\" (a number loses digits in other programs' hands)");
        return !reader.ValueIsEscaped && AmountText.TryParse(reader.ValueSpan, out var amount)
            ? amount
            : throw Fail(
                RequestProblems.AmountMalformed,
                $"is {Shown()}. Send up to 15 digits before and up to 12 behind the point, like \"-1200.50\".");
    }

    public LocalDate Date()
    {
        Expect(JsonTokenType.String, "a date such as \"2026-03-31\"");
        if (reader.ValueIsEscaped || !Dates.TryParse(reader.ValueSpan, out var date))
        {
            throw Fail(
                RequestProblems.DateMalformed, $"is {Shown()}. Send a day of the calendar, like \"2026-03-31\".");
        }

        return Dates.IsInRange(date)
            ? date
            : throw Fail(RequestProblems.DateOutOfRange, $"is {Shown()}. Send a date from 1900 to 2199.");
    }

    /// <summary>A day of any year, as MM-dd.</summary>
    public AnnualDate DayOfYear()
    {
        Expect(JsonTokenType.String, "a day of the year such as \"04-01\"");
        return !reader.ValueIsEscaped && Dates.TryParseDayOfYear(reader.ValueSpan, out var day)
            ? day
            : throw Fail(RequestProblems.DayOfYearMalformed, $"is {Shown()}. Send a day like \"04-01\".");
    }

    /// <summary>One of the names of the choice.</summary>
    public T One<T>(Choice<T> choice)
        where T : struct, Enum
    {
        Expect(JsonTokenType.String, $"one of {choice}");
        try
        {
            return choice.TryParse(ref reader, out var value)
                ? value
                : throw Fail(RequestProblems.ValueNotKnown, $"is {Shown()}. Send one of {choice}.");
        }
        catch (InvalidOperationException)
        {
            throw HalfPair();
        }
    }

    /// <summary>An object whose names the caller chooses, such as names by language.</summary>
    public ValueMap<T> Map<T>(JsonRead<int, T> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Expect(JsonTokenType.StartObject, "an object {…}");
        var pairs = new List<KeyValuePair<string, T>>();
        HashSet<string>? many = null;
        while (true)
        {
            Advance();
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return ValueMap<T>.From(pairs);
            }

            var name = Unescaped();
            var isNew = many is null && pairs.Count < 8
                ? !pairs.Exists(pair => pair.Key == name)
                : (many ??= [.. pairs.Select(pair => pair.Key)]).Add(name);
            if (!isNew)
            {
                throw Fail(RequestProblems.FieldDuplicate, "comes twice. Send it once.");
            }

            Advance();
            pairs.Add(new(name, value(ref this, pairs.Count)));
        }
    }

    /// <summary>Nothing but white space may follow the value that was read.</summary>
    public void End()
    {
        try
        {
            reader.Read();
        }
        catch (JsonException)
        {
            throw RequestProblems.Fail(
                RequestProblems.JsonMalformed,
                $"There is something behind the end of the JSON value (byte {Invariant(reader.BytesConsumed)}).");
        }
    }

    private readonly void Expect(JsonTokenType type, string wanted)
    {
        if (reader.TokenType != type)
        {
            throw WrongType(wanted);
        }
    }

    private readonly string Unescaped()
    {
        try
        {
            var text = reader.GetString()!;
            return reader.ValueIsEscaped && text.Contains('\0', StringComparison.Ordinal)
                ? throw Fail(RequestProblems.TextNotAllowed, "holds the character U+0000. Send it without.")
                : text;
        }
        catch (InvalidOperationException)
        {
            throw HalfPair();
        }
    }

    private void Advance()
    {
        try
        {
            if (reader.Read())
            {
                return;
            }
        }
        catch (JsonException e)
        {
            throw Broken(e);
        }

        throw Incomplete();
    }
}
