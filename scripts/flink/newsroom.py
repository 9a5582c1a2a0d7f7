"""The sample newsroom on loopback: the feeds of configs/sample, whose entries appear one by one.

They appear in the order of their dates, as a newsroom's do, so that a stream which meets them on the
way must come to what one run comes to that reads them all.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import hashlib
import json
import re
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "configs" / "sample.toml"
_ENTRY = re.compile(r"[ \t]*<(item|entry)\b.*?</\1>\n?", re.DOTALL)
_DATE = re.compile(r"<(?:pubDate|updated)>(.*?)</")
_UNDATED = dt.datetime.max.replace(tzinfo=dt.UTC)


@dataclass(frozen=True)
class Document:
    """A feed document, taken apart.

    Attributes:
        entries: In the document's order, the newest first.
        joint: What stands between two entries.
        meanwhile: What stands behind the entries until the last one is shown: a document that breaks
            off does so then.
    """

    name: str
    before: str
    entries: tuple[str, ...]
    after: str
    joint: str = ""
    meanwhile: str = ""

    def with_entries(self, shown: set[int]) -> bytes:
        """Return the document with these of its entries."""
        kept = [entry for number, entry in enumerate(self.entries) if number in shown]
        after = self.after if len(kept) == len(self.entries) else self.meanwhile
        return (self.before + self.joint.join(kept) + after).encode()


def take_apart(name: str, text: str) -> Document:
    """Return a feed document's parts: RSS, Atom or JSON Feed."""
    if name.endswith(".json"):
        whole = json.loads(text)
        entries = tuple(json.dumps(item, ensure_ascii=False) for item in whole.pop("items"))
        before = json.dumps(whole, ensure_ascii=False).removesuffix("}") + ', "items": ['
        return Document(name, before, entries, "]}", ",\n", "]}")
    found = list(_ENTRY.finditer(text))
    entries = tuple(match[0] for match in found)
    after = text[found[-1].end() :]
    whole = re.search(r"</(rss|feed)>\s*$", after)
    meanwhile = after if whole else "</channel></rss>"
    return Document(name, text[: found[0].start()], entries, after, meanwhile=meanwhile)


def entry_date(entry: str) -> dt.datetime:
    """Return when an entry appears: its last date; one without comes last.

    >>> entry_date("<item><pubDate>Fri, 22 Nov 2024 10:15:00 GMT</pubDate></item>").isoformat()
    '2024-11-22T10:15:00+00:00'
    """
    if entry.startswith("{"):
        date = json.loads(entry).get("date_published")
    else:
        found = _DATE.search(entry)
        date = found[1] if found else None
    if not date:
        return _UNDATED
    return (
        email.utils.parsedate_to_datetime(date) if "," in date else dt.datetime.fromisoformat(date)
    )


class Newsroom:
    """The documents as they stand now; any thread may ask and change them.

    Attributes:
        total: How many entries there are.
        shown: How many of them have appeared.
    """

    def __init__(self, documents: Mapping[str, str]) -> None:
        self._documents = {name: take_apart(name, text) for name, text in documents.items()}
        order = [
            (entry_date(entry), number, name)
            for name, document in self._documents.items()
            for number, entry in enumerate(document.entries)
        ]
        self._order = [(name, number) for _, number, name in sorted(order)]
        self.total = len(self._order)
        self.shown = self.total

    def show(self, entries: int) -> None:
        """Show the first so many entries only."""
        self.shown = entries

    def body(self, name: str) -> bytes | None:
        """Return a document as it stands; None where there is none of this name."""
        document = self._documents.get(name)
        if document is None:
            return None
        shown = self._order[: self.shown]
        return document.with_entries({number for feed, number in shown if feed == name})


def sample_newsroom() -> Newsroom:
    """Return the sample's newsroom."""
    files = sorted((SAMPLE.parent / "sample").glob("*.[axj]*"))
    return Newsroom({file.name: file.read_text("utf-8") for file in files})


@contextmanager
def served(newsroom: Newsroom) -> Iterator[str]:
    """Serve the documents on loopback; gives "http://127.0.0.1:<port>"."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = newsroom.body(self.path.removeprefix("/"))
            if body is None:
                self.send_error(HTTPStatus.NOT_FOUND)
                return
            tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == tag:
                self.send_response(HTTPStatus.NOT_MODIFIED)
                self.send_header("ETag", tag)
                self.end_headers()
                return
            kind = "application/feed+json" if self.path.endswith(".json") else "application/xml"
            self.send_response(HTTPStatus.OK)
            self.send_header("ETag", tag)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def write_config(path: Path, origin: str, more: str = "") -> None:
    """Write a configuration of the sample's feeds, as `origin` serves them."""
    sample = tomllib.loads(SAMPLE.read_text("utf-8"))
    lines = ['lake = "lake"']
    for feed in sample["feeds"]:
        served_at = f"{origin}/{Path(feed['url']).name}"
        lines.append("[[feeds]]")
        lines += [
            f"{key} = {json.dumps(value)}"
            for key, value in {**feed, "url": served_at, "allow_private": True}.items()
        ]
    path.write_text("\n".join([*lines, more]) + "\n", "utf-8")
