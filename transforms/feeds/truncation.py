"""XML documents that break off: where the last whole entry ends.

An entry cut in the middle must not pass for a whole one: its text would be half an article. So a
document whose root is never closed is cut back to the end of its last closed entry, and what was
open there is closed; what follows is lost and said to be.
"""

from __future__ import annotations

import re

# One token of markup. A comment or CDATA section that is never closed runs to the end, so that an
# end tag inside it is not taken for one. Quantifiers are possessive: no backtracking.
_TOKEN = re.compile(
    r"<!--(?:.*?-->|.*)|<!\[CDATA\[(?:.*?\]\]>|.*)|<\?[^<>]*+>|<![^<>]*+>|"
    r"""<(?P<end>/?)(?P<name>[A-Za-z_][\w:.-]*+)(?:[^<>"']|"[^"<]*"|'[^'<]*')*+(?P<empty>(?<=/))?>""",
    re.DOTALL,
)
_CONTAINERS = frozenset({"rss", "rdf", "feed", "channel", "urlset"})
_ENTRIES = {"urlset": frozenset({"url"})}
_FEED_ENTRIES = frozenset({"item", "entry"})
_TRAILER = re.compile(r"(?:\s|<!--(?:(?!-->).)*-->|<\?[^>]*\?>)*\Z", re.DOTALL)
_TRAILER_CHARS = 4096


def local_name(name: str) -> str:
    """Return an element's name without its prefix, in lower case."""
    return name.rpartition(":")[2].lower()


def is_closed(text: str, root: str) -> bool:
    """Whether the document ends with its root's end tag behind another end tag.

    Comments and white space may stand between and follow. Text that merely mentions the root's end
    tag, cut just there, does not look like that.
    """
    tail = text[-_TRAILER_CHARS:]
    body = tail[: _TRAILER.search(tail).start()]  # type: ignore[union-attr] # it matches at \Z
    return re.search(rf"(?:>|-->)\s*</{re.escape(root)}\s*>\Z", body) is not None


def mended(text: str, root: str) -> tuple[str, str | None]:
    """Return a document that ends with its root's end tag, and how it breaks off (None: it does not).

    What follows the last root's end (a page around the feed, a server's notes) is cut. A document
    that breaks off ends behind its last whole entry, or before its first where none is whole.
    """
    if is_closed(text, root):
        return text, None
    cutter = _Cutter()
    end = 0
    for token in _TOKEN.finditer(text):
        end = token.end()
        name = token["name"]
        if name is None or token["empty"] is not None:
            continue
        if token["end"]:
            cutter.close(name, token.end())
        else:
            cutter.open(name, token.start())
    cut, still_open = cutter.cut or (end, tuple(cutter.stack))
    closed = text[:cut] + "".join(f"</{name}>" for name in reversed(still_open))
    if cutter.closed:
        return closed, None
    entries = "1 whole entry" if cutter.count == 1 else f"{cutter.count} whole entries"
    return closed, f"the document ends without </{root[:60]}>, after {entries}"


class _Cutter:
    """Follows the elements that give a feed its structure, and no others.

    Attributes:
        stack: Names of the open ones.
        count: Entries closed so far.
        cut: Where the last whole entry or document ends, or the first entry begins, and what is open
            there.
        closed: Whether the last root was closed.
    """

    def __init__(self) -> None:
        self.stack: list[str] = []
        self.count = 0
        self.closed = False
        self.cut: tuple[int, tuple[str, ...]] | None = None
        self._entries = _FEED_ENTRIES
        self._entry_depth: int | None = None

    def open(self, name: str, start: int) -> None:
        local = local_name(name)
        if not self.stack and (local in _CONTAINERS or local in _FEED_ENTRIES):
            self.closed = False
            self._entries = _ENTRIES.get(local, _FEED_ENTRIES)
        if local in self._entries:
            if self._entry_depth is None:
                self._entry_depth = len(self.stack)
                self.cut = self.cut or (start, tuple(self.stack))
            self.stack.append(name)
        elif local in _CONTAINERS and self._entry_depth is None:
            self.stack.append(name)

    def close(self, name: str, end: int) -> None:
        inside = self._entry_depth is not None and local_name(name) not in self._entries
        if inside or name not in self.stack:
            return
        while self.stack.pop() != name:
            pass
        if self._entry_depth is not None and len(self.stack) <= self._entry_depth:
            self._entry_depth = None
            self.count += 1
            self.cut = (end, tuple(self.stack))
        elif not self.stack:
            self.closed = True
            self.cut = (end, ())
