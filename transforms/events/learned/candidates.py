"""What the policy weighs of a row: who proposed it, and how the model reads its words and actors."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from transforms.events.learned.labels import STATEMENT
from transforms.events.learned.proposals import ENTRY
from transforms.events.learned.votes import Votes
from transforms.events.model import Mention
from transforms.events.rows import Finding, pairs
from transforms.schema import Event

FEATURES: Final = (
    *(
        "rules",
        "event",
        "type",
        "elsewhere",
        "source",
        "no_source",
        "target",
        "no_target",
        "weaker",
    ),
    *("vague", "holds", "chance", "agreed"),
)
SCALE: Final = 4.0  # log-odds are divided by it, so that one ridge fits all features
_UNSEEN: Final = -6.0  # log-odds of a type or role where the model cannot be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A row that rules or model propose.

    Attributes:
        row: The row.
        learned: The model alone proposed it; else the rules did.
        words: Characters of its action in the sentence.
        features: Value of each of `FEATURES`.
    """

    row: Event
    learned: bool
    words: tuple[int, int]
    features: dict[str, float]


def candidates(
    finding: Finding, rows: Iterable[Event], votes: Votes, chance: float
) -> Iterator[Candidate]:
    """Yield a candidate for each row of a finding.

    Args:
        finding: The finding; its frame is of the rules or of the model.
        rows: Its rows, one per pair of actors.
        votes: What the model says of the sentence.
        chance: Of a row, at the first look.
    """
    frame = finding.frame
    spans = [(finding.doc[i].idx, finding.doc[i].idx + len(finding.doc[i])) for i in frame.action]
    named = frame.plover or STATEMENT
    own = votes.piece_of(spans, named)
    event = votes.is_event(own) if own is not None else _UNSEEN
    kind = votes.is_type(own, named) if own is not None else _UNSEEN
    # The rules may read an event off other words than the model does ("paid a visit").
    best = votes.likeliest(named)
    elsewhere = votes.is_type(best, named)
    piece = best if own is None or elsewhere > max(kind, 0.0) else own
    learned = frame.entry == ENTRY
    for row, (source, target) in zip(rows, pairs(frame), strict=True):
        roles = {
            "source": _role(votes, "source", piece, source),
            "target": _role(votes, "target", piece, target),
        }
        scores = [score for score in roles.values() if score is not None]
        values = {
            "rules": 0.0 if learned else _odds(finding.confidence),
            "event": event / SCALE,
            "type": kind / SCALE,
            "elsewhere": (elsewhere - max(kind, _UNSEEN)) / SCALE,
            "source": (roles["source"] or 0.0) / SCALE,
            "no_source": float(roles["source"] is None),
            "target": (roles["target"] or 0.0) / SCALE,
            "no_target": float(roles["target"] is None),
            "weaker": min(scores, default=_UNSEEN) / SCALE,
            "vague": sum(map(_is_vague, (source, target))) / 2,
            "holds": votes.holds_event() / SCALE,
            "chance": _odds(chance) / SCALE,
            "agreed": 0.0,
        }
        yield Candidate(
            row=row,
            learned=learned,
            words=(min(start for start, _ in spans), max(end for _, end in spans)),
            features={name: values[name] for name in FEATURES},
        )


def _role(votes: Votes, role: str, piece: int | None, mention: Mention | None) -> float | None:
    """Return the log-odds that a mention has a role; None where nobody is named for it.

    One that stands for somebody without a word of its own (the state, by the place) is not asked about.
    """
    if mention is None or not mention.text:
        return None
    if piece is None:
        return _UNSEEN
    return votes.role(role, piece, (mention.char_start, mention.char_end))


def _is_vague(mention: Mention | None) -> bool:
    """Whether an actor is only a role ("police", "lawmakers"): whose, nothing tells."""
    return mention is not None and not (mention.actor.country or mention.actor.kind)


def _odds(share: float) -> float:
    share = min(max(share, 0.01), 0.99)
    return math.log(share / (1 - share))
