"""Things that all threads of a worker share, ended when the last of them has no more use for them.

An engine may give one stage to many threads at once, each with a DoFn of its own. Beam's `Shared` shares
too, but nothing tells it when to close what it holds.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar


class Closable(Protocol):
    """Something to be closed."""

    def close(self) -> object:
        """End it."""


T = TypeVar("T", bound=Closable)

_lock = threading.Lock()
_lent: dict[str, tuple[Any, int]] = {}  # what, and how many have it


class Lent(Generic[T]):
    """One thing of this process, the same for all copies of the DoFn that holds this. Picklable."""

    def __init__(self) -> None:
        self._name = uuid.uuid4().hex

    def borrow(self, make: Callable[[], T]) -> T:
        """Return the thing, made for the first who asks."""
        with _lock:
            thing, count = _lent.get(self._name, (None, 0))
            if not count:
                thing = make()
            _lent[self._name] = (thing, count + 1)
        borrowed: T = thing
        return borrowed

    def give_back(self) -> None:
        """Do without it; the last who does closes it."""
        with _lock:
            thing, count = _lent.pop(self._name)
            if count > 1:
                _lent[self._name] = (thing, count - 1)
                return
        thing.close()
