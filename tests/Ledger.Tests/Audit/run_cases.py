#!/usr/bin/env python3
"""run_cases.py VERIFIER FOLDER runs the program VERIFIER on each of the samples that cases.json in FOLDER names, one
after the other and each as if it were started anew, and writes a line of JSON for each: how it ended, and what it
said."""
import contextlib, decimal, io, json, runpy, sys, traceback
from pathlib import Path


def run(arguments):
    """Its exit code and its words, as the system and a terminal would have them."""
    said, code = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True), 0
    decimal.setcontext(decimal.DefaultContext.copy())
    sys.argv = arguments
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            runpy.run_path(arguments[0], run_name="__main__")
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
            if code == 1 and end.code != 1:
                print(end.code, file=sys.stderr)
        except BaseException:
            traceback.print_exc()
            code = 1
    return {"code": code, "said": said.buffer.getvalue().decode()}


verifier, folder = sys.argv[1], Path(sys.argv[2])
for case in json.loads((folder / "cases.json").read_text()):
    print(json.dumps(run([verifier, *case["arguments"], str(folder / case["file"])])), flush=True)
