"""What verify-bundle.py needs of published standards: RFC 8785 (canonical JSON), RFC 8032 (Ed25519), RFC 6962 (Merkle
trees), and C2SP's signed-note, tlog-checkpoint and tlog-cosignature."""
import base64, decimal, hashlib, json, re
from collections import namedtuple
from decimal import Decimal
from functools import partial, reduce

decimal.setcontext(decimal.Context(prec=80, traps=[decimal.InvalidOperation, decimal.Inexact]))
Key, Checkpoint = namedtuple("Key", "name id kind public"), namedtuple("Checkpoint", "text size root times")


class Refuted(ValueError):
    """Its text says what is wrong; where the reading stood is in 'at'."""
    at = "the file"


def must(holds, words):
    if not holds: raise Refuted(words)


def sha(*parts): return hashlib.sha256(b"".join(parts)).digest()
def encode(data): return base64.b64encode(data).decode()
def decode(text): return base64.b64decode(text, validate=True)
def plain(value): return format(value.normalize(), "f") if value else "0"
def utf16(text): return text.encode("utf-16-be")
def unique(pairs): return dict(pairs) if len(dict(pairs)) == len(pairs) else must(False, "a name in JSON stands twice")
parse = partial(json.loads, parse_int=Decimal, parse_float=Decimal, parse_constant=int, object_pairs_hook=unique)


def canonical(value):  # RFC 8785, of numbers that a double keeps digit for digit
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


def times(n, p): return reduce(lambda q, bit: add(add(q, q), p if bit == "1" else (0, 1)), f"{n:b}", (0, 1))


def point(data):  # None where these 32 bytes are not the one encoding of a point
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


def led_to(node, index, size, proof):  # the root that a leaf and its proof lead to
    must(0 <= index < size and (size == 1) == (not proof) and {*map(len, (node, *proof))} == {32},
         "the proof has the wrong length")
    if size == 1: return node
    half = 1 << (size - 1).bit_length() - 1
    if index < half: return sha(b"\1", led_to(node, index, half, proof[:-1]), proof[-1])
    return sha(b"\1", proof[-1], led_to(node, index - half, size - half, proof[:-1]))


def grow(trees, node, size=1):  # all leaves so far stand in perfect trees, each its size and root
    while trees and trees[-1][0] == size: size, node = 2 * size, sha(b"\1", trees.pop()[1], node)
    trees.append((size, node))


def root_of(trees): return encode(reduce(lambda right, tree: sha(b"\1", tree[1], right), trees[-2::-1], trees[-1][1]))


def key_of(kind, name, public):
    return Key(name, sha(name.encode(), b"\n", bytes([kind]), public)[:4], kind, public)


def parse_key(kind, text):
    name, _, data = text.split("+", 2)
    key = key_of(kind, name, decode(data)[1:])
    must(text == f"{name}+{key.id.hex()}+{encode(bytes([kind]) + key.public)}" and len(key.public) == 32
         and point(key.public) and (kind == 4 or "/" in name), f"{text} is no verifier key of type {kind}")
    return key


def open_checkpoint(note, key, witnesses=()):
    """A checkpoint that the key has signed, with the times at which witnesses have."""
    (text, _, signatures), times = note.rpartition("\n\n"), {}
    lines, text = text.split("\n"), text + "\n"
    must(len(lines) == 3 and not re.search("[\0-\x09\x0b-\x1f]", note), "the checkpoint is not three lines")
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


def check_inclusion(data, proven, checkpoint):
    root = led_to(sha(b"\0", data.encode()), int(proven["index"]), checkpoint.size, [*map(decode, proven["proof"])])
    must(encode(root) == checkpoint.root, "the proof does not lead to the root of the checkpoint")
