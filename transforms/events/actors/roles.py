"""Role nouns and phrases ("foreign minister", "riot police", "rebels") and the sector they name."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

from transforms.events.actors.names import DATA, sector_of
from transforms.events.tree import Doc
from transforms.events.wordlists import rows

PERSON, BODY, WEAK, CRAFT, OTHER = "person", "body", "weak", "craft", "other"
_LONGEST = 8  # tokens in a phrase, hyphens too
_MAX_FORMS = 50_000  # remembered before the table is begun anew
_HYPHENS = frozenset({"-", "\u2010", "\u2011"})
_APOSTROPHE = "'"
_IRREGULAR = {"men": "man", "women": "woman", "children": "child", "wives": "wife"}


@dataclass(frozen=True, slots=True)
class Role:
    """One role.

    Attributes:
        phrase: Its entry.
        sector: The sector it names; of a weak one where it belongs to nothing; None: none.
        kind: person; body, which acts as one; weak, which takes the sector of what it belongs to;
            craft, a vehicle that stands for who is in it; other, someone beside the owner ("ally").
        start: Token where the phrase begins; it ends at the token asked for.
        plural: More than one.
    """

    phrase: str
    sector: str | None
    kind: str
    start: int = 0
    plural: bool = False


@functools.lru_cache(maxsize=20_000)
def singulars(word: str) -> tuple[str, ...]:
    """Return what a lower-case noun may be the plural of; empty where it looks singular.

    >>> singulars("ministries"), singulars("gunmen"), singulars("police")
    (('ministrie', 'ministry'), ('gunman',), ())
    """
    for plural, singular in _IRREGULAR.items():
        if word.endswith(plural):
            return (word[: -len(plural)] + singular,)
    if word.endswith("ies"):
        return word[:-1], f"{word[:-3]}y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-1], word[:-2]
    if word.endswith("s") and not word.endswith("ss"):
        return (word[:-1],)
    return ()


class Roles:
    """The role lexicon.

    Attributes:
        titles: The last words of what a person may be: "minister".
    """

    def __init__(self, entries: dict[str, Role]) -> None:
        self._entries = entries
        self._last = {phrase.rsplit(" ", 1)[-1] for phrase in entries}
        self._forms: dict[str, list[str]] = {}  # of words met, their forms that end a phrase
        # "prosecutor's" is two tokens to the parser
        self._parts = {
            part
            for phrase in entries
            for word in phrase.split()
            for part in (word, *word.replace("'", " '").split())
        }
        self._words = {word for phrase in entries for word in phrase.split()}
        self.titles = frozenset(
            phrase.rsplit(" ", 1)[-1] for phrase, role in entries.items() if role.kind == PERSON
        )

    @classmethod
    def load(cls, path: Path = DATA / "roles.tsv") -> Roles:
        """Read the table; ConfigError with file and line where it is wrong."""
        entries = {}
        for row in rows(path, 3):
            phrase = row.required(0)
            kind = row.one_of(2, frozenset({PERSON, BODY, WEAK, CRAFT, OTHER}))
            entries[_normal(phrase)] = Role(phrase, sector_of(row, 1), kind)
        return cls(entries)

    def holds_word(self, word: str) -> bool:
        """Tell whether a lower-case word belongs to some role phrase."""
        return word in self._words or any(form in self._words for form in singulars(word))

    def named(self, phrase: str) -> Role | None:
        """Return the entry of a phrase, or of its longest ending ("intelligence director"); None."""
        words = _normal(phrase).split(" ")
        for start in range(len(words)):
            entry = self._entries.get(" ".join(words[start:]))
            if entry is not None:
                return entry
        return None

    def ending_at(self, doc: Doc, last: int, first: int = 0) -> Role | None:
        """Return the longest role phrase whose last token is `last`, from `first` on; None."""
        word = doc[last].lower_
        forms = self._forms.get(word)
        if forms is None:
            if len(self._forms) > _MAX_FORMS:
                self._forms.clear()
            forms = self._forms[word] = self._forms_of(word)
        if not forms:
            return None
        word = word.replace("\u2019", "'")
        found: Role | None = None
        before, start = "", last
        while True:
            for form in forms:
                entry = self._entries.get(before + form)
                if entry is not None:
                    plural = form != word or doc[last].tag_ in {"NNS", "NNPS"}
                    found = Role(entry.phrase, entry.sector, entry.kind, start, plural)
                    break
            start -= 1
            if start < first or last - start >= _LONGEST:
                return found
            earlier = doc[start].lower_.replace("\u2019", "'")
            if earlier in _HYPHENS:
                continue
            if earlier not in self._parts:
                return found
            before = f"{earlier}{'' if before.startswith(_APOSTROPHE) else ' '}{before}"

    def _forms_of(self, word: str) -> list[str]:
        """Return the forms of a word that end a role phrase: itself, its singulars."""
        plain = word.replace("\u2019", "'")
        return [form for form in (plain, *singulars(plain)) if form in self._last]


def _normal(phrase: str) -> str:
    """Return a phrase in lower case, hyphens as spaces, one space between words."""
    return " ".join(phrase.lower().replace("-", " ").replace("\u2019", "'").split())
