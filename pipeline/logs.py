"""Logging: our own warnings are shown, other libraries' errors only, unless asked for more."""

from __future__ import annotations

import logging
import os
import warnings

VERBOSE = "WIRELAKE_VERBOSE"  # tells worker processes
OURS = ("pipeline", "transforms")


def set_up_logging(*, verbose: bool) -> None:
    """Set the levels; called before Beam is imported, since importing it warns."""
    if verbose:
        os.environ[VERBOSE] = "1"
    logging.basicConfig(
        level=logging.INFO if verbose else logging.ERROR,
        format="%(levelname)s %(name)s: %(message)s" if verbose else "wirelake: %(message)s",
    )
    # Beam logs an exception on its way up; it arrives anyway, and is told once.
    logging.getLogger("apache_beam").setLevel(logging.INFO if verbose else logging.CRITICAL)
    if not verbose:  # what its estimate of a batch's size divides by, nobody can act on
        warnings.filterwarnings("ignore", module=r"apache_beam\.transforms\.util")
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)
