"""From the compiled sentences to what the model is trained with: pieces and what each is labelled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from transforms.events.learned.labels import (
    MODALITIES,
    NO_EVENT,
    ROLES,
    ROOTS,
    SENTENCES,
    STATEMENT,
    TYPES,
)
from transforms.events.learned.pieces import Pieces, pieces_of

DATA = Path(__file__).parents[1] / "data" / "sentences.jsonl"
ROLE_KEYS = dict(zip(ROLES, ("source", "target", "said_by"), strict=True))
EVENTS_MOST = 6  # events of one sentence that are trained on; more are a list
Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One sentence; n pieces, e events.

    Attributes:
        pieces: Its word pieces.
        split: train, dev or test.
        types: (n,) number of the PLOVER type each piece triggers.
        sentence: Number of what the sentence is, see `SENTENCES`.
        triggers: (e, n) 1 where a piece is of the event's trigger.
        roles: (e, roles, n) 1 where a piece is of the actor in that role.
        kinds: (e, 4) numbers of type, CAMEO root, modality, and 1 where the polarity is negative.
    """

    pieces: Pieces
    split: str
    types: Array
    sentence: int
    triggers: Array
    roles: Array
    kinds: Array


def records(path: Path = DATA) -> list[dict[str, Any]]:
    """Return all compiled sentences, in the order of the file."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def example(record: Mapping[str, Any]) -> Example:
    """Return what one record of `learning/data/sentences.jsonl` teaches."""
    pieces = pieces_of(record["text"])
    events = record["events"][:EVENTS_MOST]
    size = len(pieces.ids)
    types = np.zeros(size, np.int32)
    triggers = np.zeros((len(events), size), np.float32)
    roles = np.zeros((len(events), len(ROLES), size), np.float32)
    kinds = np.zeros((len(events), 4), np.int32)
    for number, event in enumerate(events):
        kind = TYPES.index(event["type"] or STATEMENT)
        triggers[number, _of([event["trigger"]], pieces)] = 1
        types[triggers[number] > 0] = kind
        for role, name in enumerate(ROLES):
            spans = event[ROLE_KEYS[name]] or []
            roles[number, role, _of([spans] if isinstance(spans, dict) else spans, pieces)] = 1
        kinds[number] = (
            kind,
            ROOTS.index(event["cameo"][:2]),
            MODALITIES.index(event["modality"]),
            event["polarity"] == "negative",
        )
    return Example(
        pieces=pieces,
        split=record["split"],
        types=types,
        sentence=SENTENCES.index(record["none_reason"] or "event"),
        triggers=triggers,
        roles=roles,
        kinds=kinds,
    )


def _of(spans: Iterable[Mapping[str, int]], pieces: Pieces) -> list[int]:
    return [i for span in spans for i in pieces.within(span["start"], span["end"])]


assert TYPES[0] == NO_EVENT  # what a piece is that triggers nothing
