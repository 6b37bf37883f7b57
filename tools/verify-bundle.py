#!/usr/bin/env python3
"""Verifies a proof or a bundle of BackOffice by docs/audit-format.md alone: no package, no database, no network.
Says what was checked and what was not; ends with 0 (nothing refuted), 1 (refuted or damaged) or 2 (usage)."""
import argparse, base64, calendar, copy, datetime, decimal, functools, hashlib, hmac, json, re, sys, zipfile
from collections import Counter, defaultdict, namedtuple
from decimal import Decimal

LINE_MAX, FILE_MAX = 1 << 24, 1 << 26  # bytes of a line, and of any other file: a "zip bomb" gets no further
FILES = ["README.txt", "checkpoint", "leaves.ndjson", "ledger.json", "manifest.json"]
MEMBERS = "actor body causation company correlation event format headers recorded sequence stream type version".split()
SUMS = "opening debit credit closing baseOpening baseDebit baseCredit baseClosing".split()
NEEDED = ("journal_entry_posted company_registered company_changed account_opened account_changed period_reopened "
          "period_certified").split()  # the types whose bodies a certificate is checked by
Key, Checkpoint = namedtuple("Key", "name id kind public"), namedtuple("Checkpoint", "text size root times")
decimal.setcontext(decimal.Context(prec=80, traps=[decimal.InvalidOperation, decimal.Inexact]))

class Refuted(Exception): at = "the file"  # where the reading stands
def must(holds, words):
    if not holds: raise Refuted(words)
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def encode(data): return base64.b64encode(data).decode()
def decode(text): return base64.b64decode(text, validate=True)
def plain(value): return format(value.normalize(), "f") if value else "0"
def utf16(text): return text.encode("utf-16-be")
def unique(pairs):
    must(len(dict(pairs)) == len(pairs), "an object in JSON has a name twice")
    return dict(pairs)
def parse(text):
    return json.loads(text, parse_int=Decimal, parse_float=Decimal, parse_constant=int, object_pairs_hook=unique)
def canonical(value):
    """The text by RFC 8785, where a double keeps all numbers digit for digit."""
    if isinstance(value, dict):
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in sorted(value, key=utf16)) + "}"
    if isinstance(value, list): return "[" + ",".join(map(canonical, value)) + "]"
    if not isinstance(value, Decimal): return json.dumps(value, ensure_ascii=False)
    must(Decimal(repr(float(value))) == value, f"a double does not keep the number {value}")
    power = value.adjusted()
    return plain(value) if not value or -7 < power < 21 else plain(value.scaleb(-power)) + f"e{power:+d}"
def digest(value): return encode(sha(canonical(value).encode()))

# Ed25519 by RFC 8032, section 5.1, in affine coordinates.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
def add(p, q):
    (x, y), (u, v), t = p, q, D * p[0] * p[1] * q[0] * q[1]
    return (x * v + y * u) * pow(1 + t, -1, P) % P, (y * v + x * u) * pow(1 - t, -1, P) % P
