"""Makes the audit log of a small company, with certificates and signatures, for audit_cases.py: by
docs/audit-format.md, and without any code of the verifiers."""
import base64, calendar, copy, hashlib, hmac, json
from datetime import date, timedelta
from decimal import Decimal

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
B = (15112221349535400772501151409588531511454012693041857206046113283949847762202,
     46316835694926478169428394003475163141307993866256225615783033603165251855960)
LEDGER, COMPANY = "backoffice-3f9c2a7d10b4e856", "acme"


def sha(data):
    return hashlib.sha256(data).digest()


def b64(data):
    return base64.b64encode(data).decode()


def canonical(value):
    """As RFC 8785 has it for the texts and small integers of these samples."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def add(p, q):
    """Of points (X, Y, Z, T) with x = X/Z, y = Y/Z, x * y = T/Z: RFC 8032, section 5.1.4."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P


def multiply(n, p):
    q, p = (0, 1, 1, 0), (*p, 1, p[0] * p[1])
    for bit in bin(n)[2:]:
        q = add(q, q)
        if bit == "1":
            q = add(q, p)
    inverse = pow(q[2], -1, P)
    return q[0] * inverse % P, q[1] * inverse % P


def encode(p):
    return (p[1] | (p[0] & 1) << 255).to_bytes(32, "little")


