#!/usr/bin/env python3
"""standards_vectors.py VERIFIER VECTORS holds what verify-bundle.py has of published standards against published
vectors, and says what differs."""
import base64, importlib.util, json, sys
from pathlib import Path

named = importlib.util.spec_from_file_location("verifier", sys.argv[1])
verifier = importlib.util.module_from_spec(named)
named.loader.exec_module(verifier)
vectors, counted = Path(sys.argv[2]), 0

# The roots over the first leaves of the tree that the vectors of inclusion are of, by certificate-transparency-go.
LEAVES = "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")


def same(name, expected, actual):
    global counted
    counted += 1
    if expected != actual:
        sys.exit(f"{name}: {actual!r} instead of {expected!r}")


def tried(check, *arguments):
    """What it answers, or None where it refutes."""
    try:
        return check(*arguments)
    except verifier.Refuted:
        return None


def decoded(each, *names):
    return [base64.b64decode(each[name] or "") for name in names]


for group in json.loads((vectors / "wycheproof/ed25519_test.json").read_text())["testGroups"]:
    key = bytes.fromhex(group["publicKey"]["pk"])
    for test in group["tests"]:
        signed = tried(verifier.is_signed, key, bytes.fromhex(test["sig"]), bytes.fromhex(test["msg"]))
        same(f"Wycheproof {test['tcId']}", test["result"] == "valid", signed is True)
for file in sorted((vectors / "rfc6962/inclusion").rglob("*.json")):
    each = json.loads(file.read_text())
    leaf, root = decoded(each, "leafHash", "root")
    proof = [base64.b64decode(node) for node in each["proof"] or []]
    same(file, not each["wantErr"], tried(verifier.led_to, leaf, each["leafIdx"], each["treeSize"], proof) == root)
nodes = [verifier.sha(b"\0", bytes.fromhex(leaf)) for leaf in LEAVES]
for size, root in enumerate(ROOTS, 1):
    same(f"The root over {size}", root, verifier.root_of(nodes[:size]).hex())
for file in sorted((vectors / "jcs/input").glob("*.json")):
    # One number there has a digit too many for a double; bodies that hold such a number are refused.
    text = file.read_text("utf-8").replace("333333333.33333329", "333333333.3333333")
    same(file, (vectors / "jcs/output" / file.name).read_text("utf-8"), verifier.canonical(verifier.parse(text)))
# RFC 8785, appendix B, and where JavaScript begins to write exponents.
for text, written in {
        "0": "0", "-0": "0", "5e-324": "5e-324", "-1.7976931348623157e308": "-1.7976931348623157e+308",
        "9007199254740992": "9007199254740992", "295147905179352830000": "295147905179352830000",
        "9.999999999999997e22": "9.999999999999997e+22", "1e23": "1e+23", "1e21": "1e+21",
        "1e20": "100000000000000000000",
        "0.000001": "0.000001", "0.0000015": "0.0000015", "1e-7": "1e-7", "0.00000015": "1.5e-7", "1.0": "1"}.items():
    same(f"The number {text}", written, verifier.canonical(verifier.parse(text)))
print(f"{counted} vectors hold.")
