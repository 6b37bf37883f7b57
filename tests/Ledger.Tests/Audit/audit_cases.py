#!/usr/bin/env python3
"""audit_cases.py FOLDER writes the samples there, each with one fault or none, and cases.json, which says of each how a
verifier must end and what it must say."""
import copy, io, json, random, sys, zipfile
from pathlib import Path

from audit_samples import (COMPANY, KEY, LEDGER, OTHER, W1, W2, Signer, b64, books, canonical, note, proof_of, root_of,
                           sha)

PERSONAL = "employee_registered", "payslip_calculated"


class Bundle:
    """What a bundle is made of; faults are put into it before it is written."""

    def __init__(self, log=None, size=None, hide=lambda leaf: leaf["envelope"]["type"] in PERSONAL):
        log = log or books()
        self.leaves = copy.deepcopy(log.leaves[:size])
        for leaf in self.leaves:
            if hide(leaf):
                leaf.pop("salt"), leaf.pop("body"), leaf.pop("headers", None)
        self.manifest = {
            "format": "backoffice-bundle/1", "company": COMPANY, "period": None, "origin": KEY.name,
            "size": str(len(self.leaves)), "made": "2026-04-02T09:00:00Z", "keys": [KEY.vkey],
            "witnesses": [{"owner": "Example Audit Ltd", "key": W1.vkey}, {"owner": "Bank", "key": W2.vkey}]}
        self.others = {"README.txt": "What this proves.\n"}
        self.sign()

    def hashes(self):
        return [sha(b"\0" + canonical(each["envelope"])) for each in self.leaves]

    def sign(self, *signers, witnesses=(W1, W2), whole=KEY.under(LEDGER), origin=KEY.name, root=None):
        """Signs what is there now, as an operator who lies would."""
        self.checkpoint = note(origin, len(self.leaves), root or root_of(self.hashes()), *(signers or (KEY,)))
        text = self.checkpoint.split("\n\n")[0] + "\n"
        above = [sha(bytes([each])) for each in range(5)]
        above.insert(3, sha(b"\0" + text.encode()))
        self.ledger = {"index": "3", "proof": proof_of(3, above),
                       "checkpoint": note(LEDGER, len(above), root_of(above), whole, *witnesses)}
        self.manifest["size"] = str(len(self.leaves))

    def write(self, checkpoint):
        self.checkpoint = checkpoint

    def lines(self):
        return b"".join(canonical(each) + b"\n" for each in self.leaves)

    def content(self):
        lines = self.lines()
        self.manifest = {"leaves": b64(sha(lines)), **self.manifest}
        return {**self.others, "manifest.json": json.dumps(self.manifest), "checkpoint": self.checkpoint,
                "ledger.json": json.dumps(self.ledger), "leaves.ndjson": lines}

    def pack(self, method=zipfile.ZIP_DEFLATED):
        return pack(self.content(), method)


def pack(content, method=zipfile.ZIP_DEFLATED):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return written.getvalue()


def proof(index=10, shown=True):
    log = books()
    leaf, hashes = copy.deepcopy(log.leaves[index]), log.hashes()
    made = Bundle(log)
    return {
        "format": "backoffice-proof/1", "company": COMPANY, "stream": leaf["envelope"]["stream"],
        "events": [{"index": str(index), "envelope": leaf["envelope"], "salt": leaf["salt"] if shown else None,
                    "body": leaf["body"] if shown else None, "headers": None, "proof": proof_of(index, hashes)}],
        "checkpoint": made.checkpoint, "ledger": made.ledger, "witnesses": made.manifest["witnesses"]}


CASES = []


def case(name, data, code=1, says="", *arguments, key=KEY.vkey):
    CASES.append((name, data if isinstance(data, bytes) else json.dumps(data).encode(), code, says,
                  ["--key", key, *arguments]))


