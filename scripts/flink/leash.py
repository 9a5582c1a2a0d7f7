"""`python leash.py LIFE COMMAND…`: run a command that ends when the other end of a pipe is closed.

Run in a session of its own. Whatever the command starts is in its process group, and when LIFE, an
inherited descriptor, comes to its end, because who held the other end is done or was killed, the
whole group is killed. Signals sent to the group reach the command; this process waits for it and
returns its exit code.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading


def main() -> int:
    """Run the command; return its exit code."""
    life = int(sys.argv[1])
    os.set_inheritable(life, False)
    threading.Thread(target=_watch, args=(life,), daemon=True).start()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    with subprocess.Popen(sys.argv[2:], preexec_fn=_heed_signals) as process:  # noqa: PLW1509, S603
        return process.wait()


def _watch(life: int) -> None:
    os.read(life, 1)
    os.killpg(0, signal.SIGKILL)


def _heed_signals() -> None:
    """Undo what a child would inherit: a signal that is ignored stays so."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


if __name__ == "__main__":
    status = main()
    sys.exit(status if status >= 0 else 128 - status)
