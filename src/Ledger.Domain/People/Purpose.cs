namespace Ledger.Domain.People;

/// <summary>Why a person's data is kept. It decides how long, and which key seals it.</summary>
public enum Purpose
{
    /// <summary>Books, and the documents behind them.</summary>
    Bookkeeping,

    /// <summary>Pay, and what is withheld from it.</summary>
    Payroll,

    /// <summary>Given freely: no law keeps it, so it goes as soon as the person wishes.</summary>
    Consent,
}
