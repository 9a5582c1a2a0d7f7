"""A program on a leash: it ends when the process that started it does, however that ends.

Run as `python -I leash.py PROGRAM ARGUMENTS…`; standard input is a pipe whose other end the parent holds.
The kernel closes it when the parent dies, by SIGKILL, too. No more than the standard library is needed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading


def main() -> int:
    """Run the program until it ends or the leash does; return its exit code."""
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)  # noqa: S603 - our parent's

    def watch() -> None:
        os.read(0, 1)
        program.kill()

    threading.Thread(target=watch, daemon=True).start()
    return program.wait()


if __name__ == "__main__":
    sys.exit(main())
