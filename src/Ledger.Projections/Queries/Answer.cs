using Ledger.Domain;

namespace Ledger.Projections.Queries;

/// <summary>What a question comes to: a value, or the reason why there is none.</summary>
public readonly record struct Answer<T>
{
    private Answer(T? value, Refusal? refusal)
    {
        Value = value;
        Refusal = refusal;
    }

    /// <summary>Default when refused.</summary>
    public T? Value { get; }

    /// <summary>Null when there is a value.</summary>
    public Refusal? Refusal { get; }

    public static implicit operator Answer<T>(T value) => new(value, null);

    public static implicit operator Answer<T>(Refusal refusal) => new(default, refusal);
}
