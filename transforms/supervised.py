"""The child of `supervise`: calls the function, one batch after the other, and answers.

Run as `python -m transforms.supervised CHANNEL LIFE NAME`, with two inherited descriptors. It imports no
more than the standard library until the factory asks for more.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from transforms.failures import InputFault

FRAME = struct.Struct("!Q")  # before each message: its length
CHUNK = 1 << 20


def out_of_memory(memory_bytes: int) -> tuple[str, tuple[str, str]]:
    """Return the one answer for both limits: which of them was first is chance."""
    return "lost", ("memory", f"more than {megabytes(memory_bytes)} of memory")


def megabytes(count: int) -> str:
    """Return a number of bytes as text."""
    return f"{count / (1 << 20):.0f} MB"


def _child_main(channel_fd: int, life_fd: int) -> None:
    _die_with_parent(life_fd)
    logging.getLogger().addHandler(logging.NullHandler())  # libraries' warnings are not news
    channel = socket.socket(fileno=channel_fd)
    try:
        memory_bytes, factory = pickle.loads(_receive(channel))  # noqa: S301 - our own parent's
        function = pickle.loads(factory)()  # noqa: S301
    except EOFError:
        return
    except BaseException as error:  # noqa: BLE001 - it is raised in the parent
        _reply(channel, "raised", _portable(error))
        return
    _limit_data(memory_bytes)
    _reply(channel, "done", None)
    while True:
        try:
            items = pickle.loads(_receive(channel))  # noqa: S301 - our own parent's
        except EOFError:
            return
        try:
            kind, payload, spoiled = _outcome(function, items)
            del items
            _reply(channel, kind, payload)
            del payload
        except MemoryError:
            _reply(channel, *out_of_memory(memory_bytes))
            return
        if spoiled:
            return


def _outcome(
    function: Callable[[Sequence[Any]], Sequence[Any]], items: Sequence[Any]
) -> tuple[str, Any, bool]:
    """Return kind and payload of the answer, and whether this process had better not go on."""
    try:
        results = list(function(items))
        if len(results) != len(items):
            raise RuntimeError(f"{len(results)} results for {len(items)} items")
    except InputFault as fault:
        return "fault", (fault.error, fault.detail), False
    except RecursionError:
        return "fault", ("nesting", "nested deeper than Python can follow"), False
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - it is raised in the parent
        return "raised", _portable(error), True
    return "done", results, False


def _portable(error: BaseException) -> tuple[bytes | None, str]:
    """Return the exception pickled, None where it does not survive that, and its traceback."""
    text = "".join(traceback.format_exception(error))
    try:
        pickled = pickle.dumps(error)
        pickle.loads(pickled)  # noqa: S301 - made in the line above
    except Exception:  # noqa: BLE001 - an exception class may fail in any way; the text remains
        return None, text
    return pickled, text


def _reply(channel: socket.socket, kind: str, payload: Any) -> None:
    try:
        data = pickle.dumps((kind, payload), pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a result that cannot be pickled: the parent raises
        data = pickle.dumps(("raised", _portable(error)))
    channel.sendall(FRAME.pack(len(data)))
    channel.sendall(data)


def _receive(channel: socket.socket) -> bytearray:
    """Return the next frame; EOFError where the parent has closed its end, or has died."""
    try:
        size = FRAME.unpack(_read(channel, FRAME.size))[0]
        return _read(channel, size)
    except ConnectionError as error:
        raise EOFError from error


def _read(channel: socket.socket, size: int) -> bytearray:
    data = bytearray(size)
    view = memoryview(data)
    done = 0
    while done < size:
        count = channel.recv_into(view[done:], min(size - done, CHUNK))
        if not count:
            raise EOFError
        done += count
    return data


def _limit_data(memory_bytes: int) -> None:
    """Let one allocation fail that goes past what is loaded now by more than the limit."""
    with contextlib.suppress(FileNotFoundError):  # no /proc: macOS, which ignores the limit too
        for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmData:"):
                limit = int(line.split()[1]) * 1024 + memory_bytes
                hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
                if hard in {resource.RLIM_INFINITY, -1} or limit < hard:
                    resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def _die_with_parent(life_fd: int) -> None:
    """End this process when the other end of the pipe is closed, whatever it is doing then."""
    if sys.platform == "linux":
        signal.signal(signal.SIGIO, signal.SIG_DFL)  # which ends the process, without Python's help
        fcntl.fcntl(life_fd, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(life_fd, fcntl.F_SETFL, fcntl.fcntl(life_fd, fcntl.F_GETFL) | os.O_ASYNC)

    def watch() -> (
        None
    ):  # for systems without SIGIO on pipes, and a parent gone before the lines above
        os.read(life_fd, 1)
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


if __name__ == "__main__":
    _child_main(int(sys.argv[1]), int(sys.argv[2]))
