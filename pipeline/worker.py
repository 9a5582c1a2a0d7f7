"""`python -m pipeline.worker`: one of the worker processes of `--workers`.

Beam's own worker, but quiet unless asked, and deaf to the Ctrl-C that a terminal sends to every
process: the parent decides, and a worker that loses its parent ends.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path

from pipeline.logs import AS_JSON, OURS, VERBOSE, set_up_logging


def main() -> None:
    """Serve the parent named in the environment until it is done."""
    verbose = bool(os.environ.get(VERBOSE))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    set_up_logging()
    from apache_beam.runners.worker import sdk_worker_main  # noqa: PLC0415 - it warns when imported

    if not verbose:
        # Beam sets the levels again, and prints when the parent is gone. What a worker fails of
        # reaches the parent by another way.
        for handler in logging.getLogger().handlers:
            handler.addFilter(_is_ours)
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sdk_worker_main.main(sys.argv)


def _is_ours(record: logging.LogRecord) -> bool:
    least = logging.INFO if os.environ.get(AS_JSON) else logging.WARNING
    return record.name.split(".")[0] in OURS and record.levelno >= least


if __name__ == "__main__":
    main()