class Signer:
    """An Ed25519 key by RFC 8032, made of a word; its name in notes may differ from log to log."""

    def __init__(self, word, name, kind=1):
        h = hashlib.sha512(sha(word.encode())).digest()
        self.scalar = int.from_bytes(h[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix, self.public, self.name, self.kind = h[32:], encode(multiply(self.scalar, B)), name, kind

    def under(self, name):
        other = copy.copy(self)
        other.name = name
        return other

    @property
    def identity(self):
        return sha(self.name.encode() + b"\n" + bytes([self.kind]) + self.public)[:4]

    @property
    def vkey(self):
        return f"{self.name}+{self.identity.hex()}+{b64(bytes([self.kind]) + self.public)}"

    def sign(self, message):
        r = int.from_bytes(hashlib.sha512(self.prefix + message).digest(), "little") % L
        point = encode(multiply(r, B))
        k = int.from_bytes(hashlib.sha512(point + self.public + message).digest(), "little") % L
        return point + ((r + k * self.scalar) % L).to_bytes(32, "little")

    def line(self, text, time=1775117700):
        if self.kind == 1:
            signature = self.sign(text.encode())
        else:
            signature = time.to_bytes(8, "big") + self.sign(f"cosignature/v1\ntime {time}\n{text}".encode())
        return f"— {self.name} {b64(self.identity + signature)}\n"


KEY, OTHER = Signer("log", f"{LEDGER}/{COMPANY}"), Signer("another log", f"{LEDGER}/{COMPANY}")
W1, W2 = Signer("w1", "witness.example/w1", 4), Signer("w2", "witness.example/w2", 4)


def note(origin, size, root, *signers):
    text = f"{origin}\n{size}\n{b64(root)}\n"
    return text + "\n" + "".join(each.line(text) for each in signers)


def root_of(hashes):
    if len(hashes) < 2:
        return hashes[0] if hashes else sha(b"")
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha(b"\1" + root_of(hashes[:k]) + root_of(hashes[k:]))


def proof_of(index, hashes):
    if len(hashes) < 2:
        return []
    k = 1 << (len(hashes) - 1).bit_length() - 1
    if index < k:
        return proof_of(index, hashes[:k]) + [b64(root_of(hashes[k:]))]
    return proof_of(index - k, hashes[k:]) + [b64(root_of(hashes[:k]))]


class Log:
    """The leaves of a company, as they are recorded."""

    def __init__(self):
        self.leaves, self.certificates, self.reopened = [], [], []

    def record(self, stream, kind, body, headers=None):
        number = len(self.leaves)
        salt = sha(f"salt {number}".encode())[:16]
        self.leaves.append({
            "envelope": {
                "format": "backoffice-leaf/1", "company": COMPANY, "sequence": str(number * 3 + 7),
                "event": f"0b9f0f5e-6f5c-4b0b-9c1b-{number:012x}", "stream": stream,
                "version": str(1 + sum(each["envelope"]["stream"] == stream for each in self.leaves)), "type": kind,
                "recorded": f"2026-04-02T08:15:00.{number:06}Z", "actor": "key:k3yprefx", "correlation": None,
                "causation": None, "headers": b64(sha(canonical(headers))) if headers else None,
                "body": b64(hmac.digest(salt, canonical(body), "sha256"))},
            "salt": b64(salt), "body": body, **({"headers": headers} if headers else {})})
        return number

    def hashes(self):
        return [sha(b"\0" + canonical(each["envelope"])) for each in self.leaves]

    def enter(self, name, day, *lines, **more):
        self.record(f"journal-entry/{name}", "journal_entry_posted", {
            "bookedOn": day, "description": "Наем \u2028 \U0001f600", "currency": "EUR", "lines": [*lines], **more})

    def close(self, period, change=None, certificate=None):
        """Closes a period; its certificate follows at once, changed as 'change' does."""
        at = self.record("periods", "period_closed", {"period": period})
        body = self.certificate(period, at)
        (change or (lambda _: None))(body)
        self.certificates.append({**body})
        self.record(certificate or f"period-certificate/{period}", "period_certified", body)

    def reopen(self, period):
        at = self.record("periods", "period_reopened", {"period": period, "reason": "Late invoice"})
        self.reopened.append((at, period))

    def certificate(self, period, at):
        before = [
            each for each in self.certificates if each["period"] < period and not any(
                position >= int(each["size"]) and reopened <= each["period"] for position, reopened in self.reopened)]
        before = max(before, key=lambda each: (each["period"], int(each["size"])), default=None)
        entries = [each["body"] for each in self.leaves if each["envelope"]["type"] == "journal_entry_posted"]
        last = f"{period}-{calendar.monthrange(int(period[:4]), int(period[5:]))[1]}"
        days = [each["bookedOn"] for each in entries if each["bookedOn"] <= last]
        first = min(days, default=f"{period}-01")
        if before:
            first = str(date.fromisoformat(before["to"]) + timedelta(1))
        inside = [each for each in entries if first <= each["bookedOn"] <= last]
        numbers = [n for n, each in enumerate(entries, 1) if each in inside]  # all are of one fiscal year

        def base(side):
            return plain(sum(Decimal((line.get("resolved") or {}).get("baseAmount", line["amount"]))
                             for each in inside for line in each["lines"] if line["side"] == side))

        balance = trial_balance([each for each in entries if each["bookedOn"] <= last], first)
        chart = {}
        for each in self.leaves:
            if each["envelope"]["type"] in ("account_opened", "account_changed"):
                account = each["body"]["account"]
                chart[each["body"]["code"]] = {
                    "code": each["body"]["code"], "type": account["type"], "parent": account.get("parent"),
                    "currency": account.get("currency")}
        body = {
            "format": "1", "period": period, "from": first, "to": last,
            "closing": self.leaves[at]["envelope"]["event"],
            "closingSequence": self.leaves[at]["envelope"]["sequence"], "size": str(at + 1),
            "root": b64(root_of(self.hashes())), "trialBalance": b64(sha(canonical(balance))),
            "chart": b64(sha(canonical([chart[code] for code in sorted(chart)]))), "entries": str(len(inside)),
            "firstNumber": str(min(numbers)) if numbers else None, "lastNumber": str(max(numbers)) if numbers else None,
            "debit": base("debit"), "credit": base("credit"),
            "previous": b64(sha(canonical(before))) if before else None, "closedBy": "key:k3yprefx",
            "approvedBy": None, "alone": False}
        return {name: value for name, value in body.items() if value is not None}


def plain(amount):
    text = f"{Decimal(amount):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def trial_balance(entries, first):
    lines = [(entry["bookedOn"], entry["currency"], line) for entry in entries for line in entry["lines"]]

    def unit(currency, line):
        return (line.get("resolved") or {}).get("unit", currency)

    def row(account, of):
        def total(when, side, name):
            return sum(
                Decimal((line.get("resolved") or {}).get("baseAmount", line["amount"]) if name else line["amount"])
                for day, currency, line in lines
                if line["account"] == account and unit(currency, line) == of and line["side"] == side and when(day))

        made = {"account": account, "unit": of}
        for name in ("", "base"):
            opening = total(lambda day: day < first, "debit", name) - total(lambda day: day < first, "credit", name)
            debit, credit = (total(lambda day: day >= first, side, name) for side in ("debit", "credit"))
            for word, amount in ("opening", opening), ("debit", debit), ("credit", credit), (
                    "closing", opening + debit - credit):
                made[name + word.title() if name else word] = plain(amount)
        return made

    return [row(*each) for each in sorted({(line["account"], unit(currency, line)) for _, currency, line in lines})]


def line(account, side, amount, unit=None, base=None):
    resolved = {"currency": unit, "resolved": {"unit": unit, "baseAmount": base}} if unit else {}
    return {"account": account, "side": side, "amount": amount, **resolved}


def books(change=None, late=None, stream=None):
    """A year's beginning with everything that certificates tell; 'change' lies in the certificate of February."""
    log = Log()
    log.record("company", "company_registered", {
        "settings": {"name": "Акме ООД", "currency": "EUR", "country": "BG", "digits": {"VACHR": 1}},
        "timeZone": "Europe/Sofia", "fiscalYearStart": "10-01"}, headers={"request": "r-1"})
    for code, kind, more in (
            ("101", "equity", {}), ("503", "asset", {"parent": "50"}), ("50", "asset", {}), ("602", "expense", {}),
            ("504", "asset", {"currency": "USD"}), ("Банка/1"[:5], "asset", {})):
        log.record("chart", "account_opened", {"code": code, "account": {"name": code, "type": kind, **more}})
    log.record("chart", "account_changed", {
        "code": "602", "account": {"name": "Rent", "type": "expense", "parent": "50"}})
    log.enter("opening", "2025-12-31", line("503", "debit", "1000.00"), line("101", "credit", "1000.00"))
    log.enter("rent-1", "2026-01-31", line("602", "debit", "1200.50"), line("503", "credit", "1200.50"))
    log.close("2026-01")
    log.record("employee/e-1", "employee_registered", {"person": {"ciphertext": "grtXECTk"}})
    log.enter("usd", "2026-02-02", line("504", "debit", "100.00", "USD", "92.00"), line("503", "credit", "92.00"))
    log.enter("fee", "2026-02-03", line("602", "debit", "0.10"), line("503", "credit", "0.10"))
    log.enter("red", "2026-02-03", line("602", "debit", "-0.10"), line("503", "credit", "-0.10"), corrects="fee")
    log.close("2026-02", change, stream)
    log.enter("rent-3", "2026-03-31", line("602", "debit", "1200.50"), line("503", "credit", "1200.50"))
    if late:
        log.enter("late", late, line("602", "debit", "7"), line("503", "credit", "7"))
    log.close("2026-03")
    log.reopen("2026-02")
    log.enter("found", "2026-02-28", line("602", "debit", "5.00"), line("503", "credit", "5.00"))
    log.close("2026-03")
    log.record("payslip/r-1/e-1", "payslip_calculated", {"ciphertext": "grtXECTk"})
    return log
