"""Runs a command on a pseudo-terminal and prints its stderr's bytes.

The escape character is printed as \\x1b and a carriage return as \\r.
"""

import os
import pty
import subprocess
import sys

main, other = pty.openpty()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=other)
os.close(other)
output = b""
while True:
    try:
        chunk = os.read(main, 4096)
    except OSError:  # the other end is closed
        break
    if not chunk:
        break
    output += chunk
print(output.decode().replace("\x1b", "\\x1b").replace("\r", "\\r"))
sys.exit(process.wait())