def bundle(name, change, says, code=1, *arguments, log=None, **made):
    """A bundle with what 'change' does to it."""
    one = Bundle(log, **made)
    change(one)
    case(name + ".zip", one.pack(), code, says, *arguments)


def lie(name, change, says, code=1, log=None):
    """The same, signed again: the operator lies in earnest."""
    def resigned(one):
        change(one)
        one.sign()
    bundle(name, resigned, says, code, log=log)


def proven(name, change, says, *arguments):
    one = proof()
    change(one)
    case(name + ".json", one, 1, says, *arguments)


def put(*path_and_value):
    *path, value = path_and_value

    def change(one):
        one = one if isinstance(one, dict) else vars(one)
        for step in path[:-1]:
            one = one[step]
        one[path[-1]] = value
    return change


def nothing(_):
    """The fault is in what was recorded."""


def flip(text, at=5):
    """Another letter in base64."""
    return text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:]


def good():
    witnesses = "--witness", W1.vkey, "--witness", W2.vkey
    case("whole.zip", Bundle().pack(), 0, "here whole", *witnesses)
    case("stored.zip", Bundle().pack(zipfile.ZIP_STORED), 0, "NOT checked: no witness was named")
    case("complete.zip", Bundle().pack(), 0, "Complete")
    case("entry.json", proof(), 0, "with its body", *witnesses)
    case("envelope.json", proof(shown=False), 0, "NOT its body")
    nothing_above, rotated, hidden = Bundle(), Bundle(), Bundle(
        hide=lambda leaf: leaf["envelope"]["stream"] == "journal-entry/rent-1")
    nothing_above.ledger = None
    case("young.zip", nothing_above.pack(), 0, "NOT checked: the log over all companies")
    rotated.sign(Signer("old", KEY.name), KEY)
    case("rotated.zip", rotated.pack(), 0, "here whole")
    case("undisclosed.zip", hidden.pack(), 0, "NOT complete")
    first = Bundle(size=1)
    case("one-leaf.zip", first.pack(), 0, "here whole")


def leaves_changed():
    for member, value in (
            ("format", "backoffice-leaf/2"), ("company", "other"), ("sequence", "8"), ("event", "x"),
            ("stream", "chart"), ("version", "9"), ("type", "x"), ("recorded", "2026-04-02T08:15:00.000000Z"),
            ("actor", "user:eve"), ("correlation", "x"), ("causation", "x"), ("headers", "x"), ("body", "x")):
        bundle(f"envelope-{member}", put("leaves", 8, "envelope", member, value), "")
    bundle("amount", lambda one: one.leaves[8]["body"]["lines"][0].update(amount="1000.01"),
           "leaf 8 (line 9 of leaves.ndjson): the body is not the recorded one")
    bundle("salt", lambda one: one.leaves[8].update(salt=flip(one.leaves[8]["salt"])), "the body is not the recorded")
    bundle("salt-length", lambda one: one.leaves[8].update(salt=b64(b"x" * 15)), "leaf 8")
    bundle("salt-alone", lambda one: one.leaves[8].pop("body"), "the body is not the recorded")
    bundle("headers", put("leaves", 0, "headers", {"request": "r-2"}), "leaf 0 (line 1 of leaves.ndjson): the headers")
    bundle("dropped", lambda one: one.leaves.pop(9), "REFUTED at")
    bundle("last-dropped", lambda one: one.leaves.pop(), "25 leaves have another root or size")
    bundle("swapped", lambda one: one.leaves.insert(8, one.leaves.pop(9)), "leaf 9")
    bundle("duplicated", lambda one: one.leaves.insert(8, one.leaves[8]), "leaf 9")
    bundle("added", lambda one: one.leaves.append(one.leaves[-1]), "more than 26")
    bundle("replaced", put("leaves", 25, "envelope", "actor", "user:eve"), "26 leaves have another root")
    lie("dropped-and-signed", lambda one: one.leaves.pop(2), "")
    lie("sequence-and-signed", put("leaves", 9, "envelope", "sequence", "31"), "the sequence")
    lie("version-and-signed", put("leaves", 9, "envelope", "version", "2"), "version is 2, and not 1")
    lie("no-double", put("leaves", 0, "headers", {"n": 9007199254740993}), "a double does not keep")


