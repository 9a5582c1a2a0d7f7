"""The command line of streams: `wirelake stream`."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.ages import age
from pipeline.flags import (
    AsJson,
    BeamFlags,
    Config,
    LogJson,
    Metrics,
    OtherLake,
    Verbose,
    require_named,
)
from pipeline.interrupt import SIGNALS
from pipeline.logs import set_up_logging
from pipeline.memory import give_memory_back
from pipeline.prometheus import Textfile
from pipeline.settings import read_settings

if TYPE_CHECKING:
    from types import FrameType

    from pipeline.stream import StreamSummary
    from transforms.lake.manifests import Manifest

_log = logging.getLogger(__name__)


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(stream)


def stream(  # noqa: PLR0917 - one parameter per flag
    config: Config,
    beam: BeamFlags = None,
    lake: OtherLake = None,
    for_: Annotated[
        str | None,
        typer.Option("--for", help="End after so long: 90s, 20m, 12h.", show_default=False),
    ] = None,
    windows: Annotated[
        int | None, typer.Option(min=1, help="End after so many windows.", show_default=False)
    ] = None,
    as_json: AsJson = False,
    verbose: Verbose = False,
    log_json: LogJson = False,
    metrics: Metrics = None,
) -> None:
    """Poll feeds as they fall due, and commit window after window, until told to end (SIGTERM)."""
    require_named(lake)
    duration_s = None if for_ is None else age("--for", for_).total_seconds()
    textfile = None if metrics is None else Textfile(metrics)
    settings = read_settings(config)
    set_up_logging(verbose=verbose, as_json=log_json)
    give_memory_back()
    # Beam takes a second to import; a wrong flag or key should not wait for it.
    from pipeline.stream import StreamRequest  # noqa: PLC0415
    from pipeline.stream import stream as run_stream  # noqa: PLC0415

    request = StreamRequest(
        config=config,
        settings=settings,
        lake=lake or settings.lake,
        duration_s=duration_s,
        windows=windows,
        beam_flags=tuple(beam or ()),
    )
    tell = _log_window if log_json else _tell

    def on_window(manifest: Manifest) -> None:
        tell(manifest)
        if textfile is not None:
            textfile.add(manifest)

    ending = threading.Event()
    began = time.monotonic()
    with _draining(ending) as listen:
        summary = run_stream(request, ending=ending, began=listen, on_window=on_window)
    _print(summary, time.monotonic() - began, as_json=as_json)


@contextlib.contextmanager
def _draining(ending: threading.Event) -> Iterator[Callable[[], None]]:
    """Let the first Ctrl-C or SIGTERM drain the stream, and the second end the process at once.

    Yields what begins to listen, again where somebody else has taken the signals over meanwhile.
    """

    def end(number: int, _frame: FrameType | None) -> None:
        if ending.is_set():
            print("wirelake: stopped; what was begun is finished next time", file=sys.stderr)
            sys.stderr.flush()
            os._exit(128 + number)
        ending.set()
        print("wirelake: ends once the window under way is committed", file=sys.stderr, flush=True)

    caught = [each for each in SIGNALS if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.getsignal(each) for each in caught}

    def listen() -> None:
        for each in caught:
            signal.signal(each, end)

    listen()
    try:
        yield listen
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _tell(manifest: Manifest) -> None:
    """Say one line about a window, to those who watch."""
    counts = manifest.counts
    print(
        f"{manifest.run_id}  feeds {counts.get('polls', 0)}  new {manifest.law.get('new', 0)}  "
        f"articles {counts.get('articles', 0)}  events {counts.get('events', 0)}  "
        f"rejects {counts.get('rejects', 0)}",
        file=sys.stderr,
        flush=True,
    )


def _log_window(manifest: Manifest) -> None:
    """Log a window, for machines."""
    _log.info(
        "window committed",
        extra={"run_id": manifest.run_id, "new": manifest.law.get("new", 0), **manifest.counts},
    )


def _print(summary: StreamSummary, seconds: float, *, as_json: bool) -> None:
    figures = {
        "windows": summary.windows,
        "recovered": summary.recovered,
        "seconds": round(seconds, 1),
        "entries": summary.counts["new"],
        **{name: summary.counts[name] for name in ("articles", "duplicates", "events", "rejects")},
    }
    if as_json:
        print(json.dumps(figures, indent=2))
        return
    counted = "  ".join(f"{name} {figures[name]:,}" for name in figures if name != "seconds")
    print(f"stream of {seconds:.0f} s: {counted}")
