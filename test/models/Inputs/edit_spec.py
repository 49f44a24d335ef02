"""Writes small.json with one text replaced: edit_spec.py OUTPUT OLD NEW.

OLD must occur once. NEW is a Python expression with the prefix "py:", else text.
Prefix "cut:" keeps what is before OLD; its NEW is ignored.
"""

import pathlib
import sys

output, old, new = sys.argv[1:]
text = (pathlib.Path(__file__).parent / "small.json").read_bytes()
cut = old.startswith("cut:")
old = old.removeprefix("cut:").encode()
if text.count(old) != 1:
    sys.exit(f"{old!r} occurs {text.count(old)} times")
if cut:
    text = text.partition(old)[0]
else:
    if new.startswith("py:"):
        new = eval(new[3:])
    text = text.replace(old, new if isinstance(new, bytes) else new.encode())
pathlib.Path(output).write_bytes(text)
