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

from transforms.events.frames.codes import DATA, rows, tables
from transforms.events.frames.inflection import noun_forms, verb_forms
from transforms.failures import ConfigError

PREPOSITIONS = frozenset(
    [
        "about",
        "across",
        "after",
        "against",
        "along",
        "alongside",
        "among",
        "around",
        "at",
        "between",
        "by",
        "down",
        "for",
        "from",
        "in",
        "inside",
        "into",
        "involving",
        "near",
        "of",
        "off",
        "on",
        "out",
        "outside",
        "over",
        "regarding",
        "that",
        "through",
        "to",
        "toward",
        "towards",
        "under",
        "upon",
        "with",
        "within",
        "behind",
    ]
)
SLOTS = frozenset({"subj", "obj", "iobj", "poss", "mod"}) | PREPOSITIONS
COMPLEMENTS = frozenset({"xcomp", "ccomp", "obj", "nsubj", "acl", "advcl", "acomp"} | PREPOSITIONS)
NEEDS = frozenset({"both", "source", "target", "any"})
_COLUMNS = 6
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
_PARTICLES = frozenset({"up", "down", "away", "back", "underway", "way", "by"})
_HYPHENED = frozenset({"in", "out", "up", "back"})
_WORD = re.compile(r"[a-z]+")


@dataclass(frozen=True, slots=True)
class CodeRule:
    """A code and when it holds.

    Attributes:
        cameo: The CAMEO code.
        slot: The slot whose words are tested; None: always.
        object_class: The class of words one of which the slot must hold; None: always.
    """

    cameo: str
    slot: str | None = None
    object_class: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of the lexicon.

    Attributes:
        name: Its name, for `rule` and `explain`.
        kind: "v" verb, "n" noun.
        triggers: Word sequences; the head verb is the first word, the head noun the last.
        sources, targets: Slots in order of preference.
        reciprocal: The act holds both ways.
        codes: Tried in order.
        operator: The operator it is over the act in its complement; None: an act of its own.
        complements: Where the operator looks for that act.
        need: Which roles an actor must fill: both, source, target, any.
        weight: 0-1, how reliable the entry is.
        plover, mode: In place of the code's own type and mode; None: the code's.
        in_object: Actors anywhere inside the object phrase may be the target.
        subject_class: The class that the subject's head must be in; None: any.
        no_object: The verb must have no object ("pulled out of", not "pulled survivors out of").
        infinitive: The entry's own code holds only with an infinitive ("promised to build").
        agent_class: Where no actor is the source, the subject or cause must be of this class.
        police: The same for police.
        military: CAMEO code in place of the entry's where the source is a military; None: the same.
        place: File and line, for messages.
    """

    name: str
    kind: str
    triggers: tuple[tuple[str, ...], ...]
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    reciprocal: bool
    codes: tuple[CodeRule, ...]
    operator: str | None
    complements: tuple[str, ...]
    need: str
    weight: float
    plover: str | None
    mode: str | None
    in_object: bool
    subject_class: str | None
    military: str | None
    police: str | None
    no_object: bool
    infinitive: bool
    agent_class: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """One way an entry's action is worded: its head word and the words beside it."""

    words: tuple[str, ...]
    entry: Entry


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

    def may_hold_event(self, text: str) -> bool:
        """Return whether a text may hold an event: a quick test on its words, before any parse."""
        return not self.forms.isdisjoint(_WORD.findall(text.lower()))

    def in_class(self, name: str, words: Iterable[str]) -> bool:
        """Return whether a word belongs to a class; of "a+b", whether one belongs to each."""
        known = set(words)
        return all(not self.classes[one].isdisjoint(known) for one in name.split("+"))


def read_entries(path: Path, classes: dict[str, frozenset[str]]) -> list[Entry]:
    """Return the entries of one lexicon file.

    Raises:
        ConfigError: Names file and line of the first mistake.
    """
    return [_entry(cells, f"{path}:{number}", classes) for number, cells in rows(path, _COLUMNS)]


