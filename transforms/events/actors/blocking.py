"""What carries an actor's name and is none: newspapers, seas, wars, treaties, teams."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from transforms.events.actors.names import DATA, variants
from transforms.events.wordlists import rows

_NEXT = re.compile(r" ([^\W\d_][\w'-]*)(?: ([^\W\d_][\w'-]*))?")
_BEFORE_CHARS = 24  # longest word of "before" with some room

# "pro-Russian", "anti-American", "non-EU": a stance towards the actor, or what it is not.
_STANCE = re.compile(
    r"(?:^|[^\w])(?:pro|anti|non|un|ex|post|neo|pre|mid|intra|inter|trans|sub|de)-$", re.IGNORECASE
)
# "Iran-backed", "Geneva-based", "US-made": someone else's quality. "US-led" does name who acts.
_QUALITY = re.compile(r"-(?!led\b|brokered\b|mediated\b|imposed\b)[a-z]{3,}")
_ADDRESS = re.compile(r"\.(?:com|org|net|gov|co|info|news)\b")


@dataclass(slots=True)
class Blocking:
    """The data of `blocked.tsv`."""

    phrases: list[str] = field(default_factory=list)
    after: set[str] = field(default_factory=set)
    before: re.Pattern[str] = field(default_factory=lambda: re.compile(r"(?!)"))

    @classmethod
    def load(cls, path: Path = DATA / "blocked.tsv") -> Blocking:
        """Read the table; ConfigError with file and line where it is wrong."""
        result = cls()
        before = []
        for row in rows(path, 2):
            where = row.one_of(1, frozenset({"phrase", "after", "before"}))
            text = row.required(0)
            if where == "phrase":
                result.phrases.extend(variants(text))
            elif where == "after":
                result.after.add(text)
            else:
                before.append(re.escape(text))
        result.before = re.compile(rf"(?:^|\W)(?:{'|'.join(sorted(before, key=len))}) $")
        return result

    def blocks(self, text: str, start: int, end: int) -> bool:
        """Tell whether what stands around a name makes it no actor.

        Args:
            text: Folded text.
            start, end: The name in it.
        """
        following = text[end : end + 1]
        if following == " ":
            match = _NEXT.match(text, end)
            if match is not None and self._names_thing(match):
                return True
        elif following == "-":
            if _QUALITY.match(text, end):
                return True
        elif following == "$":
            return True  # "US$"
        elif following == "." and _ADDRESS.match(text, end):
            return True
        preceding = text[start - 1 : start]
        if preceding == "-":
            return _STANCE.search(text, max(0, start - _BEFORE_CHARS), start) is not None
        if preceding == " ":
            return self.before.search(text, max(0, start - _BEFORE_CHARS), start) is not None
        return preceding in {"@", "/"} and start > 0

    def _names_thing(self, match: re.Match[str]) -> bool:
        first, second = match.groups()
        if not first[0].isupper():
            return False
        return first in self.after or (second is not None and f"{first} {second}" in self.after)


def blocked_phrases(path: Path = DATA / "blocked.tsv") -> Iterator[str]:
    """Yield the phrases that are never an actor."""
    yield from Blocking.load(path).phrases
