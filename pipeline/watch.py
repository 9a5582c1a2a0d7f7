"""The progress display: listens to the counts that `transforms.progress` sends, draws them."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

COUNTED = ("feeds", "entries", "articles", "events")  # in the order of the pipeline


@contextlib.contextmanager
def progress_display(console: Console) -> Iterator[str | None]:
    """Show counts while the body runs; yields the socket's path, or None where nobody watches."""
    if not console.is_terminal:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="wirelake-") as folder:
        address = str(Path(folder) / "progress")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
            listener.bind(address)
            listener.settimeout(0.1)
            done = threading.Event()
            counts: Counter[str] = Counter()
            with Live(_line(counts), console=console, transient=True, refresh_per_second=8) as live:
                thread = threading.Thread(
                    target=_listen, args=(listener, counts, live, done), daemon=True
                )
                thread.start()
                try:
                    yield address
                finally:
                    done.set()
                    thread.join()


def _listen(
    listener: socket.socket, counts: Counter[str], live: Live, done: threading.Event
) -> None:
    while not done.is_set():
        with contextlib.suppress(TimeoutError):
            counts[listener.recv(64).decode()] += 1
            live.update(_line(counts))


def _line(counts: Counter[str]) -> Spinner:
    text = Text("  ".join(f"{name} {counts[name]:,}" for name in COUNTED))
    return Spinner("dots", text=text)