def _entry(cells: list[str], place: str, classes: dict[str, frozenset[str]]) -> Entry:
    name, kind, triggers, roles, codes, options = cells
    if kind not in {"v", "n"}:
        raise ConfigError(f"{place}: kind {kind!r} is neither v nor n")
    words = tuple(tuple(one.lower().split()) for one in triggers.split(",") if one.strip())
    if not name or not words:
        raise ConfigError(f"{place}: an entry needs a name and at least one trigger")
    sources, targets, reciprocal = _roles(roles, place)
    operator, rules = _code_rules(codes, place, classes)
    chosen = _options(options, place, classes)
    plover, _, mode = chosen.get("plover", "").partition("/")
    complements = tuple(
        part for part in chosen.get("comp", "xcomp,ccomp,obj").split(",") if part != "-"
    )
    for part in complements:
        if part not in COMPLEMENTS:
            raise ConfigError(f"{place}: unknown complement {part!r}")
    return Entry(
        name=name,
        kind=kind,
        triggers=words,
        sources=sources,
        targets=targets,
        reciprocal=reciprocal,
        codes=rules,
        operator=operator,
        complements=complements,
        need=chosen.get("need", "both"),
        weight=float(chosen.get("w", "0.7")),
        plover=plover or None,
        mode=mode or None,
        in_object="inobj" in chosen,
        subject_class=chosen.get("subject"),
        military=chosen.get("mil"),
        police=chosen.get("cop"),
        no_object="noobj" in chosen,
        infinitive="inf" in chosen,
        agent_class=chosen.get("agent"),
        place=place,
    )


def _roles(roles: str, place: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    mark = "<>" if "<>" in roles else ">"
    left, found, right = roles.partition(mark)
    if not found:
        raise ConfigError(f"{place}: roles {roles!r} hold no '>' or '<>'")
    sides = []
    for side in (left, right):
        slots = tuple(slot.strip() for slot in side.split(",") if slot.strip())
        for slot in slots:
            if slot not in SLOTS:
                raise ConfigError(f"{place}: unknown slot {slot!r}")
        sides.append(slots)
    return sides[0], sides[1], mark == "<>"


def _code_rules(
    codes: str, place: str, classes: dict[str, frozenset[str]]
) -> tuple[str | None, tuple[CodeRule, ...]]:
    operator: str | None = None
    rules: list[CodeRule] = []
    for token in codes.split():
        if token.startswith("@"):
            operator = token[1:]
            if operator not in tables().operators:
                raise ConfigError(f"{place}: unknown operator {token!r}")
            continue
        condition, _, cameo = token.rpartition(":")
        slot, _, object_class = condition.rpartition("=")
        if cameo not in tables().codes:
            raise ConfigError(f"{place}: unknown CAMEO code {cameo!r}")
        for one in object_class.split("+") if object_class else ():
            if one not in classes:
                raise ConfigError(f"{place}: unknown class {one!r}")
        if slot and slot not in SLOTS:
            raise ConfigError(f"{place}: unknown slot {slot!r}")
        rules.append(CodeRule(cameo, slot or None, object_class or None))
    if operator is None and not rules:
        raise ConfigError(f"{place}: an entry needs a code or an operator")
    return operator, tuple(rules)


def _options(options: str, place: str, classes: dict[str, frozenset[str]]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for option in options.split():
        key, _, value = option.partition("=")
        if key not in {
            "need",
            "w",
            "plover",
            "comp",
            "inobj",
            "subject",
            "mil",
            "cop",
            "noobj",
            "inf",
            "agent",
        }:
            raise ConfigError(f"{place}: unknown option {key!r}")
        chosen[key] = value
    if chosen.get("need", "both") not in NEEDS:
        raise ConfigError(f"{place}: need is one of {', '.join(sorted(NEEDS))}")
    try:
        weight = float(chosen.get("w", "0.7"))
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise ConfigError(f"{place}: w={chosen['w']} is no number from 0 to 1")
    plover, _, mode = chosen.get("plover", "").partition("/")
    if plover and plover not in tables().modes:
        raise ConfigError(f"{place}: unknown PLOVER type {plover!r}")
    if mode and mode not in tables().modes[plover]:
        raise ConfigError(f"{place}: {plover} has no mode {mode!r}")
    for key in ("subject", "agent"):
        if key in chosen and chosen[key] not in classes:
            raise ConfigError(f"{place}: unknown class {chosen[key]!r}")
    for key in ("mil", "cop"):
        if key in chosen and chosen[key] not in tables().codes:
            raise ConfigError(f"{place}: unknown CAMEO code {chosen[key]!r}")
    return chosen


def _classes(path: Path) -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for _, (name, words) in rows(path, 2)}


@functools.cache
def transparent() -> dict[str, frozenset[str]]:
    """Return the nouns that stand for the actor in their "of" or "in" phrase or modifier."""
    return {kind: frozenset(words.split()) for kind, words in _transparent_rows()}


def _transparent_rows() -> list[tuple[str, str]]:
    return [(cells[0], cells[1]) for _, cells in rows(DATA / "transparent.tsv", 2)]


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
    telling = [word for word in words[1:] if word not in PREPOSITIONS | _PARTICLES]
    if words[0] in _EMPTY_VERBS and telling:
        return set(noun_forms(telling[-1]) | verb_forms(telling[-1]))
    forms = verb_forms(words[0])
    return {part for form in forms for part in _WORD.findall(form)[-1:]}
