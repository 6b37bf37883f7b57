#!/usr/bin/env python3
"""Verifies a proof or a bundle of BackOffice by docs/audit-format.md alone: no package, no database, no network.
Says what was checked and what was not; ends with 0 (nothing refuted), 1 (refuted or damaged) or 2 (usage)."""
import argparse, base64, collections, datetime, decimal, hashlib, hmac, json, re, sys, zipfile
from decimal import Decimal
LINE_MAX, FILE_MAX, BODY_MAX = 1 << 24, 1 << 26, 1 << 16  # bytes of a line, any other file, a certificate: no zip bomb
FILES = ["README.txt", "checkpoint", "leaves.ndjson", "ledger.json", "manifest.json"]
COLUMNS = "account unit opening debit credit closing baseOpening baseDebit baseCredit baseClosing".split()
NEEDED = "company_", "account_", "journal_entry_posted", "period_"  # begin the types of what certificates rest on
decimal.setcontext(decimal.Context(prec=80, traps=[decimal.InvalidOperation, decimal.Inexact]))  # nothing is rounded
class Refuted(argparse.ArgumentTypeError): at = "the file"  # where the reading stands
def must(holds, words):
    if not holds: raise Refuted(words)
def agree(stated, **facts):
    for name, fact in facts.items(): must(stated.get(name) == fact, f"{name} is {stated.get(name)}, and not {fact}")
def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def encode(data): return base64.b64encode(data).decode()
def decode(text): return data if encode(data := base64.b64decode(text)) == text else must(False, "it is no base64")
def number(text): return int(text) if re.fullmatch("0|[1-9][0-9]{0,18}", text) else must(False, f"{text} is no number")
def shown(text): return "".join(each if each.isprintable() else "?" for each in text)  # a terminal acts on the rest
def plain(amount): return format(amount.normalize(), "f") if amount else "0"
def unique(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else must(False, "a name in JSON stands twice")
parse = json.JSONDecoder(parse_int=Decimal, parse_float=Decimal, parse_constant=int, object_pairs_hook=unique).decode
def canonical(value):  # RFC 8785, of numbers that a double keeps digit for digit
    if isinstance(value, list): return f"[{','.join(map(canonical, value))}]"
    if isinstance(value, dict): return "{" + ",".join(f"{canonical(name)}:{canonical(value[name])}" for name in sorted(
        value, key=lambda name: name.encode("utf-16-be"))) + "}"
    if not isinstance(value, Decimal): return json.dumps(value, ensure_ascii=False)
    must(Decimal(repr(float(value))) == value, f"a double does not keep the number {value}")
    return plain(value) if not value or -7 < value.adjusted() < 21 else format(value.normalize(), "e")
def digest(value): return encode(sha(canonical(value).encode()))

# Ed25519 by RFC 8032, section 5.1: a point is X, Y, Z and T, where x = X / Z, y = Y / Z and x * y = T / Z
P, L, D = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493, -121665 * pow(121666, -1, 2**255 - 19)
def add(p, q):
    a, b, c, d = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0]), 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    return (b - a) * (d - c) % P, (d + c) * (b + a) % P, (d - c) * (d + c) % P, (b - a) * (b + a) % P
