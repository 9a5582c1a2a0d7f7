"""What a clause of somebody's speech asks or threatens: "said X must", "told X it would face"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from transforms.events.frames import operators, roles
from transforms.events.frames.codes import tables
from transforms.events.frames.entries import CodeRule, Entry
from transforms.events.frames.parse import OBLIGATION, kids
from transforms.events.frames.readings import Reading
from transforms.events.frames.scene import is_known
from transforms.events.frames.syntax import Arguments, phrase_words
from transforms.events.frames.triggers import verb_triggers
from transforms.events.model import Mention
from transforms.events.tree import Token

if TYPE_CHECKING:
    from transforms.events.frames.reader import Reader

_FUTURE = frozenset({"will", "would", "'ll", "shall"})
_THREAT = "130"
_THREATS = (("sanctions", "1312"), ("violence", "138"), ("consequence", "130"))


def obliged(reader: Reader, verb: Token, args: Arguments) -> list[Reading]:
    """Read "said that X must …" as a request to X."""
    clauses = kids(verb, "ccomp")
    saying = next(_statements(reader, verb), None) if clauses else None
    if saying is None:
        return []
    sources = reader.scene.fill(args.get("subj"))
    return [
        _request(reader, clause, saying, sources, args)
        for clause in clauses
        if OBLIGATION & {child.lower_ for child in kids(clause, "aux")}
    ]


def _statements(reader: Reader, verb: Token) -> Iterator[Entry]:
    for trigger, _ in verb_triggers(verb, reader.lexicon, reader.scene.words):
        if trigger.entry.codes[:1] == (CodeRule("010"),) and len(trigger.words) == 1:
            yield trigger.entry


def _request(
    reader: Reader, clause: Token, saying: Entry, sources: list[Mention], args: Arguments
) -> Reading:
    subject = reader.arguments(clause).get("subj")
    asked = [
        tables().apply("demand", base.cameo) for base in operators.bases(reader, clause, args, 1)
    ]
    cameo = next((code for code in asked if code is not None), "100")
    code = tables().codes[cameo]
    return Reading(
        trigger=clause.i,
        action=(clause.i,),
        entry=replace(saying, name="must", need="both", weight=0.65),
        lemma=f"must {clause.lemma_}",
        cameo=cameo,
        plover=code.plover,
        mode=code.mode,
        sources=tuple(sources),
        targets=tuple(roles.without(reader.scene.fill(subject), sources)),
        construction="obligation",
        weight=0.65,
        specific=True,
        modality="asserted",
        covers=operators.within(reader, clause.i),
    )


def warned(reader: Reader, verb: Token, args: Arguments) -> list[Reading]:
    """Read "told X it would face strikes", "said any attack would be met with force" as a threat."""
    clauses = kids(verb, "ccomp")
    saying = next(_statements(reader, verb), None) if clauses else None
    if saying is None:
        return []
    sources = reader.scene.fill(args.get("subj"))
    if not sources:
        return []
    made = (_threat(reader, clause, saying, args) for clause in clauses)
    return [
        replace(
            threat,
            sources=tuple(sources),
            targets=tuple(roles.without(list(threat.targets), sources)),
        )
        for threat in made
        if threat is not None
    ]


def _threat(reader: Reader, clause: Token, saying: Entry, outer: Arguments) -> Reading | None:
    """Return the threat in what is said, without its source; None: the clause holds none."""
    if not _FUTURE & {child.lower_ for child in kids(clause, "aux")} or kids(clause, "neg"):
        return None
    lemma = clause.lemma_.lower()
    args = reader.arguments(clause)
    inner = args.get("obj") if lemma in reader.lexicon.classes["suffering"] else []
    if args.passive and lemma in reader.lexicon.classes["answering"]:
        inner = args.get("with")
    words = phrase_words(inner)
    cameo = next((code for kind, code in _THREATS if reader.lexicon.in_class(kind, words)), None)
    if cameo is None:
        return _hanging(reader, clause, saying, outer)
    met = args.passive
    found = reader.scene.fill(outer.get("obj")) or (
        reader.scene.inside(args.get("obj")) if met else reader.scene.fill(args.get("subj"))
    )
    code = tables().codes[cameo]
    return Reading(
        trigger=clause.i,
        action=tuple(sorted({clause.i, *(token.i for token in inner[:1])})),
        entry=replace(saying, name="warned-of", need="both", weight=0.65),
        lemma=clause.lemma_,
        cameo=cameo,
        plover=code.plover,
        mode=code.mode,
        sources=(),
        targets=tuple(one for one in found if is_known(one)),
        construction="warning",
        weight=0.65,
        specific=True,
        modality="asserted",
        covers=operators.within(reader, clause.i),
    )


def _hanging(reader: Reader, clause: Token, saying: Entry, outer: Arguments) -> Reading | None:
    """Return the threat in "told X it would turn off the tap unless": an unknown act that hangs on X."""
    if any(one.plover for one in reader.verb(clause)):
        return None
    marks = {mark.lower_ for one in kids(clause, "advcl") for mark in kids(one, "mark")}
    addressed = [one for one in outer.get("obj") if one.dep_ in {"dobj", "dative", "iobj"}]
    told = reader.scene.fill(addressed) if marks & {"if", "unless"} else []
    against = told or (roles.conditioned(reader, clause) if "unless" in marks else [])
    against = [one for one in against if is_known(one)]
    if not against:
        return None
    code = tables().codes[_THREAT]
    return Reading(
        trigger=clause.i,
        action=(clause.i,),
        entry=replace(saying, name="would-if", need="both", weight=0.5),
        lemma=clause.lemma_,
        cameo=code.cameo,
        plover=code.plover,
        mode=code.mode,
        sources=(),
        targets=tuple(against),
        construction="warning",
        weight=0.5,
        specific=True,
    )
