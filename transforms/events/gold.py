"""Hand-coded sentences, read from JSON lines: what `evaluate` measures the coder against.

Two formats are read, told apart line by line:

- ours (`tests/data/events/README.md`): events with `source`, `type`, `target` and, where known,
  `cameo`, `modality`, `polarity`, `said_by`; each may be a list of answers that are equally right;
  an event marked `optional` is neither asked for nor held against the coder;
- the shared one (PLOVER's gold standard records): events with `source`, `event`, `target`. Types are
  those of 2016 and are mapped to today's; its JAP and ITL are JPN and ITA; one event is labelled per
  sentence, so the line is `partial`: what it does not list is not a mistake.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from transforms.failures import UsageError

TYPES: Final = (
    "AGREE",
    "CONSULT",
    "SUPPORT",
    "CONCEDE",
    "COOPERATE",
    "AID",
    "RETREAT",
    "REQUEST",
    "ACCUSE",
    "REJECT",
    "THREATEN",
    "PROTEST",
    "SANCTION",
    "MOBILIZE",
    "COERCE",
    "ASSAULT",
)
MODALITIES: Final = ("asserted", "alleged", "possible", "intended", "requested", "conditional")
POLARITIES: Final = ("positive", "negative")

TYPES_2016: Final = {
    "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE",
    "DEMAND": "REQUEST",
    "FIGHT": "ASSAULT",
}
CODES_2016: Final = {"JAP": "JPN", "ITL": "ITA"}

Answers = tuple[str | None, ...]
"""Answers that are equally right; (None,) means: none named. Empty: not labelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEvent:
    """One event that a careful reader codes; every field holds the answers that count as right.

    Attributes:
        sources, targets: Actor codes, CAMEO style ("ISRMIL"); None: no actor named.
        types: PLOVER types; None: a mere statement (CAMEO 01x).
        cameos: CAMEO codes; only their roots are scored.
        said_by: Actor codes, or words of the text; None: the text itself asserts it.
        optional: Neither asked for nor held against the coder.
    """

    sources: Answers
    types: Answers
    targets: Answers
    cameos: Answers = ()
    modalities: Answers = ()
    polarities: Answers = ()
    said_by: Answers = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldSentence:
    """One sentence with all it holds.

    Attributes:
        is_title: The text is a headline.
        partial: Other events may be in the sentence; only the listed ones were labelled.
    """

    sentence_id: str
    text: str
    published: dt.date | None
    events: tuple[GoldEvent, ...]
    is_title: bool = False
    partial: bool = False

    @property
    def holds_nothing(self) -> bool:
        """Whether no event of a PLOVER type may be coded from it, not even an optional one."""
        return not self.partial and not any(
            kind is not None for event in self.events for kind in event.types
        )


def read_gold(path: Path) -> tuple[GoldSentence, ...]:
    """Return the sentences of a gold file, in order.

    Raises:
        UsageError: The file cannot be read, is empty, or a line is malformed (with file and line).
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")  # not at U+2028, as splitlines would
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read: {error}") from error
    return parse_gold(lines, str(path))


def parse_gold(lines: Iterable[str], name: str) -> tuple[GoldSentence, ...]:
    """Return the sentences of a gold file's lines, in order.

    Args:
        name: Of the file, for messages.

    Raises:
        UsageError: There is no sentence, or a line is malformed (with file and line).
    """
    sentences: list[GoldSentence] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            sentence = _sentence(json.loads(line))
        except (json.JSONDecodeError, _MalformedError) as error:
            raise UsageError(f"{name}:{number}: {error}") from error
        if sentence.sentence_id in seen:
            first = seen[sentence.sentence_id]
            raise UsageError(
                f"{name}:{number}: id {sentence.sentence_id!r} is that of line {first}"
            )
        seen[sentence.sentence_id] = number
        sentences.append(sentence)
    if not sentences:
        raise UsageError(f"{name}: holds no sentence")
    return tuple(sentences)


class _MalformedError(ValueError):
    """A line that is JSON but no gold sentence; says what is wrong with it."""


def _sentence(value: Any) -> GoldSentence:
    if not isinstance(value, dict):
        raise _MalformedError("a line must be a JSON object")
    sentence_id, text = value.get("id"), value.get("text")
    if not isinstance(sentence_id, str) or not sentence_id:
        raise _MalformedError("'id' must be a string")
    if not isinstance(text, str) or not text.strip():
        raise _MalformedError("'text' must be a string that is not blank")
    events = value.get("events")
    if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
        raise _MalformedError("'events' must be a list of objects; [] where there is none")
    partial = any("event" in event for event in events)
    coded = (_event_2016(event) if partial else _event(event) for event in events)
    return GoldSentence(
        sentence_id=sentence_id,
        text=text,
        published=_date(value.get("published", value.get("date"))),
        events=tuple(coded),
        is_title=value.get("title") is True,
        partial=partial,
    )


def _date(value: Any) -> dt.date | None:
    if value is None:
        return None
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise _MalformedError(f"'published' must be an ISO date, not {value!r}") from None


def _event(event: Mapping[str, Any]) -> GoldEvent:
    for key in ("source", "type", "target"):
        if key not in event:
            raise _MalformedError(f"an event lacks {key!r}; null says that none is named")
    return GoldEvent(
        sources=_answers(event, "source"),
        types=_answers(event, "type", TYPES),
        targets=_answers(event, "target"),
        cameos=_answers(event, "cameo"),
        modalities=_answers(event, "modality", MODALITIES),
        polarities=_answers(event, "polarity", POLARITIES),
        said_by=_answers(event, "said_by"),
        optional=event.get("optional") is True,
    )


def _event_2016(event: Mapping[str, Any]) -> GoldEvent:
    kind = _answers(
        {"event": TYPES_2016.get(str(event.get("event")), event.get("event"))}, "event", TYPES
    )
    if kind in ((), (None,)):
        raise _MalformedError("an event lacks its type, 'event'")
    return GoldEvent(
        sources=_codes_2016(_answers(event, "source")),
        types=kind,
        targets=_codes_2016(_answers(event, "target")),
    )


def _codes_2016(codes: Answers) -> Answers:
    return tuple(code and CODES_2016.get(code[:3], code[:3]) + code[3:] for code in codes) or (
        None,
    )


def _answers(event: Mapping[str, Any], key: str, known: Iterable[str] = ()) -> Answers:
    """Return what the key allows; () where the key is absent."""
    if key not in event:
        return ()
    value = event[key]
    answers = tuple(value) if isinstance(value, list) else (value,)
    if not answers:
        raise _MalformedError(f"{key!r} is an empty list")
    for answer in answers:
        if answer is not None and (not isinstance(answer, str) or not answer):
            raise _MalformedError(f"{key!r} must be a string, null or a list of those")
        if known and answer is not None and answer not in known:
            raise _MalformedError(f"{key!r} is {answer!r}; it can be {', '.join(known)}")
    return answers
