#!/usr/bin/env python3
"""Verifies a proof or a bundle of BackOffice by docs/audit-format.md alone: no package, no database, no network.
Says what was checked and what was not; ends with 0 (nothing refuted), 1 (refuted or damaged) or 2 (usage)."""
import argparse, calendar, copy, datetime, hashlib, hmac, sys, zipfile
from collections import Counter, defaultdict
from decimal import Decimal
from functools import partial

from standards import (  # the file beside this one
    Refuted, canonical, check_inclusion, digest, decode, encode, grow, key_of, must, open_checkpoint, parse, parse_key,
    plain, root_of, sha)

LINE_MAX, FILE_MAX = 1 << 24, 1 << 26  # bytes of a line, and of any other file: a "zip bomb" gets no further
FILES = ["README.txt", "checkpoint", "leaves.ndjson", "ledger.json", "manifest.json"]
COLUMNS = "opening debit credit closing baseOpening baseDebit baseCredit baseClosing".split()
COMPANY, ACCOUNT = ("company_registered", "company_changed"), ("account_opened", "account_changed")
NEEDED = {*COMPANY, *ACCOUNT, "journal_entry_posted", "period_reopened", "period_certified"}  # by certificates

def check_leaf(leaf, company):
    """Whether what is disclosed fits the envelope; answers the leaf's data, the envelope, and the body or None."""
    envelope, salt, body, headers = map(leaf.get, ("envelope", "salt", "body", "headers"))
    must(envelope["format"] == "backoffice-leaf/1", f"the format {envelope['format']} is unknown")
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
    whole, owners = key_of(1, key.name.split("/")[0], key.public), {parse_key(4, e["key"]): e["owner"] for e in listed}
    above = open_checkpoint(ledger["checkpoint"], whole, {*owners, *trusted})
    check_inclusion(checkpoint.text, ledger, above)
    print(f"The log over all companies ({whole.name}, {above.size} leaves, the same key) holds this checkpoint.")
    if not trusted: print("NOT checked: no witness was named by --witness, so times are the operator's claim.")
    for each in sorted({*owners, *trusted} & {*above.times} | trusted):
        must(each in above.times, f"the witness {each.name} has not cosigned it")
        time = datetime.datetime.fromtimestamp(above.times[each], datetime.timezone.utc).isoformat()
        print(f"The witness {each.name} (owner: {owners.get(each, 'not in the file')}) saw it by {time}",
              "by the key that you named." if each in trusted else "(NOT checked: whose key it is; see --witness).")

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
              leaf["recorded"], "by", leaf["actor"], "but NOT its body." if body is None else "with its body.")
    print(f"The log {key.name} of {checkpoint.size} leaves, signed by the key, holds what is proven.")
    check_ledger(proof.get("ledger"), checkpoint, key, witnesses, proof.get("witnesses") or [])

