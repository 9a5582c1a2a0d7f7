"""One entry of the lexicon, and how it is read from a file: every mistake with file and line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from transforms.events.frames.codes import rows, tables
from transforms.failures import ConfigError

PREPOSITIONS = frozenset(
    [
        "about",
        "across",
        "after",
        "as",
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
PARTICLES = frozenset({"up", "down", "away", "back", "underway", "way", "by"})
SLOTS = frozenset({"subj", "obj", "iobj", "poss", "mod"}) | PREPOSITIONS
COMPLEMENTS = frozenset({"xcomp", "ccomp", "obj", "nsubj", "acl", "advcl", "acomp"} | PREPOSITIONS)
NEEDS = frozenset({"both", "source", "target", "any"})
OPTIONS = frozenset(
    {
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
        "noinf",
        "agent",
        "abroad",
        "whom",
    }
)
_COLUMNS = 6


NO_ACT = "-"


@dataclass(frozen=True, slots=True)
class CodeRule:
    """A code and when it holds.

    Attributes:
        cameo: The CAMEO code; NO_ACT: with such words it is no act at all ("strike a deal").
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
        no_infinitive: The verb must have none ("tried the general", not "tried to attack").
        whom: It holds only with an infinitive that has a subject of its own ("want X to go").
        agent_class: Where no actor is the source, the subject or cause must be of this class.
        police: The same for police.
        abroad: CAMEO code where the target is of another country than the source; None: the same.
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
    abroad: str | None
    no_object: bool
    infinitive: bool
    no_infinitive: bool
    whom: bool
    agent_class: str | None
    place: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """One way an entry's action is worded: its head word and the words beside it."""

    words: tuple[str, ...]
    entry: Entry


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
        abroad=chosen.get("abroad"),
        no_object="noobj" in chosen,
        infinitive="inf" in chosen,
        no_infinitive="noinf" in chosen,
        whom="whom" in chosen,
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
        if cameo != NO_ACT and cameo not in tables().codes:
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
        if key not in OPTIONS:
            raise ConfigError(f"{place}: unknown option {key!r}")
        chosen[key] = value
    if chosen.get("need", "both") not in NEEDS:
        raise ConfigError(f"{place}: need is one of {', '.join(sorted(NEEDS))}")
    _check_weight(chosen.get("w", "0.7"), place)
    _check_type(chosen.get("plover", ""), place)
    for key in ("subject", "agent"):
        if key in chosen and chosen[key] not in classes:
            raise ConfigError(f"{place}: unknown class {chosen[key]!r}")
    for key in ("mil", "cop", "abroad"):
        if key in chosen and chosen[key] not in tables().codes:
            raise ConfigError(f"{place}: unknown CAMEO code {chosen[key]!r}")
    return chosen


def _check_weight(text: str, place: str) -> None:
    try:
        weight = float(text)
    except ValueError:
        weight = -1.0
    if not 0 <= weight <= 1:
        raise ConfigError(f"{place}: w={text} is no number from 0 to 1")


def _check_type(text: str, place: str) -> None:
    plover, _, mode = text.partition("/")
    if plover and plover not in tables().modes:
        raise ConfigError(f"{place}: unknown PLOVER type {plover!r}")
    if mode and mode not in tables().modes[plover]:
        raise ConfigError(f"{place}: {plover} has no mode {mode!r}")