def files_changed():
    for member, value in (("format", "x"), ("company", "x"), ("origin", "x"), ("size", "1"), ("leaves", b64(sha(b"")))):
        bundle(f"manifest-{member}", put("manifest", member, value), f"at the bundle: {member} is {value}")
    bundle("root", lambda one: one.sign(root=sha(b"x")), "26 leaves have another root")
    bundle("other-key", lambda one: one.sign(OTHER), f"is not of {KEY.name}+")
    bundle("false-signature", lambda one: one.write(one.checkpoint[:-9] + flip(one.checkpoint[-9:], 2)), "is false")
    bundle("origin", lambda one: one.sign(origin=f"{LEDGER}/other"), "the checkpoint is not of")
    bundle("checkpoint-text", lambda one: one.write(one.checkpoint.replace("26\n", "25\n", 1)), "is false")
    bundle("checkpoint-lines", lambda one: one.write(one.checkpoint.replace("\n", "\nx\n", 1)), "three lines")
    case("unknown-key.zip", Bundle().pack(), 1, f"is not of {OTHER.name}+", key=OTHER.vkey)
    bundle("ledger-index", put("ledger", "index", "4"), "at the ledger's log")
    bundle("ledger-proof", lambda one: one.ledger["proof"].pop(), "the proof has the wrong length")
    bundle("ledger-other-key", lambda one: one.sign(whole=OTHER.under(LEDGER)), f"is not of {LEDGER}+")
    bundle("ledger-other-checkpoint", lambda one: one.ledger.update(Bundle(size=20).ledger), "does not lead")
    bundle("cosignature", lambda one: one.ledger.update(
        checkpoint=one.ledger["checkpoint"][:-9] + flip(one.ledger["checkpoint"][-9:], 2)),
           "the signature of witness.example/w2 is false", 1, "--witness", W2.vkey)
    bundle("no-cosignature", lambda one: one.sign(witnesses=(W1,)), "is not of witness.example/w2+",
           1, "--witness", W2.vkey)
    bundle("no-ledger-for-a-witness", put("ledger", None), "no witness has cosigned it", 1, "--witness", W1.vkey)
    content = Bundle().content()
    case("garbage-json.zip", pack({**content, "manifest.json": "{"}), 1, "damaged")
    case("double-name.zip", pack({**content, "manifest.json": '{"format": "x", "format": "y"}'}), 1, "stands twice")
    case("torn-line.zip", pack({**content, "leaves.ndjson": content["leaves.ndjson"][:-1]}), 1, "torn")
    case("long-line.zip", pack({**content, "leaves.ndjson": b"[" * (1 << 25)}), 1, "over")
    lines = content["leaves.ndjson"]
    case("endless-leaves.zip", pack({**content, "leaves.ndjson": lines + b"\n" * (1 << 25)}), 1, "more")
    case("deep.zip", pack({**content, "leaves.ndjson": b"[" * 100000 + b"\n"}), 1, "leaf 0")
    case("surrogate.zip", pack({**content, "leaves.ndjson": lines.replace(b'"Rent"', b'"\\ud800"')}), 1, "leaf")
    case("nan.zip", pack({**content, "leaves.ndjson": lines.replace(b'"Rent"', b"NaN")}), 1, "leaf")
    case("no-leaves.zip", pack({name: content[name] for name in content if name != "leaves.ndjson"}), 1, "exactly")
    case("more-files.zip", pack({**content, "extra": "x"}), 1, "exactly")
    case("bzip2.zip", pack(content, zipfile.ZIP_BZIP2), 1, "exactly")
    whole = Bundle().pack()
    chance = random.Random(1)
    for cut in [0, 1, 2, 3, 4, 30, *(chance.randrange(len(whole)) for _ in range(12)), len(whole) - 1]:
        case(f"cut-{cut:05}.zip", whole[:cut], 1, "REFUTED")
    for at in sorted(chance.randrange(len(whole)) for _ in range(12)):
        case(f"byte-{at:05}.zip", whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1:], None, "")
    case("garbage.zip", b"PK\3\4" + bytes(chance.randrange(256) for _ in range(4000)), 1, "damaged")


