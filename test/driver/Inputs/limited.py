"""Runs a command that may write only so many bytes into a file.

limited.py BYTES COMMAND ...
    as if the disk were full behind them: the write fails, with "File too large"
limited.py interrupt DIRECTORY COMMAND ...
    ends the command when a file appears in DIRECTORY; lists what it left there
"""

import os
import resource
import signal
import subprocess
import sys
import time


def limit(size):
    # Blocked, for LLVM has a handler that an ignored signal would not escape.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGXFSZ])
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def interrupt(directory, *command):
    os.makedirs(directory)
    process = subprocess.Popen(command)
    while process.poll() is None and not os.listdir(directory):
        time.sleep(0.001)
    time.sleep(0.05)  # the file is there a moment before its removal is arranged
    process.terminate()
    status = process.wait()
    print("ended by", signal.Signals(-status).name if status < 0 else status)
    print("left:", *sorted(os.listdir(directory)))


if sys.argv[1] == "interrupt":
    interrupt(*sys.argv[2:])
else:
    sys.exit(subprocess.run(sys.argv[2:], check=False, preexec_fn=lambda:
                            limit(int(sys.argv[1]))).returncode)
