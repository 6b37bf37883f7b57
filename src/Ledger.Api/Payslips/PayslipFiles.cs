using System.IO.Compression;
using Ledger.Api.Queries;
using Ledger.Domain.PayRuns;

namespace Ledger.Api.Payslips;

/// <summary>Answers with payslips as they are printed: one as PDF, those of a run as a ZIP of them.</summary>
internal static class PayslipFiles
{
    public const string Zip = "application/zip";

    private const string LanguageParameter = "language";

    // The years that a ZIP can tell.
    private const int FirstYear = 1980;
    private const int LastYear = 2107;

    /// <summary>The payslip as PDF beside JSON.</summary>
    public static Operation AnswersPdf(this Operation operation) => operation
        .QueryOneOf(
            LanguageParameter,
            "Of the PDF; by default the employee's, if it is one of these, else that of the pack's country, else "
            + "English.",
            [.. PayslipWords.Languages])
        .Answers<string>(StatusCodes.Status200OK, "As it is printed, on A4.", "%PDF-1.7", PayslipPdf.ContentType)
        .Refuses(RequestProblems.ParameterMalformed, RequestProblems.FontMissing);

    /// <summary>The PDFs of a run as ZIP beside its table.</summary>
    public static Operation AnswersZip(this Operation operation) => operation
        .Answers<string>(
            StatusCodes.Status200OK,
            "All payslips of the run as `{employee}.pdf`, each in the employee's language; without pages.", "PK", Zip)
        .Refuses(RequestProblems.ParameterMalformed, RequestProblems.FontMissing)
        .Refuses("pay-run-not-calculated");

    /// <summary>The language that the caller asks for; null when none was sent.</summary>
    public static string? LanguageOf(Call call) => call.Query(LanguageParameter) is not { } language ? null
        : PayslipWords.Languages.Contains(language) ? language
        : throw Call.Malformed(LanguageParameter, language, string.Join(" or ", PayslipWords.Languages));

    /// <summary>One payslip as PDF.</summary>
    /// <exception cref="RequestException">There is none, or no font.</exception>
    public static async ValueTask WritePdfAsync(
        Call call, string run, PayRun state, string employee, string? language)
    {
        var fonts = PayslipFonts.Require();
        var document = await new PayslipDocuments(call, run, state).OfAsync(language, employee)
            ?? throw new RequestException(Http.ProblemOf(PayRunRefusals.PayslipUnknown(run, employee)));
        call.Context.Response.Headers.ETag = Http.ETag(state.Version);
        call.Context.Response.Headers.ContentDisposition = $"inline; filename=\"{run}-{employee}.pdf\"";
        await Http.WriteAsync(
            call.Context, StatusCodes.Status200OK, PayslipPdf.ContentType, PayslipPdf.Write(document, fonts));
    }

    /// <summary>All payslips of the run, sent one by one as they are drawn.</summary>
    public static async ValueTask WriteZipAsync(Call call, string run, PayRun state)
    {
        foreach (var name in (string[])["limit", "cursor"])
        {
            if (call.Query(name) is { } value)
            {
                throw Call.Malformed(name, value, "no such parameter for a ZIP: it holds all payslips of the run");
            }
        }

        var fonts = PayslipFonts.Require();
        call.NotePersonalDataRead(null);
        call.Context.Response.Headers.Vary = "Accept";
        call.Context.Response.Headers.ContentDisposition = $"attachment; filename=\"{run}.zip\"";
        using var streaming = new Streaming(call, Zip);
        using (var sent = new SentStream(streaming))
        using (var archive = new ZipArchive(sent, ZipArchiveMode.Create, leaveOpen: true))
        {
            await foreach (var document in new PayslipDocuments(call, run, state).AllAsync(call.Gone))
            {
                var entry = archive.CreateEntry($"{document.Employee}.pdf", CompressionLevel.Fastest);
                var day = document.Slip.PayDate;
                entry.LastWriteTime = new(
                    Math.Clamp(day.Year, FirstYear, LastYear), day.Month, day.Day, 0, 0, 0, TimeSpan.Zero);
                using (var content = entry.Open())
                {
                    content.Write(PayslipPdf.Write(document, fonts));
                }

                await streaming.SendAsync();
            }
        }

        await streaming.SendAsync();
    }

    /// <summary>What is written here is sent with the next piece.</summary>
    private sealed class SentStream(Streaming streaming) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer) => streaming.Add(buffer);
    }
}