def certificates_changed():
    for member in ("closing", "closingSequence", "size", "root", "trialBalance", "chart", "entries", "firstNumber",
                   "lastNumber", "debit", "credit", "previous", "closedBy", "from", "to", "period"):
        wrong = "2026-02-27" if member in ("from", "to") else "2026-01" if member == "period" else "9"
        bundle(f"certificate-{member}", nothing, "(leaf 17)", log=books(put(member, wrong)))
    bundle("certificate-format", nothing, "period_certified of a later format", 0, log=books(put("format", "2")))
    bundle("certificate-stream", nothing, "no closing is where", log=books(stream="period-certificate/2026-01"))
    bundle("certificate-no-previous", nothing, "previous is None, and not", log=books(put("previous", None)))
    bundle("entry-after-closing", nothing, "its opening is not the closing", log=books(late="2026-02-10"))


def proofs_changed():
    proven("p-format", put("format", "backoffice-proof/2"), "backoffice-proof/1")
    proven("p-company", put("company", "other"), "company is other, and not acme")
    proven("p-terminal", put("company", "\x1b[2JHolds"), "company is ?[2JHolds, and not acme")
    proven("p-stream", put("stream", "journal-entry/other"), "stream is periods, and not journal-entry/other")
    proven("p-index", put("events", 0, "index", "9"), "does not lead to the root")
    proven("p-negative", put("events", 0, "index", "-1"), "leaf -1")
    proven("p-salt", lambda one: one["events"][0].update(salt=flip(one["events"][0]["salt"])), "the body is not")
    proven("p-body", lambda one: one["events"][0]["body"].update(description="x"), "the body is not")
    proven("p-headers", put("events", 0, "headers", {}), "the headers are not")
    proven("p-actor", put("events", 0, "envelope", "actor", "user:eve"), "does not lead to the root")
    proven("p-short", lambda one: one["events"][0]["proof"].pop(), "the wrong length")
    proven("p-long", lambda one: one["events"][0]["proof"].append(b64(sha(b""))), "the wrong length")
    proven("p-hash", lambda one: one["events"][0]["proof"].insert(0, one["events"][0]["proof"].pop()), "does not lead")
    proven("p-nothing", put("events", []), "it proves no event")
    proven("p-ledger", put("ledger", "index", "0"), "does not lead")
    proven("p-witness", lambda one: one.update(ledger=None), "no witness has cosigned", "--witness", W1.vkey)
    case("text.json", b"hello", 1, "damaged")
    case("list.json", b"[]", 1, "damaged")
    case("empty.json", b"", 1, "damaged")
    case("binary.json", bytes(range(256)), 1, "damaged")
    case("key-of-another-type.json", proof(), 2, "", key=W1.vkey)
    case("key-garbage.json", proof(), 2, "", key="x")
    case("key-identity.json", proof(), 2, "", key=KEY.vkey.replace("+", "+0", 1)[:-1])


def main():
    folder = Path(sys.argv[1])
    for each in (good, leaves_changed, files_changed, certificates_changed, proofs_changed):
        each()
    for name, data, *_ in CASES:
        (folder / name).write_bytes(data)
    (folder / "cases.json").write_text(json.dumps(
        [{"file": name, "code": code, "says": says, "arguments": given} for name, _, code, says, given in CASES],
        indent=1))


if __name__ == "__main__":
    main()
