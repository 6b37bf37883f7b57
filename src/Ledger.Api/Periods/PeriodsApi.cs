using System.Text;
using Ledger.Api.Json;
using Ledger.Domain;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.Periods;

/// <summary>Periods over HTTP, what changes them.</summary>
public static class PeriodsApi
{
    public static void Map(Surface surface)
    {
        ArgumentNullException.ThrowIfNull(surface);
        surface.Put("/companies/{company}/periods/{period}", PutAsync);
    }

    private static async ValueTask PutAsync(Call call)
    {
        var (company, period) = (call.Company, PeriodOf(call));
        var change = await call.BodyAsync(PeriodJson.Read, 0);
        var (ifMatch, ledger) = (call.IfMatch, call.Ledger);
        var outcome = await ledger.Transact.RunAsync(
            company,
            call.Metadata,
            reading => PeriodWrites.PutAsync(period, change, ifMatch, reading, ledger.Facts, ledger.Clock));
        await Writes.AnswerAsync(
            call,
            outcome,
            static (json, put) =>
            {
                json.WriteString("period"u8, YearMonthPattern.Iso.Format(put.period));
                json.WriteString("status"u8, Choice<PeriodStatus>.NameOf(put.Status));
            },
            (period, change.Status));
    }

    private static YearMonth PeriodOf(Call call)
    {
        var text = call.Route("period");
        Span<byte> ascii = stackalloc byte[16];
        return text.Length <= ascii.Length && Encoding.ASCII.TryGetBytes(text, ascii, out var length)
            && Dates.TryParseMonth(ascii[..length], out var month)
            ? month
            : throw RequestProblems.Fail(
                RequestProblems.MonthMalformed, $"The period '{Texts.Shown(text)}' is no month. Send one like 2026-03.");
    }
}
