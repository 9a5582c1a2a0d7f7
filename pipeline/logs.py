"""Logging: our own warnings are shown, other libraries' errors only, unless asked for more.

As JSON each line is an object with `time` (ISO, UTC), `level`, `logger`, `message`, `run_id` (null before
a run has begun) and what else the record says; our own news are in it, too, since machines read it.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import warnings

from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

# They tell worker processes.
VERBOSE = "WIRELAKE_VERBOSE"
AS_JSON = "WIRELAKE_LOG_JSON"
RUN_ID = "WIRELAKE_RUN_ID"
OURS = ("pipeline", "transforms")


def set_up_logging(*, verbose: bool = False, as_json: bool = False) -> None:
    """Set levels and form; called before Beam is imported, since importing it warns."""
    verbose = verbose or bool(os.environ.get(VERBOSE))
    as_json = as_json or bool(os.environ.get(AS_JSON))
    if verbose:
        os.environ[VERBOSE] = "1"
    form = "%(levelname)s %(name)s: %(message)s" if verbose else "wirelake: %(message)s"
    logging.basicConfig(level=logging.INFO if verbose else logging.ERROR, format=form)
    if as_json:
        os.environ[AS_JSON] = "1"
        for handler in logging.getLogger().handlers:
            handler.setFormatter(_Lines())
    # Beam logs an exception on its way up; it arrives anyway, and is told once.
    logging.getLogger("apache_beam").setLevel(logging.INFO if verbose else logging.CRITICAL)
    if not verbose:  # what its estimate of a batch's size divides by, nobody can act on
        warnings.filterwarnings("ignore", module=r"apache_beam\.transforms\.util")
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO if verbose or as_json else logging.WARNING)


def name_run(run_id: str) -> None:
    """Let every line from now on say which run it is of, those of worker processes too."""
    os.environ[RUN_ID] = run_id


class _Lines(JsonFormatter):
    """One JSON object a record; a record's own `run_id` comes before the process's."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger"},
            reserved_attrs=[*RESERVED_ATTRS, "color_message"],
            json_ensure_ascii=False,
        )

    def add_fields(
        self,
        log_data: dict[str, object],
        record: logging.LogRecord,
        message_dict: dict[str, object],
    ) -> None:
        time = dt.datetime.fromtimestamp(record.created, dt.UTC)
        log_data["time"] = time.isoformat(timespec="milliseconds")
        super().add_fields(log_data, record, message_dict)
        log_data.setdefault("run_id", os.environ.get(RUN_ID))
