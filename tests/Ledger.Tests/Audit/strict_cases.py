#!/usr/bin/env python3
"""strict_cases.py FOLDER writes samples, each against one rule of docs/audit-format.md that is easily passed over, and
cases.json, which says of each how both verifiers must end, and what our own must say."""
import base64, json, sys, zipfile
from pathlib import Path

import audit_cases
import audit_samples
from audit_cases import Bundle, bundle, case, flip, lie, pack, proof, proven, put
from audit_samples import LEDGER, W1, b64, canonical, hmac, sha

TRUSTED = "--witness", W1.vkey


def relined(name, change, says):
    """A bundle of other lines, which the manifest names: it is not signed."""
    one = Bundle()
    lines = change(one.lines().split(b"\n")[:-1])
    one.manifest["leaves"] = b64(sha(b"\n".join(lines) + b"\n"))
    case(name + ".zip", pack({**one.content(), "leaves.ndjson": b"\n".join(lines) + b"\n"}), 1, says)


def at(number, change):
    return lambda lines: [*lines[:number], change(lines[number]), *lines[number + 1:]]


def names_twice():
    relined("twice-body", at(8, lambda line: b'{"body":{"bookedOn":"2026-01-01"},' + line[1:]), "torn")
    relined("twice-in-body", at(8, lambda line: line.replace(
        b'"bookedOn":', b'"bookedOn":"x","booked\\u004fn":')), "torn")
    content = Bundle().content()
    case("twice-made.zip", pack({**content, "manifest.json": '{"made":"x",' + content["manifest.json"][1:]}), 1, "torn")
    case("twice-stream.json", ('{"stream":"journal-entry/x",' + json.dumps(proof())[1:]).encode(), 1, "torn")


def files_twice():
    for name in "README.txt", "leaves.ndjson":
        made = Path(sys.argv[1]) / "made.zip"
        made.write_bytes(Bundle().pack())
        with zipfile.ZipFile(made, "a") as archive:
            archive.writestr(name, "other")
        case(f"two-{name}.zip", made.read_bytes(), 1, "does not hold exactly")
        made.unlink()


def numbers_and_base64():
    lie("sequence-zero", put("leaves", 0, "envelope", "sequence", "07"), "which is no number")
    for number, size in enumerate(("+26", " 26", "026", "2_6", "٢٦", "26.0", "9223372036854775808")):
        bundle(f"size-{number}", put("manifest", "size", size), "which is no number")
    proven("index-zero", lambda one: one["events"][0].update(index="0" + one["events"][0]["index"]), "is no number")
    bundle("salt-blank", lambda one: one.leaves[8].update(salt=" " + one.leaves[8]["salt"]), "is not 16 bytes in")
    bundle("salt-padded", lambda one: one.leaves[8].update(
        salt=b64(base64.b64decode(one.leaves[8]["salt"]) + b"\0")), "is not 16 bytes in base64")
    proven("hash-blank", lambda one: one["events"][0]["proof"].insert(0, one["events"][0]["proof"].pop(0) + "\n"),
           "has what is no base64")


def tombstones():
    def buried(kind):
        def change(one):
            one.leaves[25]["envelope"].update(stream="mt_tombstone", type=kind, version="99")
        return change
    lie("tombstone", buried("tombstone"), "Holds.", 0)
    lie("not-a-tombstone", buried("payslip_calculated"), "among what Marten left")


def bodies():
    def as_text(one):
        leaf = [each for each in one.leaves if each["envelope"]["type"] == "period_certified"][-1]
        leaf["body"] = canonical(leaf["body"]).decode()
        leaf["envelope"]["body"] = b64(
            hmac.digest(base64.b64decode(leaf["salt"]), canonical(leaf["body"]), "sha256"))
    lie("certificate-as-text", as_text, "Complete: the certificate of 2026-03 over 24 leaves", 0)
    bundle("certificate-large", lambda one: None, "a body of more than 65536 bytes",
           log=audit_samples.books(put("x", "x" * 70000)))
    bundle("certificate-member", lambda one: None, "member more is", log=audit_samples.books(put("more", "x")))
    bundle("no-certificate", put("manifest", "period", "2025-12"), "NOT complete: no certificate of 2025-12", 0)


def late():
    line = audit_samples.line
    audit_samples.line = lambda account, side, amount, *more: line(
        "602" if amount == "7" else account, side, amount, *more)
    books = audit_samples.books(late="2026-02-10")
    audit_samples.line = line
    bundle("late-but-nothing", lambda one: None, "does not open where the one before it closed", log=books)


def signatures():
    def cosigned(*lines):
        def change(one):
            text, marks = one.ledger["checkpoint"].split("\n\n")
            own = [mark for mark in marks.splitlines(True) if W1.name not in mark]
            one.ledger["checkpoint"] = text + "\n\n" + "".join(own) + "".join(
                each if isinstance(each, str) else W1.line(text + "\n", each) for each in lines)
        return change

    later, first = 1775117800, 1775117700
    bundle("cosigned-twice", cosigned(later, first), "saw it at 2026-04-02 08:15:00Z", 0, *TRUSTED)
    one = Bundle()
    text = one.ledger["checkpoint"].split("\n\n")[0] + "\n"
    bundle("cosigned-and-false", cosigned(first, flip(W1.line(text), 60)), "w1 is false", 1, *TRUSTED)
    bundle("cosigned-in-10000", cosigned(253402300800), "w1 is false", 1, *TRUSTED)
    bundle("witness-garbage", put("manifest", "witnesses", [{"owner": "x", "key": "y"}]), "'y' is no key of a witness")
    bundle("witness-listed", lambda one: None, "Not checked: that this is a key of 'Bank'", 0)
    bundle("terminal", put("manifest", "witnesses", [{"owner": "\x1b[2J\u202eHolds.\n", "key": W1.vkey}]),
           "a key of '?[2J?Holds.?'", 0)
    bundle("unsigned", lambda one: one.write(one.checkpoint.split("\n\n")[0] + "\n\n"), "is no signed note")
    proven("p-unsigned", put("checkpoint", "x\n\n"), "is no signed note")
    proven("ledger-unsigned", put("ledger", "checkpoint", f"{LEDGER}\n1\n\n"), "is no signed note")


def main():
    for each in names_twice, files_twice, numbers_and_base64, tombstones, bodies, late, signatures:
        each()
    folder = Path(sys.argv[1])
    for name, data, *_ in audit_cases.CASES:
        (folder / name).write_bytes(data)
    (folder / "cases.json").write_text(json.dumps(
        [{"file": name, "code": code, "says": says, "arguments": given}
         for name, _, code, says, given in audit_cases.CASES]))


if __name__ == "__main__":
    main()
