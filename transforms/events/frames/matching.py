"""From a parsed sentence with its actors to frames: which readings stand.

Each trigger keeps its best reading; an act under an operator (agreed to X, suspended X) is not an
act of its own; a statement is a frame only where nothing more specific was said. `Match` keeps what
was rejected and why, for `explain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from transforms.events.frames import nominals, roles
from transforms.events.frames.lexicon import Lexicon
from transforms.events.frames.parse import VERBAL
from transforms.events.frames.reader import Reader
from transforms.events.frames.readings import Reading
from transforms.events.frames.scene import Scene, is_known
from transforms.events.frames.traps import nominal_trap, verbal_trap
from transforms.events.frames.triggers import may_name_event
from transforms.events.model import Frame, Mention
from transforms.events.tree import Doc, Token

_NOMINAL = frozenset({"NOUN", "PROPN"})
_STATEMENT_ROOT = "01"
_NO_SPEAKERS = frozenset({"MED", "CVL", "EDU", "BUS", "LAB", "REF", "CRM"})
_ALLEGED_ROOTS = frozenset({"06", "07", "08", "13", "14", "15", "16", "17", "18", "19", "20"})
# Whose target may stand deep inside their phrases: asking, agreeing, yielding, refusing, troops, sanctions.
_REACHING_ROOTS = frozenset({"02", "03", "08", "10", "12", "15", "16"})
_FAR_WEIGHT = 0.8  # of an act whose target was looked for all over its phrases
MIN_WEIGHT = 0.3


@dataclass(slots=True)
class Match:
    """What matching one sentence found.

    Attributes:
        frames: The acts that stand.
        rejected: (token index, entry name, reason) of readings that do not.
    """

    frames: list[Frame] = field(default_factory=list)
    rejected: list[tuple[int, str, str]] = field(default_factory=list)


def match(doc: Doc, mentions: Sequence[Mention], lexicon: Lexicon) -> list[Frame]:
    """Return the frames of one parsed sentence.

    Args:
        doc: The sentence, tagged, parsed, lemmatized.
        mentions: Its resolved actors.
        lexicon: The entries.
    """
    return match_with_reasons(doc, mentions, lexicon).frames


def match_with_reasons(doc: Doc, mentions: Sequence[Mention], lexicon: Lexicon) -> Match:
    """Return the frames of one parsed sentence, and what was rejected and why."""
    result = Match()
    if not mentions:
        return result
    reader = Reader(Scene(doc, mentions, lexicon))
    readings = _candidates(doc, reader, result)
    kept: list[Reading] = []
    for reading in readings:
        if any(reading.trigger in other.covers for other in readings if other is not reading):
            result.rejected.append((reading.trigger, reading.entry.name, "part of a larger act"))
            continue
        kept.append(reading)
        kept.extend(content for content in reading.contents if _content_stands(content))
    result.frames = [reading.frame() for reading in _statements_last(kept, result)]
    return result


def _candidates(doc: Doc, reader: Reader, result: Match) -> list[Reading]:
    """Return each trigger's best reading that is complete and no trap."""
    found: list[Reading] = []
    for token in doc:
        if token.pos_ in VERBAL and token.dep_ not in {"aux", "auxpass"}:
            readings = reader.verb(token)
            best = choose(readings)
            if best is None:
                best = choose([_completed(reader, token, one) for one in readings])
            best = _reaching(reader, token, best) if best else None
            trap = verbal_trap(token, best.cameo[:2]) if best else None
        elif token.pos_ in _NOMINAL and may_name_event(token, reader.lexicon):
            readings = [one for one in nominals.alone(reader, token) if one.complete]
            best = choose(readings)
            trap = nominal_trap(token) if best else None
        else:
            continue
        if best is None:
            result.rejected += [
                (token.i, reading.entry.name, "no actor in its roles") for reading in readings[:1]
            ]
        elif trap is not None:
            result.rejected.append((token.i, best.entry.name, trap))
        elif best.weight < MIN_WEIGHT:
            result.rejected.append((token.i, best.entry.name, "too weak"))
        else:
            found.append(best)
    return found


def _reaching(reader: Reader, verb: Token, reading: Reading) -> Reading:
    """Return a reading without a target with the actor that its phrases name further down."""
    if reading.targets or not reading.sources or reading.cameo[:2] not in _REACHING_ROOTS:
        return reading
    return replace(reading, targets=tuple(roles.reach(reader, verb, reading.sources)))


def _completed(reader: Reader, verb: Token, reading: Reading) -> Reading:
    """Return a reading that lacks its target with one from further down, where its words are sure."""
    if not (reading.specific and reading.sources) or reading.targets or reading.reciprocal:
        return reading
    targets = tuple(roles.reach(reader, verb, reading.sources))
    return replace(reading, targets=targets, weight=reading.weight * _FAR_WEIGHT)


def choose(readings: list[Reading]) -> Reading | None:
    """Return the reading of one trigger that stands: the best complete one; None: none is.

    A decision a model could take: which type an ambiguous trigger has.
    """
    complete = [reading for reading in readings if reading.complete]
    best = max(complete, key=lambda reading: reading.rank, default=None)
    if best is None:
        return None
    deeper = [one for one in complete if _says_more(one, best)]
    return best.coded(deeper[0].cameo) if deeper else best


def _says_more(reading: Reading, best: Reading) -> bool:
    """Whether a reading gives the same kind of act a deeper code: 0832 beside 080."""
    return (
        reading.plover == best.plover
        and reading.cameo[:2] == best.cameo[:2]
        and len(reading.cameo) > len(best.cameo)
        and best.cameo.endswith("0")
    )


def _content_stands(content: Reading) -> bool:
    """What is alleged is a row where it says who did it."""
    return (
        content.plover is not None
        and content.cameo[:2] in _ALLEGED_ROOTS
        and any(is_known(one) for one in content.sources)
    )


def _statements_last(readings: list[Reading], result: Match) -> list[Reading]:
    """Leave out statements where the sentence holds something more specific."""
    specific = [one for one in readings if one.cameo[:2] != _STATEMENT_ROOT]
    if specific:
        result.rejected += [
            (one.trigger, one.entry.name, "the sentence holds something more specific")
            for one in readings
            if one.cameo[:2] == _STATEMENT_ROOT
        ]
        return specific
    stand: list[Reading] = []
    for one in readings:
        if any(source.generic or source.actor.sector in _NO_SPEAKERS for source in one.sources):
            result.rejected.append((one.trigger, one.entry.name, "no political actor speaks"))
        elif not any(other.sources == one.sources for other in stand):
            stand.append(one)
    return stand
