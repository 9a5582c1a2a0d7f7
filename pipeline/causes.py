"""Finding what a failed Beam job failed of.

A runner reports an exception of a worker with the text of its traceback, and often as that text only.
Errors that a user can act on are found again by their qualified names in it.
"""

from __future__ import annotations

import re

from transforms import failures
from transforms.failures import WirelakeError

_RAISED = re.compile(r"^transforms\.failures\.(?P<name>\w+): (?P<text>.*)$", re.MULTILINE)
_AUGMENTED = " [while running "  # what Beam adds to an exception's text, with a traceback behind it


def user_error(error: BaseException) -> WirelakeError | None:
    """Return the error a user can act on that made a job fail; None for a programming error."""
    if isinstance(error, WirelakeError):
        return type(error)(str(error).split(_AUGMENTED)[0])
    found = _RAISED.findall(str(error))
    if not found:
        return None
    name, text = found[-1]
    kind = getattr(failures, name, None)
    if not (isinstance(kind, type) and issubclass(kind, WirelakeError)):
        return None
    return kind(text.split(_AUGMENTED)[0])
