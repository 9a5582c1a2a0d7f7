"""Finding what a failed Beam job failed of.

A runner reports an exception of a worker as the text of its traceback, so the class is gone. Errors
that a user can act on are found again by their qualified names at the end of that text.
"""

from __future__ import annotations

import re

from transforms import failures
from transforms.failures import WirelakeError

_RAISED = re.compile(
    r"^transforms\.failures\.(?P<name>\w+): (?P<text>.*?)(?: \[while running .*)?$",
    re.MULTILINE | re.DOTALL,
)


def user_error(error: BaseException) -> WirelakeError | None:
    """Return the error a user can act on that made a job fail; None for a programming error."""
    if isinstance(error, WirelakeError):
        return error
    text = str(error)
    start = text.rfind("\ntransforms.failures.")
    found = _RAISED.match(text[start + 1 :]) if start >= 0 else None
    if found is None:
        return None
    kind = getattr(failures, found["name"], None)
    if not (isinstance(kind, type) and issubclass(kind, WirelakeError)):
        return None
    return kind(found["text"].strip())