class Books:
    """What certificates state, from the bodies that are disclosed among the leaves so far."""
    def __init__(self):
        self.sums, self.numbers, self.chart = defaultdict(lambda: [Decimal(0)] * 4), defaultdict(list), {}
        self.hidden, self.counts, self.start = Counter(), Counter(), "01-01"

    def missing(self): return {kind: self.hidden[kind] for kind in sorted(NEEDED) if self.hidden[kind]}

    def year(self, day): return int(day[:4]) - (day[5:] < self.start)

    def fold(self, kind, body):
        if body is None: self.hidden[kind] += 1
        elif kind in COMPANY: self.start = body["fiscalYearStart"]
        elif kind in ACCOUNT: self.chart[body["code"]] = {
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

    def certify(self, stated, closing, root, before):
        """Holds a certificate against the leaves up to its closing; answers its closing balances."""
        period, first, last = stated["period"], stated["from"], stated["to"]
        facts = {"root": root, "closing": closing["event"], "closingSequence": closing["sequence"],
                 "closedBy": closing["actor"], "to": f"{period}-{calendar.monthrange(*map(int, period.split('-')))[1]}"}
        rows = defaultdict(lambda: [Decimal(0)] * 8)
        for (account, unit, day), sums in self.sums.items():
            for at, debit, credit in ((0, *sums[:2]), (4, *sums[2:])) if day <= last else ():
                moved = (debit - credit, 0, 0) if day < first else (0, debit, credit)
                for column, value in enumerate((*moved, debit - credit), at): rows[account, unit][column] += value
        opens, closes = ({at: (row[i], row[i + 4]) for at, row in rows.items() if row[i] or row[i + 4]} for i in (0, 3))
        if not self.missing():
            entries = [each for day in self.numbers for each in self.numbers[day] if first <= day <= last]
            numbers = [number for year, number in entries if year == self.year(last)]
            facts |= {
                "trialBalance": digest([{"account": at[0], "unit": at[1], **dict(zip(COLUMNS, map(plain, rows[at])))}
                                        for at in sorted(rows)]),
                "chart": digest([self.chart[code] for code in sorted(self.chart)]),
                "entries": str(len(entries)), "debit": plain(sum(row[5] for row in rows.values())),
                "credit": plain(sum(row[6] for row in rows.values())), "previous": before and before["digest"],
                "firstNumber": str(min(numbers)) if numbers else None,
                "lastNumber": str(max(numbers)) if numbers else None,
                "from": str(datetime.date.fromisoformat(before["to"]) + datetime.timedelta(1)) if before
                else min((day for day in self.numbers if day <= last), default=f"{period}-01")}
            must(not before or opens == before["closes"], "its opening is not the closing of the certificate before it")
        for name, fact in facts.items():
            must(stated.get(name) == fact, f"it states {name} {stated.get(name)}, but the leaves give {fact}")
        return {"to": last, "digest": digest(stated), "closes": closes}

def check_bundle(file, key, company, witnesses):
    archive = zipfile.ZipFile(file)
    must(sorted(archive.namelist()) == FILES and all(each.compress_type in (0, 8) for each in archive.infolist()),
         f"the ZIP does not hold exactly {', '.join(FILES)}")
    texts = {name: archive.open(name).read(FILE_MAX).decode() for name in FILES if name != "leaves.ndjson"}
    manifest, checkpoint = parse(texts["manifest.json"]), open_checkpoint(texts["checkpoint"], key)
    facts = {"format": "backoffice-bundle/1", "company": company, "origin": key.name, "size": str(checkpoint.size)}
    for name, fact in facts.items():
        must(manifest[name] == fact, f"manifest.json says {name} {manifest[name]}, not {fact}")
    trees, versions, sequence, shown, whole = [], Counter(), 0, 0, hashlib.sha256()
    books, closings, certificates, reopened, said = Books(), {}, {}, [], []
    with archive.open("leaves.ndjson") as lines:
        for index in range(checkpoint.size):
            Refuted.at, line = f"leaf {index} (line {index + 1} of leaves.ndjson)", lines.readline(LINE_MAX)
            must(line.endswith(b"\n"), f"it is missing, torn or over {LINE_MAX} bytes, of {checkpoint.size} leaves")
            whole.update(line)
            data, leaf, body = check_leaf(parse(line), company)
            must(int(leaf["sequence"]) > sequence, f"the sequence {leaf['sequence']} does not rise")
            kind, stream, sequence = leaf["type"], leaf["stream"], int(leaf["sequence"])
            versions[stream] += 1
            must(leaf["version"] == str(versions[stream]) or stream == "mt_tombstone",  # which Marten numbers otherwise
                 f"the version is not {versions[stream]} of {stream}")
            shown += body is not None
            grow(trees, sha(b"\0", data.encode()))
            books.fold(kind, body)
            if kind == "period_closed": closings[str(index + 1)] = leaf, root_of(trees), copy.deepcopy(books)
            elif kind == "period_reopened" and body: reopened.append((index, body["period"]))
            elif kind == "period_certified" and body and body["format"] != "1":
                books.hidden[kind] += 1  # nothing rests on what cannot be read
                said.append(f"NOT checked: the certificate at leaf {index} has a later format.")
            elif kind == "period_certified" and body:
                period, size = body["period"], body["size"]
                Refuted.at = f"the certificate of {period} (leaf {index})"
                must(size in closings and stream == f"period-certificate/{period}", "no closing is where it says")
                (closing, root, then), before = closings.pop(size), None
                for name in sorted(each for each in certificates if each < period):  # the last that no reopening undid
                    since = range(certificates[name]["size"], int(size))
                    if not any(at in since and undone <= name for at, undone in reopened): before = certificates[name]
                then.hidden["period_certified"] = books.hidden["period_certified"]
                certificates[period] = {**then.certify(body, closing, root, before), "size": int(size)}
                said.append(f"The certificate of {period} (leaf {index}) fits its closing and the root there. " + (
                    f"NOT complete: {then.missing()} are undisclosed up to there. NOT checked: its figures."
                    if then.missing() else "Complete: the trial balance from all entries is the certified one."))
        Refuted.at = "leaves.ndjson"
        must(not lines.read(1), f"there are more lines than the {checkpoint.size} leaves of the checkpoint")
    must(root_of(trees) == checkpoint.root, "the root of all leaves is not that of the checkpoint")
    must(encode(whole.digest()) == manifest["leaves"], "its hash is not the one in manifest.json")
    print(f"The log {key.name} of {checkpoint.size} leaves, signed by the key, is here whole.")
    print(f"{shown} bodies are disclosed and fit. NOT checked: {checkpoint.size - shown} others: {dict(+books.hidden)}.",
          *said, "NOT checked: README.txt, and period, time and keys in manifest.json: not signed.", sep="\n")
    if manifest.get("period") not in (None, *certificates):
        print(f"NOT complete: no certificate of {manifest['period']} is disclosed.")
    check_ledger(parse(texts["ledger.json"]), checkpoint, key, witnesses, manifest.get("witnesses") or [])

def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--key", required=True, type=partial(parse_key, 1), help="the company's: NAME/COMPANY+…")
    options.add_argument("--witness", action="append", default=[], type=partial(parse_key, 4))
    options.add_argument("file", type=argparse.FileType("rb"))
    given = options.parse_args()
    try:
        check = check_bundle if given.file.peek(2)[:2] == b"PK" else check_proof
        check(given.file, given.key, given.key.name.split("/", 1)[1], {*given.witness})
        return print("NOT shown by this: that all that happened was recorded; only that none of it was changed.")
    except Refuted as wrong: print(f"REFUTED at {Refuted.at}: {wrong}.")
    except Exception as wrong: print(f"REFUTED at {Refuted.at}: it is damaged or not of this format: {wrong!r}.")
    return 1

if __name__ == "__main__": sys.exit(main())
