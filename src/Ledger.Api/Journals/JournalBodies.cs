using Ledger.Domain;
using Ledger.Domain.Journals;
using Ledger.Projections.Journals;
using NodaTime;

namespace Ledger.Api.Journals;

/// <summary>An entry as callers send it: what <see cref="JournalJson"/> reads, for the description of the
/// API.</summary>
/// <param name="BookedOn">The date on which it counts.</param>
/// <param name="Lines">2 to 1,000, balancing in the functional currency.</param>
/// <param name="Kind">What it is for; normal by default.</param>
/// <param name="Counterparty">An organisation as text, or <c>{person, name}</c> for a natural person.</param>
/// <param name="ReverseOn">Posts the reversal of an accrual on that date in the same request.</param>
/// <param name="Corrects">The id of the entry that this one corrects; negative amounts are allowed only then.</param>
public sealed record Entry(
    LocalDate BookedOn,
    string Description,
    ValueList<EntryLine> Lines,
    string? Reference = null,
    EntryKind? Kind = null,
    EntryDocument? Document = null,
    Counterparty? Counterparty = null,
    LocalDate? ReverseOn = null,
    string? Corrects = null);

/// <summary>An entry of a batch, which has its id among its fields.</summary>
/// <param name="Id">Chosen by the caller: 1–100 of <c>A-Za-z0-9._~-</c>.</param>
/// <param name="BookedOn">The date on which it counts.</param>
/// <param name="Lines">2 to 1,000, balancing in the functional currency.</param>
/// <param name="Kind">What it is for; normal by default.</param>
/// <param name="Counterparty">An organisation as text, or <c>{person, name}</c> for a natural person.</param>
/// <param name="ReverseOn">Posts the reversal of an accrual on that date in the same request.</param>
/// <param name="Corrects">The id of the entry that this one corrects; negative amounts are allowed only then.</param>
public sealed record BatchEntry(
    string Id,
    LocalDate BookedOn,
    string Description,
    ValueList<EntryLine> Lines,
    string? Reference = null,
    EntryKind? Kind = null,
    EntryDocument? Document = null,
    Counterparty? Counterparty = null,
    LocalDate? ReverseOn = null,
    string? Corrects = null);

/// <summary>A natural person; an organisation is sent as plain text instead.</summary>
/// <param name="Person">An opaque id of your own: 1–100 of <c>A-Za-z0-9._~-</c>, never a name.</param>
/// <param name="Name">Stored encrypted, and erased with the person's data; null where it was erased elsewhere.</param>
public sealed record Counterparty(string Person, string? Name = null);

/// <summary>One line of an entry.</summary>
/// <param name="Amount">In <c>currency</c>, or in the account's, or in the functional currency.</param>
/// <param name="BaseAmount">The amount in the functional currency.</param>
/// <param name="Rate">Functional currency per unit, where the base amount is not given.</param>
/// <param name="Dimensions">Values by dimension.</param>
public sealed record EntryLine(
    AccountCode Account,
    Side Side,
    decimal Amount,
    UnitCode? Currency = null,
    decimal? BaseAmount = null,
    decimal? Rate = null,
    string? Memo = null,
    ValueMap<string>? Dimensions = null);

/// <summary>How an entry is taken back.</summary>
/// <param name="Method">By default what is customary in the company's country.</param>
public sealed record Reversal(LocalDate BookedOn, string Reason, ReversalMethod? Method = null);

/// <param name="Version">Of the entry right after this request.</param>
/// <param name="Sequence">The number of the last event of this request.</param>
/// <param name="Reversal">The id of the reversal, where <c>reverseOn</c> posted one.</param>
/// <param name="Number">With <c>Prefer: return=representation</c>: gap-free in its fiscal year.</param>
/// <param name="Entry">With <c>Prefer: return=representation</c>: the entry as queries give it.</param>
/// <param name="Lines">With <c>Prefer: return=representation</c>: its lines.</param>
public sealed record EntryWritten(
    string Id,
    long Version,
    long Sequence,
    Instant Recorded,
    string? Reversal = null,
    long? Number = null,
    JournalRow? Entry = null,
    IReadOnlyList<JournalLineRow>? Lines = null);

/// <param name="Id">The entry's id with <c>~reversal</c> behind it.</param>
/// <param name="Number">With <c>Prefer: return=representation</c>: gap-free in its fiscal year.</param>
/// <param name="Entry">With <c>Prefer: return=representation</c>: the reversal as queries give it.</param>
/// <param name="Lines">With <c>Prefer: return=representation</c>: its lines.</param>
public sealed record ReversalWritten(
    string Id,
    string Reverses,
    long Version,
    long Sequence,
    Instant Recorded,
    long? Number = null,
    JournalRow? Entry = null,
    IReadOnlyList<JournalLineRow>? Lines = null);

/// <summary>What became of one entry of a batch: the members of a write, or those of a problem.</summary>
/// <param name="Status">What the entry would have been answered with alone.</param>
/// <param name="Line">Where it stands, from 1 (NDJSON only).</param>
/// <param name="Index">Where it stands, from 0 (JSON list only).</param>
/// <param name="Id">Absent where it could not be read.</param>
public sealed record BatchResult(
    int Status,
    long? Line = null,
    long? Index = null,
    string? Id = null,
    long? Version = null,
    long? Sequence = null,
    Instant? Recorded = null,
    string? Type = null,
    string? Title = null,
    string? Code = null,
    string? Detail = null,
    string? Path = null,
    string? Reversal = null);