def times(n, p): return functools.reduce(lambda q, bit: add(add(q, q), p if bit == "1" else (0, 1)), f"{n:b}", (0, 1))
def point(data):
    """The point that 32 bytes encode, or None: each point has one encoding alone."""
    y, sign = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if x * x % P == square else x * pow(2, (P - 1) // 4, P) % P
    return None if y >= P or x * x % P != square or x == 0 < sign else (x if x % 2 == sign else P - x, y)
def is_signed(public, signature, message):
    if len(signature) != 64: return False
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    base = point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
    return None not in (a, r) and s < L and times(s, base) == add(r, times(k, a))

# Keys, signed notes and Merkle trees.
def key_of(name, kind, public): return Key(name, sha(name.encode(), b"\n", bytes([kind]), public)[:4], kind, public)
def parse_key(text, kind):
    name, _, data = text.split("+", 2)
    key = key_of(name, kind, decode(data)[1:])
    must(text == f"{name}+{key.id.hex()}+{encode(bytes([kind]) + key.public)}" and len(key.public) == 32
         and point(key.public) and (kind == 4 or "/" in name), f"{text} is no verifier key of type {kind}")
    return key
def open_checkpoint(note, key, witnesses=()):
    """A checkpoint that the key has signed, with the times at which witnesses have."""
    (text, _, signatures), times = note.rpartition("\n\n"), {}
    lines, text = text.split("\n"), text + "\n"
    must(len(lines) == 3 and not re.search("[\0-\x09\x0b-\x1f]", note), "the checkpoint is not three lines and signatures")
    for line in signatures.removesuffix("\n").split("\n"):
        must(re.fullmatch("\u2014 [^ +]+ [^ ]+", line), f"the checkpoint has a line that is no signature: {line!r}")
        name, data = line.split(" ")[1], decode(line.split(" ")[2])
        for each in (each for each in {key, *witnesses} if (each.name, each.id) == (name, data[:4])):
            time, signed, message = int.from_bytes(data[4:12], "big"), data[4:], text.encode()
            if each.kind == 4: signed, message = data[12:], f"cosignature/v1\ntime {time}\n".encode() + message
            must(is_signed(each.public, signed, message), f"the signature of {name} under the checkpoint is false")
            times[each] = time
    must(key in times, f"the checkpoint has no signature of the key {key.name}+{key.id.hex()}")
    must(lines[0] == key.name, f"the checkpoint is of the log {lines[0]}, not of {key.name}")
    return Checkpoint(text, int(lines[1]), lines[2], times)
def led_to(node, index, size, proof):
    """The root that a leaf and its proof lead to, by the recursion of RFC 6962, section 2.1.1."""
    must(0 <= index < size and (size == 1) == (not proof), "the proof has the wrong length")
    if size == 1: return node
    half = 1 << (size - 1).bit_length() - 1
    if index < half: return sha(b"\1", led_to(node, index, half, proof[:-1]), proof[-1])
    return sha(b"\1", proof[-1], led_to(node, index - half, size - half, proof[:-1]))
def check_inclusion(data, proven, checkpoint):
    root = led_to(sha(b"\0", data.encode()), int(proven["index"]), checkpoint.size, [*map(decode, proven["proof"])])
    must(encode(root) == checkpoint.root, "the proof does not lead to the root of the checkpoint")
def grow(trees, node):
    """Adds a leaf to perfect trees, each its size and root, that stand for the leaves before; answers the new root."""
    trees.append((1, node))
    while len(trees) > 1 and trees[-2][0] == trees[-1][0]:
        (size, left), (_, right) = trees.pop(-2), trees.pop()
        trees.append((2 * size, sha(b"\1", left, right)))
    return encode(functools.reduce(lambda right, tree: sha(b"\1", tree[1], right), trees[-2::-1], trees[-1][1]))

# What proofs and bundles have in common.
def check_leaf(leaf, company):
    """Whether all that is disclosed fits the envelope; answers the leaf's data, the envelope, and the body or None."""
    envelope, salt, body, headers = map(leaf.get, ("envelope", "salt", "body", "headers"))
    must(sorted(envelope) == MEMBERS and envelope["format"] == "backoffice-leaf/1", "this is not backoffice-leaf/1")
    must(envelope["company"] == company, f"this is of the company {envelope['company']}, not of {company}")
    must((salt is None) == (body is None), "there is a salt without a body, or a body without its salt")
    must(body is None or len(decode(salt)) == 16 and envelope["body"] ==
         encode(hmac.digest(decode(salt), canonical(body).encode(), "sha256")), "the body is not the recorded one")
    must(headers is None or digest(headers) == envelope["headers"], "the headers are not the recorded ones")
    return canonical(envelope), envelope, parse(body) if isinstance(body, str) else body
def check_ledger(ledger, checkpoint, key, trusted, listed):
    Refuted.at = "the ledger's log"
    must(ledger or not trusted, "it does not hold this checkpoint yet, so no witness has cosigned it")
    if not ledger: return print("NOT checked: the log over all companies does not hold this checkpoint yet.")
    whole, owners = key_of(key.name.split("/")[0], 1, key.public), {parse_key(e["key"], 4): e["owner"] for e in listed}
    above = open_checkpoint(ledger["checkpoint"], whole, {*owners, *trusted})
    check_inclusion(checkpoint.text, ledger, above)
    print(f"The log over all companies ({whole.name}, {above.size} leaves, the same key) holds this checkpoint.")
    for each in trusted: must(each in above.times, f"the witness {each.name} has not cosigned it")
    for each in above.times.keys() - {whole}:
        print(f"The witness {each.name} (owner: {owners.get(each, 'not in the file')}) saw it by",
              datetime.datetime.fromtimestamp(above.times[each], datetime.timezone.utc).isoformat(),
              "" if each in trusted else "(NOT checked: whether this is its key; name it by --witness)")
    if not trusted: print("NOT checked: no witness was named by --witness, so times are the operator's claim.")
def check_proof(file, key, company, witnesses):
    proof = parse(file.read(FILE_MAX))
    must(proof["format"] == "backoffice-proof/1" and proof["company"] == company and proof["events"],
         f"this is not backoffice-proof/1 of events of {company}")
    checkpoint = open_checkpoint(proof["checkpoint"], key)
    for each in proof["events"]:
        Refuted.at = f"leaf {each['index']}"
        data, leaf, body = check_leaf(each, company)
        must(leaf["stream"] == proof["stream"], f"this is of the stream {leaf['stream']}, not of {proof['stream']}")
        check_inclusion(data, each, checkpoint)
        print(f"Proven: {Refuted.at} is {leaf['type']}, version {leaf['version']} of {leaf['stream']}, recorded",
              leaf["recorded"], "by", leaf["actor"], "with its body." if body else "but NOT its body: it is not shown.")
    print(f"The log {key.name} of {checkpoint.size} leaves, signed by the key, holds what is proven.")
    check_ledger(proof["ledger"], checkpoint, key, witnesses, proof["witnesses"])

class Books:
    """What certificates state, from the bodies among the leaves so far."""
    def __init__(self):
        self.sums, self.numbers, self.chart = defaultdict(lambda: [Decimal(0)] * 4), defaultdict(list), {}
        self.counts, self.hidden, self.start = Counter(), Counter(), "01-01"
    def fold(self, kind, body):
        if body is None: self.hidden[kind] += 1
        elif kind in ("company_registered", "company_changed"): self.start = body["fiscalYearStart"]
        elif kind in ("account_opened", "account_changed"): self.chart[body["code"]] = {
            "code": body["code"], **{name: body["account"].get(name) for name in ("type", "parent", "currency")}}
        elif kind == "journal_entry_posted":
            day, year = body["bookedOn"], self.year(body["bookedOn"])
            self.counts[year] += 1
            self.numbers[day].append((year, self.counts[year]))
            for line in body["lines"]:
                resolved, side = line.get("resolved") or {}, ("debit", "credit").index(line["side"])
                sums = self.sums[line["account"], resolved.get("unit", body["currency"]), day]
                sums[side] += Decimal(line["amount"])
                sums[side + 2] += Decimal(resolved.get("baseAmount", line["amount"]))
    def year(self, day): return int(day[:4]) - (day[5:] < self.start)
    def balance(self, first, last):
        rows = defaultdict(lambda: [Decimal(0)] * 8)
        for (account, unit, day), sums in self.sums.items():
            for at, debit, credit in ((0, *sums[:2]), (4, *sums[2:])) if day <= last else ():
                moved = (debit - credit, 0, 0) if day < first else (0, debit, credit)
                for column, value in enumerate((*moved, debit - credit), at): rows[account, unit][column] += value
        return dict(sorted(rows.items(), key=lambda row: [*map(utf16, row[0])]))
    def certify(self, stated, closing, root, before):
        """Holds a certificate against the leaves up to its closing, and against the certificate that it goes on from."""
        period, first, last = stated["period"], stated["from"], stated["to"]
        facts = {"closing": closing["event"], "closingSequence": closing["sequence"], "root": root,
                 "closedBy": closing["actor"], "to": f"{period}-{calendar.monthrange(*map(int, period.split('-')))[1]}"}
        rows = self.balance(first, last)
        opens, closes = ({at: (row[i], row[i + 4]) for at, row in rows.items() if row[i] or row[i + 4]} for i in (0, 3))
        if not any(self.hidden[kind] for kind in NEEDED):
            numbers = [each for day in self.numbers for each in self.numbers[day] if first <= day <= last]
            in_year = [number for year, number in numbers if year == self.year(last)]
            table = [{"account": at[0], "unit": at[1], **dict(zip(SUMS, map(plain, row)))} for at, row in rows.items()]
            facts |= {"trialBalance": digest(table), "entries": str(len(numbers)), "previous": before and before["hash"],
                "debit": plain(sum(row[5] for row in rows.values())), "credit": plain(sum(row[6] for row in rows.values())),
                "firstNumber": str(min(in_year)) if in_year else None, "lastNumber": str(max(in_year)) if in_year else None,
                "chart": digest([self.chart[code] for code in sorted(self.chart, key=utf16)]),
                "from": str(datetime.date.fromisoformat(before["to"]) + datetime.timedelta(1)) if before
                else min((day for day in self.numbers if day <= last), default=f"{period}-01")}
            must(not before or opens == before["closes"], "its opening is not the closing of the certificate before it")
        for name, fact in facts.items():
            must(stated[name] == fact, f"it states {name} {stated[name]}, but the leaves give {fact}")
        return {"period": period, "to": last, "hash": digest(stated), "closes": closes}
def check_bundle(file, key, company, witnesses):
    archive = zipfile.ZipFile(file)
    must(sorted(archive.namelist()) == FILES and all(each.compress_type in (0, 8) for each in archive.infolist()),
         f"the ZIP does not hold exactly {', '.join(FILES)}")
    texts = {name: archive.open(name).read(FILE_MAX).decode() for name in FILES if name != "leaves.ndjson"}
    manifest, checkpoint = parse(texts["manifest.json"]), open_checkpoint(texts["checkpoint"], key)
    facts = {"format": "backoffice-bundle/1", "company": company, "origin": key.name, "size": str(checkpoint.size)}
    for name, fact in facts.items(): must(manifest[name] == fact, f"manifest.json has the {name} {manifest[name]}, not {fact}")
    trees, versions, shown, sequence, whole, root = [], Counter(), Counter(), 0, hashlib.sha256(), None
    books, closings, live, reopened = Books(), {}, {}, []
    with archive.open("leaves.ndjson") as file:
        for index in range(checkpoint.size):
            Refuted.at, line = f"leaf {index} (line {index + 1} of leaves.ndjson)", file.readline(LINE_MAX)
            must(line.endswith(b"\n"), f"it is missing, torn or over {LINE_MAX} bytes, of {checkpoint.size} leaves")
            whole.update(line)
            data, leaf, body = check_leaf(parse(line), company)
            root, kind, stream = grow(trees, sha(b"\0", data.encode())), leaf["type"], leaf["stream"]
            must(int(leaf["sequence"]) > sequence, f"the sequence {leaf['sequence']} does not rise")
            sequence, versions[stream], shown[kind] = int(leaf["sequence"]), versions[stream] + 1, shown[kind] + (body is not None)
            must(leaf["version"] == str(versions[stream]), f"version {leaf['version']} of {stream} is not {versions[stream]}")
            books.fold(kind, body)
            if kind == "period_closed": closings[str(index + 1)] = leaf, root, copy.deepcopy(books)
            elif kind == "period_reopened" and body:
                reopened.append((index, body["period"]))
                live = {period: each for period, each in live.items() if period < body["period"]}
            elif kind == "period_certified" and body:
                Refuted.at = f"the certificate of {body['period']} at leaf {index}"
                must(body["format"] == "1", f"it has the unknown format {body['format']}")
                must(body["size"] in closings and stream == f"period-certificate/{body['period']}", "no closing stands where it says")
                closing, then_root, then = closings[body["size"]]
                then.hidden["period_certified"] = books.hidden["period_certified"]
                this = then.certify(body, closing, then_root, live.get(max((p for p in live if p < body["period"]), default="")))
                if not any(at >= int(body["size"]) and period <= body["period"] for at, period in reopened): live[body["period"]] = this
                missing = {kind: then.hidden[kind] for kind in NEEDED if then.hidden[kind]}
                print(f"{Refuted.at} fits its closing and the root there.", f"NOT complete, so NOT checked: its figures. Undisclosed: {missing}." if missing
                      else "Complete: the trial balance of all entries disclosed is the certified one.")
        Refuted.at = "leaves.ndjson"
        must(not file.read(1), f"there are more lines than the {checkpoint.size} leaves of the checkpoint")
    must(root == checkpoint.root, "the root of all leaves is not that of the checkpoint")
    must(encode(whole.digest()) == manifest["leaves"], "its hash is not the one in manifest.json")
    print(f"The log {key.name} of {checkpoint.size} leaves, signed by the key, is here whole: no leaf was changed or left out.")
    print(f"{shown.total()} bodies are disclosed and fit; NOT disclosed are {books.hidden.total()}: {dict(books.hidden)}.")
    check_ledger(parse(texts["ledger.json"]), checkpoint, key, witnesses, manifest["witnesses"])

def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--key", required=True, help="the verifier key of the company's log, NAME/COMPANY+…")
    options.add_argument("--witness", action="append", default=[], help="that of a witness that must have cosigned")
    options.add_argument("file", type=argparse.FileType("rb"))
    given = options.parse_args()
    try: key, witnesses = parse_key(given.key, 1), {parse_key(each, 4) for each in given.witness}
    except (Refuted, ValueError) as wrong: options.error(f"a key is malformed: {wrong}")
    try:
        check = check_bundle if given.file.peek(2)[:2] == b"PK" else check_proof
        check(given.file, key, key.name.split("/", 1)[1], witnesses)
        return print("NOT shown by this: that all that happened was recorded; only that what was recorded is as it was.")
    except Refuted as wrong: print(f"REFUTED at {Refuted.at}: {wrong}.")
    except Exception as wrong: print(f"REFUTED at {Refuted.at}: it is damaged or not of this format: {wrong!r}.")
    return 1
if __name__ == "__main__": sys.exit(main())
