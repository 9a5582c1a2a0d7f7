"""The lexicon: which words name which act, which slots its actors fill, which code it gets.

The entries are data (`data/lexicon_*.tsv`, format in `data/README.md`); a user's own files have the
same format and go before ours. Loading checks every name against the code tables and says file and
line of a mistake.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from transforms.events.frames.codes import DATA, rows
from transforms.events.frames.entries import PARTICLES, PREPOSITIONS, Entry, Trigger, read_entries
from transforms.events.frames.inflection import noun_forms, verb_forms

_EMPTY_VERBS = frozenset(
    [
        "be",
        "have",
        "take",
        "make",
        "go",
        "come",
        "get",
        "put",
        "give",
        "hold",
        "keep",
        "set",
        "call",
        "lay",
        "raise",
        "voice",
        "express",
        "issue",
        "send",
        "bring",
        "pay",
        "place",
        "use",
    ]
)
_HYPHENED = frozenset({"in", "out", "up", "back"})
_WORD = re.compile(r"[a-z]+")


def lower_words(text: str) -> list[str]:
    """Return the words of a text, of the letters a to z, in lower case."""
    return _WORD.findall(text.lower())


@dataclass(slots=True)
class Lexicon:
    """All entries, indexed by head word.

    Attributes:
        verbs, nouns: Head lemma → triggers, longest first, in file order.
        classes: Class of words → lemmas.
        forms: Lower-cased word forms one of which any event's sentence holds.
        lemmas_of: Verb form → lemmas it may be of.
        noun_forms: Forms of event nouns.
        version: Hash of the data it was made from.
    """

    verbs: dict[str, list[Trigger]] = field(default_factory=dict)
    nouns: dict[str, list[Trigger]] = field(default_factory=dict)
    classes: dict[str, frozenset[str]] = field(default_factory=dict)
    forms: frozenset[str] = frozenset()
    lemmas_of: dict[str, frozenset[str]] = field(default_factory=dict)
    noun_forms: frozenset[str] = frozenset()
    version: str = ""

    @classmethod
    def load(cls, extra: Sequence[Path] = ()) -> Lexicon:
        """Return the lexicon with a user's files, whose entries win over ours.

        Raises:
            ConfigError: A file cannot be read or holds a mistake; names file and line.
        """
        files = [*(Path(path) for path in extra), *sorted(DATA.glob("lexicon_*.tsv"))]
        classes = _classes(DATA / "classes.tsv")
        lexicon = cls(classes=classes)
        forms: set[str] = set()
        lemmas: dict[str, set[str]] = {}
        for path in files:
            for entry in read_entries(path, classes):
                for words in entry.triggers:
                    lexicon._add(words, entry)
                    forms |= _needed_forms(words, entry)
        for lemma in lexicon.verbs:
            for form in verb_forms(lemma):
                lemmas.setdefault(form, set()).add(lemma)
        lexicon.noun_forms = frozenset(
            form for lemma in lexicon.nouns for form in noun_forms(lemma)
        )
        lexicon.lemmas_of = {form: frozenset(found) for form, found in lemmas.items()}
        for index in (lexicon.verbs, lexicon.nouns):
            for triggers in index.values():
                triggers.sort(key=lambda trigger: -len(trigger.words))
        lexicon.forms = frozenset(forms)
        digest = hashlib.blake2b(digest_size=6)
        for path in [*files, *sorted(DATA.glob("*.t*"))]:
            digest.update(path.read_bytes())
        lexicon.version = digest.hexdigest()
        return lexicon

    def _add(self, words: tuple[str, ...], entry: Entry) -> None:
        index = self.verbs if entry.kind == "v" else self.nouns
        head = words[0] if entry.kind == "v" or "of" in words or "on" in words else words[-1]
        trigger = Trigger(words, entry)
        for key in {head, head.rpartition("-")[2]}:
            index.setdefault(key, []).append(trigger)

    def may_hold_event(self, said: Iterable[str]) -> bool:
        """Return whether a text may hold an event: a quick test on its `lower_words`, before any parse."""
        return not self.forms.isdisjoint(said)

    def in_class(self, name: str, words: Iterable[str]) -> bool:
        """Return whether a word belongs to a class; of "a+b", whether one belongs to each."""
        known = set(words)
        return all(not self.classes[one].isdisjoint(known) for one in name.split("+"))


def _classes(path: Path) -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for _, (name, words) in rows(path, 2)}


@functools.cache
def transparent() -> dict[str, frozenset[str]]:
    """Return the nouns that stand for the actor in their "of" or "in" phrase or modifier."""
    return _classes(DATA / "transparent.tsv")


def _needed_forms(words: tuple[str, ...], entry: Entry) -> set[str]:
    """Return forms without one of which this trigger cannot be in a text.

    An operator without a code of its own needs an act in its complement, so it needs no form.
    """
    if entry.operator and not entry.codes and entry.operator in {"do", "stop", "allow"}:
        return set()
    if entry.kind == "n":
        word = words[0] if "of" in words or "on" in words else words[-1]
        last = {part for form in noun_forms(word) for part in _WORD.findall(form)[-1:]}
        return {word.partition("-")[0]} if last & _HYPHENED else last
    telling = [word for word in words[1:] if word not in PREPOSITIONS | PARTICLES]
    if words[0] in _EMPTY_VERBS and telling:
        return set(noun_forms(telling[-1]) | verb_forms(telling[-1]))
    forms = verb_forms(words[0])
    return {part for form in forms for part in _WORD.findall(form)[-1:]}
