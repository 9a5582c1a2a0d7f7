"""From the model's votes to frames: the events it sees, with the actors the resolver found."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from transforms.events.frames.codes import Code, tables
from transforms.events.learned.labels import STATEMENT
from transforms.events.learned.votes import Act, Votes
from transforms.events.model import Frame, Mention
from transforms.events.tree import Doc

ENTRY = "model"  # what `events.rule` names instead of a lexicon entry
CONSTRUCTION = "tokens"
_LEAST_ROLE = -0.5  # log-odds from which an actor is asked about


def propose(doc: Doc, mentions: Sequence[Mention], votes: Votes) -> list[Frame]:
    """Return a frame for each act that the model sees in a parsed sentence and an actor takes part in.

    Args:
        doc: The sentence.
        mentions: Its resolved actors.
        votes: What the model says of the sentence.
    """
    frames = []
    for act in votes.acts():
        frame = _frame(doc, mentions, votes, act)
        if frame is not None:
            frames.append(frame)
    return frames


def _frame(doc: Doc, mentions: Sequence[Mention], votes: Votes, act: Act) -> Frame | None:
    span = doc.around(act.start, act.end)
    code = code_of(act.kind, act.root)
    if span is None or code is None or act.kind == STATEMENT:
        return None
    sources, targets = (actors(mentions, votes, act, role) for role in ("source", "target"))
    if not sources and not targets:
        return None
    return Frame(
        trigger=span.root.i,
        action=tuple(range(span.start, span.end)),
        sources=sources,
        targets=targets,
        object=None,
        lemma=" ".join(token.lemma_.lower() for token in span),
        cameo=code.cameo,
        plover=code.plover,
        mode=code.mode,
        context=code.context,
        entry=ENTRY,
        construction=CONSTRUCTION,
    )


def actors(mentions: Sequence[Mention], votes: Votes, act: Act, role: str) -> tuple[Mention, ...]:
    """Return the mentions that the model takes for the actors in a role of an act.

    Of mentions within one another the likelier stands.
    """
    words = (act.start, act.end)
    scored = sorted(
        (
            (votes.role(role, act.piece, (one.char_start, one.char_end)), one)
            for one in mentions
            if one.actor.code is not None and not _meet(words, (one.char_start, one.char_end))
        ),
        key=lambda pair: -pair[0],
    )
    found: list[Mention] = []
    for score, one in scored:
        own = (one.char_start, one.char_end)
        if score < _LEAST_ROLE:
            break
        if not any(_meet(own, (other.char_start, other.char_end)) for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.char_start))


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


@functools.cache
def code_of(kind: str, root: str) -> Code | None:
    """Return the most general CAMEO code of a PLOVER type, of a root where the type has one there.

    None where the type has no code at all.
    """
    codes = [code for code in tables().codes.values() if code.plover == kind]
    within = [code for code in codes if code.cameo.startswith(root)]
    return min(within or codes, key=lambda code: (len(code.cameo), code.cameo), default=None)