def times(n, p): return (0, 1, 1, 0) if n == 0 else add(p, times(n - 1, p)) if n % 2 else times(n // 2, add(p, p))
def same(p, q): return (p[0] * q[2] - q[0] * p[2]) % P == (p[1] * q[2] - q[1] * p[2]) % P == 0
def point(data):  # that these 32 bytes encode
    y, odd = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square: x = x * pow(2, (P - 1) // 4, P) % P
    must(y < P and x * x % P == square and x >= odd, "32 bytes of a key or signature are no point of Ed25519")
    return (x := x if x % 2 == odd else P - x), y, 1, x * y
def is_signed(public, signature, message):
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    s, base = int.from_bytes(signature[32:], "little"), point(b"X" + b"f" * 31)
    return len(signature) == 64 and s < L and same(times(s, base), add(point(signature[:32]), times(k, point(public))))

# Merkle trees by RFC 6962, section 2.1
def led_to(node, index, size, proof):  # the root that a leaf and its proof lead to
    must(0 <= index < size and (size == 1) == (not proof) and len(node) == 32, "the proof has the wrong length")
    if size == 1: return node
    half = 1 << (size - 1).bit_length() >> 1  # the largest power of two below the size
    if index < half: return sha(b"\1", led_to(node, index, half, proof[:-1]), proof[-1])
    return sha(b"\1", proof[-1], led_to(node, index - half, size - half, proof[:-1]))
def root_of(nodes):  # of the tree over these leaves
    half = 1 << (len(nodes) - 1).bit_length() >> 1
    return nodes[0] if len(nodes) == 1 else sha(b"\1", root_of(nodes[:half]), root_of(nodes[half:]))

# Keys and checkpoints by C2SP's signed-note, tlog-checkpoint and tlog-cosignature
def key_of(name, kind, public): return name, sha(f"{name}\n".encode(), bytes([kind]), public)[:4], kind, public
def verifier_key(text, kind=4):  # its name, id, kind (1: of a log, 4: of a witness) and public key
    name, number, data = text.split("+", 2)
    key = key_of(name, kind, decode(data)[1:])
    return key if number == key[1].hex() and len(key[3]) == 32 else must(False, "it has another id, or another type")
def open_checkpoint(note, name, number, kind, public):  # its text, size and root, and the times in the key's signatures
    found, seen = re.fullmatch("((.+)\n(0|[1-9][0-9]*)\n(.+)\n)\n((?:\u2014 [^ \n]+ [^ \n]+\n){1,64})", note), []
    must(found and len(note) <= 1 << 20, "the checkpoint is not three lines, a blank one and signatures")
    for data in (decode(data) for signer, data in re.findall("\u2014 (.+) (.+)\n", found[5]) if signer == name):
        if data[:4] != number: continue
        seconds, signature = (int.from_bytes(data[4:12], "big"), data[12:]) if kind == 4 else (0, data[4:])
        message = (f"cosignature/v1\ntime {seconds}\n" if kind == 4 else "") + found[1]
        must(is_signed(public, signature, message.encode()), f"the signature of {name} is false")
        seen.append(datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc))
    must(kind == 4 or seen and name == found[2], f"the checkpoint is not of {name}+{number.hex()}")
    return found[1], int(found[3]), found[4], seen

# Leaves, proofs and bundles by docs/audit-format.md
def check_inclusion(data, proven, size, root):
    node = led_to(sha(b"\0", data.encode()), number(proven["index"]), size, [*map(decode, proven["proof"])])
    must(encode(node) == root, "the proof does not lead to the root of the checkpoint")
def check_leaf(leaf, **facts):  # answers the leaf's data, its envelope, and its body or None
    envelope, salt, body, headers = map(leaf.get, ("envelope", "salt", "body", "headers"))
    agree(envelope, format="backoffice-leaf/1", **facts)
    must(salt is body is None or len(decode(salt)) == 16 and envelope["body"] == encode(
        hmac.digest(decode(salt), canonical(body).encode(), "sha256")), "the body is not the recorded one")
    must(headers is None or digest(headers) == envelope["headers"], "the headers are not the recorded ones")
    return canonical(envelope), envelope, parse(body) if isinstance(body, str) else body

def check_ledger(ledger, text, key, witnesses, named):
    Refuted.at = "the ledger's log"
    must(ledger or not witnesses, "it does not hold this checkpoint yet, so no witness has cosigned it")
    if not ledger: return (yield "NOT checked: the log over all companies does not hold this checkpoint yet.")
    _, size, root, _ = open_checkpoint(ledger["checkpoint"], *key_of(key[0].split("/")[0], 1, key[3]))
    check_inclusion(text, ledger, size, root)
    yield f"The log over all companies ({size} leaves, signed by the same key) holds this checkpoint."
    for each in dict.fromkeys([*witnesses, *(verifier_key(other["key"]) for other in named or ())]):
        seen, trusted = open_checkpoint(ledger["checkpoint"], *each)[3], each in witnesses
        must(seen or not trusted, f"the checkpoint is not of {each[0]}+{each[1].hex()}")
        if seen: yield f"{'The witness' if trusted else 'NOT checked who this is:'} {each[0]} saw it by {min(seen)}."
    if not witnesses: yield "NOT checked: no witness was named by --witness, so times are the operator's claim."

def check_proof(file, key, company, witnesses):
    agree(proof := parse(file.read(FILE_MAX).decode()), format="backoffice-proof/1", company=company)
    text, size, root, _ = open_checkpoint(proof["checkpoint"], *key)
    for each in proof["events"] or must(False, "it proves no event"):
        Refuted.at = f"leaf {each['index']}"
        data, leaf, body = check_leaf(each, company=company, stream=proof["stream"])
        check_inclusion(data, each, size, root)
        yield (f"Proven: {Refuted.at} is {leaf['type']}, version {leaf['version']} of {leaf['stream']}, recorded "
               f"{leaf['recorded']} by {leaf['actor']} {'but NOT its body' if body is None else 'with its body'}.")
    yield f"The log {key[0]} of {size} leaves, signed by the key, holds what is proven."
    yield from check_ledger(proof.get("ledger"), text, key, witnesses, proof.get("witnesses"))

def check_bundle(file, key, company, witnesses):
    archive = zipfile.ZipFile(file)
    must(sorted(archive.namelist()) == FILES and all(each.compress_type in (0, 8) for each in archive.infolist()),
         f"the ZIP does not hold exactly {', '.join(FILES)}")
    texts = {name: archive.open(name).read(FILE_MAX).decode() for name in FILES if name != "leaves.ndjson"}
    text, size, root, _ = open_checkpoint(texts["checkpoint"], *key)
    nodes, versions, sequence, hashed, hidden = [], collections.Counter(), 0, hashlib.sha256(), collections.Counter()
    books, closed, closings, certified, lines = collections.defaultdict(list), {}, {}, {}, archive.open("leaves.ndjson")
    for index, line in enumerate(iter(lambda: lines.readline(LINE_MAX), b"")):
        Refuted.at = f"leaf {index} (line {index + 1} of leaves.ndjson)"
        must(line.endswith(b"\n") and index < size, f"it is torn, over {LINE_MAX} bytes, or more than {size}")
        hashed.update(line)
        data, leaf, body = check_leaf(parse(line.decode()), company=company)
        must(number(leaf["sequence"]) > sequence, f"the sequence {leaf['sequence']} does not rise")
        sequence, stream, kind = int(leaf["sequence"]), leaf["stream"], leaf["type"]
        versions[stream] += 1
        agree(leaf, **({"type": "tombstone"} if stream == "mt_tombstone" else {"version": str(versions[stream])}))
        nodes.append(sha(b"\0", data.encode()))
        must(kind != "period_certified" or len(canonical(body).encode()) <= BODY_MAX, "its body is too large")
        if kind == "period_certified" and body and body["format"] != "1": kind, body = f"{kind} of a later format", None
        if body is None: hidden[kind] += 1
        elif kind.startswith(NEEDED): books[kind.split("_")[0]].append(body)
        missing = ", ".join(sorted(each for each in hidden if each.startswith(NEEDED)))
        if kind == "period_closed":
            closings[str(index + 1)] = facts = {"closing": leaf["event"], "closingSequence": leaf["sequence"],
                                                "closedBy": leaf["actor"], "root": encode(root_of(nodes))}
            if not missing: facts.update(certificate(body["period"], str(index + 1), books, closed))
        elif kind == "period_reopened" and body: closed = {at: closed[at] for at in closed if at < body["period"]}
        elif kind == "period_certified" and body:
            Refuted.at, facts = f"the certificate of {body['period']} (leaf {index})", closings.pop(body["size"], None)
            must(facts and stream == f"period-certificate/{body['period']}", "no closing is where it says")
            before, certified[body["size"]] = facts.pop("before", None), digest(body)
            agree(body, **(facts if missing else {**facts, "previous": certified.get(before)}))
            must(missing or {*body} <= {*facts, *"format size previous approvedBy alone".split()}, "it has other names")
            yield (f"NOT complete: {Refuted.at} fits its closing, but bodies of {missing} are not disclosed." if missing
                   else f"Complete: the trial balance of all entries is that in {Refuted.at}.")
    Refuted.at, others = "the bundle", ", ".join(f"{hidden[each]} {each}" for each in sorted(hidden))
    must((len(nodes), encode(root_of(nodes))) == (size, root), f"{len(nodes)} leaves have another root or size")
    agree(manifest := parse(texts["manifest.json"]), format="backoffice-bundle/1", company=company, origin=key[0],
          size=str(size), leaves=encode(hashed.digest()))
    yield f"The log {key[0]} of {size} leaves, signed by the key, is here whole."
    yield f"{size - sum(hidden.values())} bodies are shown and fit. NOT checked: README.txt; {others or 'no'} bodies."
    yield from check_ledger(parse(texts["ledger.json"]), text, key, witnesses, manifest.get("witnesses"))

def certificate(period, size, books, closed):  # what that of a closing states; adds it to those that are in force
    after = (datetime.date.fromisoformat(f"{period}-28") + datetime.timedelta(4)).replace(day=1)
    last, days = str(after - datetime.timedelta(1)), [each["bookedOn"] for each in books["journal"]]
    before, first, booked = closed.get(max((month for month in closed if month < period), default=None)) or (
        None, min((day for day in days if day <= last), default=f"{period}-01"), 0)
    must(sum(day < first for day in days) == booked, "its opening is not the closing of the one before it")
    closed[period] = size, str(after), sum(day <= last for day in days)
    def year(day): return int(day[:4]) - (day[5:] < books["company"][-1]["fiscalYearStart"])  # in which it begins
    numbers = [str(n) for n, on in enumerate((on for on in days if year(on) == year(last)), 1) if first <= on <= last]
    rows = collections.defaultdict(lambda: [Decimal(0)] * 6)  # opening, debit, credit; and in the functional currency
    for day, entry in zip(days, books["journal"]):
        for line in entry["lines"] if day <= last else ():
            resolved, credit = line.get("resolved") or {}, line["side"] == "credit"
            row = rows[line["account"], resolved.get("unit", entry["currency"])]
            column, sign = (0, -1 if credit else 1) if day < first else (2 if credit else 1, 1)
            row[column] += sign * Decimal(line["amount"])
            row[column + 3] += sign * Decimal(resolved.get("baseAmount", line["amount"]))
    return {"period": period, "from": first, "to": last, "before": before, "entries": str(closed[period][2] - booked),
            "firstNumber": numbers[0] if numbers else None, "lastNumber": numbers[-1] if numbers else None,
            "debit": plain(sum(row[4] for row in rows.values())), "credit": plain(sum(row[5] for row in rows.values())),
            "chart": digest([{"code": code, **{name: account.get(name) for name in ("type", "parent", "currency")}}
                             for code, account in sorted({e["code"]: e["account"] for e in books["account"]}.items())]),
            "trialBalance": digest([dict(zip(COLUMNS, (*of, *map(plain, (a, b, c, a + b - c, d, e, f, d + e - f)))))
                                    for of, (a, b, c, d, e, f) in sorted(rows.items())])}

if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--key", required=True, type=lambda text: verifier_key(text, 1), help="NAME/COMPANY+…")
    options.add_argument("--witness", action="append", default=[], type=verifier_key, help="a witness's: NAME+…")
    options.add_argument("file", type=argparse.FileType("rb"))
    given = options.parse_args()
    sys.stdout.reconfigure(errors="backslashreplace")
    try:
        check = check_bundle if given.file.peek(2)[:2] == b"PK" else check_proof
        print(*map(shown, check(given.file, given.key, given.key[0].partition("/")[2], given.witness)), sep="\n")
        print("NOT shown by this: that all that happened was recorded; only that none of it was changed.")
    except Refuted as wrong: sys.exit(shown(f"REFUTED at {Refuted.at}: {wrong}."))
    except Exception as wrong: sys.exit(shown(f"REFUTED at {Refuted.at}: damaged or not of this format: {wrong!r}."))
