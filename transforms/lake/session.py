"""The stream that may write to a lake: at most one, and none once another ingest has begun.

A stream's job can outlive the process that submitted it: on a cluster it goes on when its submitter dies
and the lake's lock is free again. So each stream has a session, an object in the lake, and whoever
ingests next ends it. Starting a run and committing one look at the session under the lake's commit lock,
under which it is also replaced: a stream that was ended can do neither.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
import os
import socket
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from transforms.failures import LakeError
from transforms.lake import layout
from transforms.lake.store import Lake, Store, open_store


class SessionOver(LakeError):  # noqa: N818 - a state, like LakeLocked
    """Another ingest has ended this stream."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A stream's right to write.

    Attributes:
        since: When it began, ISO, UTC.
        stopping: It was asked to finish what it has begun, and to begin no more.
        ended: It begins no more windows.
    """

    id: str
    host: str
    pid: int
    since: str
    stopping: bool = False
    ended: bool = False


def open_session(lake: Lake) -> Session:
    """End any other session of a lake, and begin one; for who holds the lake's lock."""
    session = Session(
        id=uuid.uuid4().hex,
        host=socket.gethostname(),
        pid=os.getpid(),
        since=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
    )
    store = open_store(lake)
    with store.mutex(layout.COMMIT_LOCK):
        _write(store, session)
    return session


def end_session(lake: Lake, session_id: str | None = None) -> None:
    """End a session: this one, where it still stands; None: any, for who holds the lake's lock."""
    store = open_store(lake)
    if not store.exists(layout.SESSION):
        return
    with store.mutex(layout.COMMIT_LOCK):
        if session_id is None or standing(store, session_id) is not None:
            store.remove(layout.SESSION)


def ask_to_stop(lake: Lake, session_id: str) -> None:
    """Ask a stream to finish what it has begun and to end; nothing where it is over already."""
    _change(lake, session_id, lambda session: dataclasses.replace(session, stopping=True))


def note_end(lake: Lake, session_id: str) -> None:
    """Note that a stream begins no more windows; nothing where it is over already."""
    _change(lake, session_id, lambda session: dataclasses.replace(session, ended=True))


def standing(lake: Lake, session_id: str) -> Session | None:
    """Return the session as it is now; None: it is over."""
    store = open_store(lake)
    try:
        session = Session(**json.loads(store.read(layout.SESSION)))
    except FileNotFoundError:
        return None
    except (TypeError, ValueError) as error:
        raise LakeError(
            f"{store.uri(layout.SESSION)} is no session of a stream: {error}"
        ) from error
    return session if session.id == session_id else None


def require_standing(store: Store, session_id: str | None) -> None:
    """Raise SessionOver where a session is over; None: there is none to look at."""
    if session_id is not None and standing(store, session_id) is None:
        raise SessionOver(f"this stream over {store.root} was ended by another ingest")


def _change(lake: Lake, session_id: str, change: Callable[[Session], Session]) -> None:
    store = open_store(lake)
    with store.mutex(layout.COMMIT_LOCK):
        session = standing(store, session_id)
        if session is not None:
            _write(store, change(session))


def _write(store: Store, session: Session) -> None:
    store.put(layout.SESSION, (json.dumps(dataclasses.asdict(session)) + "\n").encode())
