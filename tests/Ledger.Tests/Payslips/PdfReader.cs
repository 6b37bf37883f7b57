using System.Diagnostics;

namespace Ledger.Tests.Payslips;

/// <summary>Reads PDFs by the programs of poppler.</summary>
internal static class PdfReader
{
    public const string ToText = "pdftotext";
    public const string Fonts = "pdffonts";

    /// <summary>The text of the document; its columns stay beside each other, with one blank between them.</summary>
    public static async Task<string> TextAsync(byte[] pdf) => string.Join('\n',
        (await RunAsync(ToText, pdf, "-layout", "FILE", "-")).Split('\n').Select(line => string.Join(
            ' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    /// <summary>What a program of poppler says about the document.</summary>
    public static async Task<string> RunAsync(string program, byte[] pdf, params string[] args)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, pdf);
            var start = new ProcessStartInfo(program, args.Length == 0 ? [file]
                : args.Select(each => each == "FILE" ? file : each))
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var text = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal("", await errors);
            return text;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
