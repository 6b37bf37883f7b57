using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using Ledger.Domain;
using Ledger.Domain.PayRuns;
using NodaTime;
using NodaTime.Text;

namespace Ledger.Api.PayRuns;

/// <summary>
/// A payment file as banks take it: ISO 20022 <c>pain.001.001.09</c>, one batch of salary payments with control sums.
/// The same file each time it is asked for.
/// </summary>
public static class CreditTransfer
{
    public const string ContentType = "application/xml";

    private const string Namespace = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
    private const int IdLengthMax = 35;
    private const int NameLengthMax = 70;

    private static readonly InstantPattern ToSeconds = InstantPattern.CreateWithInvariantCulture("uuuu-MM-ddTHH:mm:ss");

    /// <param name="run">The id of the run.</param>
    /// <param name="issued">The file.</param>
    /// <param name="at">When it was issued.</param>
    /// <param name="debtor">The company's name.</param>
    /// <param name="currency">Of all payments.</param>
    /// <param name="payees">Whom it pays, with open accounts.</param>
    public static byte[] Write(
        string run, PaymentFileIssued issued, Instant at, string debtor, UnitCode currency,
        IReadOnlyList<Payee> payees)
    {
        ArgumentNullException.ThrowIfNull(issued);
        ArgumentNullException.ThrowIfNull(payees);
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new() { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            var id = IdOf($"{run}-{issued.Number.ToString(CultureInfo.InvariantCulture)}");
            xml.WriteStartElement("Document", Namespace);
            xml.WriteStartElement("CstmrCdtTrfInitn");
            xml.WriteStartElement("GrpHdr");
            xml.WriteElementString("MsgId", id);
            xml.WriteElementString("CreDtTm", ToSeconds.Format(at) + "Z");
            Control(xml, payees);
            Name(xml, "InitgPty", debtor);
            xml.WriteEndElement();
            Batch(xml, id, issued.Order, debtor, currency, payees);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static void Batch(
        XmlWriter xml, string id, PaymentOrder order, string debtor, UnitCode currency, IReadOnlyList<Payee> payees)
    {
        xml.WriteStartElement("PmtInf");
        xml.WriteElementString("PmtInfId", id);
        xml.WriteElementString("PmtMtd", "TRF");
        xml.WriteElementString("BtchBookg", "true");
        Control(xml, payees);
        xml.WriteStartElement("PmtTpInf");
        if (currency.Value == "EUR")
        {
            Nested(xml, "SEPA", "SvcLvl", "Cd");
        }

        Nested(xml, "SALA", "CtgyPurp", "Cd");
        xml.WriteEndElement();
        Nested(xml, LocalDatePattern.Iso.Format(order.ExecuteOn), "ReqdExctnDt", "Dt");
        Name(xml, "Dbtr", debtor);
        Nested(xml, order.Iban, "DbtrAcct", "Id", "IBAN");
        Agent(xml, "DbtrAgt", order.Bic);
        if (currency.Value == "EUR")
        {
            xml.WriteElementString("ChrgBr", "SLEV");
        }

        foreach (var payee in payees)
        {
            Transfer(xml, payee, currency, id);
        }

        xml.WriteEndElement();
    }

    private static void Transfer(XmlWriter xml, Payee payee, UnitCode currency, string reference)
    {
        xml.WriteStartElement("CdtTrfTxInf");
        Nested(xml, payee.EndToEndId, "PmtId", "EndToEndId");
        xml.WriteStartElement("Amt");
        xml.WriteStartElement("InstdAmt");
        xml.WriteAttributeString("Ccy", currency.Value);
        xml.WriteString(Amount(payee.Amount));
        xml.WriteEndElement();
        xml.WriteEndElement();
        if (payee.Bank is { } bank)
        {
            if (payee.IsIban)
            {
                Agent(xml, "CdtrAgt", bank);
            }
            else
            {
                Nested(xml, bank, "CdtrAgt", "FinInstnId", "ClrSysMmbId", "MmbId");
            }
        }

        Name(xml, "Cdtr", payee.Name);
        if (payee.IsIban)
        {
            Nested(xml, payee.Account!, "CdtrAcct", "Id", "IBAN");
        }
        else
        {
            Nested(xml, payee.Account!, "CdtrAcct", "Id", "Othr", "Id");
        }

        Nested(xml, reference, "RmtInf", "Ustrd");
        xml.WriteEndElement();
    }

    private static void Control(XmlWriter xml, IReadOnlyList<Payee> payees)
    {
        xml.WriteElementString("NbOfTxs", payees.Count.ToString(CultureInfo.InvariantCulture));
        xml.WriteElementString("CtrlSum", Amount(payees.Sum(payee => payee.Amount)));
    }

    private static void Agent(XmlWriter xml, string element, string? bic)
    {
        if (bic is not null)
        {
            Nested(xml, bic, element, "FinInstnId", "BICFI");
        }
        else
        {
            Nested(xml, "NOTPROVIDED", element, "FinInstnId", "Othr", "Id");
        }
    }

    private static void Name(XmlWriter xml, string element, string name) =>
        Nested(
            xml,
            name.Length <= NameLengthMax ? name
                : name[..(char.IsHighSurrogate(name[NameLengthMax - 1]) ? NameLengthMax - 1 : NameLengthMax)],
            element,
            "Nm");

    private static void Nested(XmlWriter xml, string text, params ReadOnlySpan<string> elements)
    {
        foreach (var element in elements)
        {
            xml.WriteStartElement(element);
        }

        xml.WriteString(text);
        for (var i = 0; i < elements.Length; i++)
        {
            xml.WriteEndElement();
        }
    }

    private static string Amount(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static string IdOf(string text) => text.Length <= IdLengthMax ? text
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
}
