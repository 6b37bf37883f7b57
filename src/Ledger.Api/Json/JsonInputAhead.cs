using System.Text.Json;

namespace Ledger.Api.Json;

/// <content>Looking ahead, where one member says what the others are.</content>
public ref partial struct JsonInput
{
    /// <summary>
    /// The text of a member of the object here, wherever it stands among the others: what the rest is read by. Null
    /// where there is none; nothing is behind us by that.
    /// </summary>
    public readonly string? TextAhead(string member)
    {
        var ahead = reader;
        try
        {
            while (ahead.Read() && ahead.TokenType == JsonTokenType.PropertyName)
            {
                var isIt = ahead.ValueTextEquals(member);
                ahead.Read();
                if (isIt)
                {
                    return ahead.TokenType == JsonTokenType.String ? ahead.GetString() : null;
                }

                ahead.Skip();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Whoever reads it all tells where.
        }

        return null;
    }

    /// <summary>Passes over the value here.</summary>
    public void Skip()
    {
        try
        {
            reader.Skip();
        }
        catch (JsonException e)
        {
            throw Broken(e);
        }
    }
}
