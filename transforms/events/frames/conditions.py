"""Conditions: "is under sanctions", "is at war with", "came under fire from", "put X under arrest"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from transforms.events.frames import operators, roles
from transforms.events.frames.parse import kids
from transforms.events.frames.readings import Reading
from transforms.events.frames.syntax import Arguments
from transforms.events.model import Mention
from transforms.events.tree import Token

if TYPE_CHECKING:
    from transforms.events.frames.reader import Reader

# Under a preposition, which role of the event noun the one in the condition has.
_SIDES = {"under": "target", "at": "source", "in": "source"}
_VERBS = frozenset(
    {"be", "come", "remain", "stay", "live", "find", "place", "put", "fall", "keep", "lie"}
)


def conditions(reader: Reader, verb: Token, args: Arguments) -> list[Reading]:
    """Return the readings of a verb of being or putting with an event noun's condition."""
    if verb.lemma_.lower() not in _VERBS:
        return []
    put = bool(args.get("obj")) and not args.passive
    subject = reader.scene.fill(args.get("obj" if args.passive or put else "subj"))
    putter = reader.scene.fill(args.get("subj")) if put else []
    if not subject:
        return []
    with_ = Arguments(slots={"with": args.get("with")})
    return [
        _placed(base, verb, prep, subject, putter)
        for prep in kids(verb, "prep")
        if prep.lower_ in _SIDES
        for base in _acts(reader, prep, with_)
    ]


def _acts(reader: Reader, prep: Token, outer: Arguments) -> Iterator[Reading]:
    for noun in kids(prep, "pobj"):
        for base in operators.bases(reader, noun, outer, 1):
            if base.plover is not None:
                yield base


def _placed(
    base: Reading, verb: Token, prep: Token, subject: list[Mention], putter: list[Mention]
) -> Reading:
    if _SIDES[prep.lower_] == "target":
        sources, targets = putter or roles.without(list(base.sources), subject), subject
        need = "target"
    else:
        sources, targets = subject, roles.without(list(base.targets), subject)
        if not targets and base.reciprocal and len(subject) > 1:
            targets = subject
        need = "both"
    return replace(
        base,
        trigger=verb.i,
        action=tuple(sorted({verb.i, prep.i, *base.action})),
        sources=tuple(sources),
        targets=tuple(targets),
        construction="condition",
        covers=base.covers | {base.trigger},
        entry=replace(base.entry, need=need),
        specific=True,
    )
