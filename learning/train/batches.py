"""Batches of sentences of like length, with the vectors that the frozen layers give them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from learning.train.examples import EVENTS_MOST, Example
from learning.train.graph import WIDTH, lower_graph
from transforms.events.learned.frozen import frozen_tensors
from transforms.events.learned.labels import ROLES
from transforms.events.learned.pieces import MAX_PIECES
from transforms.events.learned.session import Session

LENGTHS = (
    16,
    24,
    32,
    40,
    48,
    56,
    72,
    104,
    MAX_PIECES,
)  # what batches are padded to: each is compiled once
Array = np.ndarray[Any, Any]
Batch = dict[str, Array]


class Frozen:
    """The layers that are not trained.

    Args:
        layers: How many.
    """

    def __init__(self, layers: int) -> None:
        frozen = frozen_tensors(layers)
        self._session = Session(lower_graph(frozen, layers), frozen)

    def vectors(self, examples: Sequence[Example]) -> list[Array]:
        """Return what the layers make of each sentence, (pieces, 384) in 16 bits."""
        return [
            self._session.run(each.pieces.ids)["vectors"].astype(np.float16) for each in examples
        ]


def batches(
    examples: Sequence[Example],
    vectors: Sequence[Array],
    size: int,
    chance: np.random.Generator | None = None,
) -> Iterator[Batch]:
    """Yield all sentences in batches of like length; shuffled with `chance`, else shortest first.

    Each batch holds "rows" (numbers of the sentences), "vectors", "mask", "types", "sentence",
    "triggers", "roles", "kinds" and "events" (1 where there is one), padded.
    """
    lengths = np.array([len(each.pieces.ids) for each in examples], dtype=np.float64)
    jitter = 0.0 if chance is None else chance.uniform(-3, 3, len(examples))
    order = np.argsort(lengths + jitter, kind="stable")
    groups = [order[i : i + size] for i in range(0, len(order), size)]
    if chance is not None:
        chance.shuffle(groups)  # type: ignore[arg-type]
    for rows in groups:
        yield _batch(rows, [examples[i] for i in rows], [vectors[i] for i in rows], size)


def _batch(rows: Array, examples: Sequence[Example], vectors: Sequence[Array], count: int) -> Batch:
    longest = max(len(each.pieces.ids) for each in examples)
    length = next(length for length in LENGTHS if length >= longest)
    batch: Batch = {
        "rows": rows,
        "vectors": np.zeros((count, length, WIDTH), np.float32),
        "mask": np.zeros((count, length), np.float32),
        "types": np.zeros((count, length), np.int32),
        "sentence": np.zeros(count, np.int32),
        "triggers": np.zeros((count, EVENTS_MOST, length), np.float32),
        "roles": np.zeros((count, EVENTS_MOST, len(ROLES), length), np.float32),
        "kinds": np.zeros((count, EVENTS_MOST, 4), np.int32),
        "events": np.zeros((count, EVENTS_MOST), np.float32),
    }
    for i, (each, own) in enumerate(zip(examples, vectors, strict=True)):
        n, e = len(each.pieces.ids), len(each.kinds)
        batch["vectors"][i, :n] = own
        batch["mask"][i, :n] = 1
        batch["types"][i, :n] = each.types
        batch["sentence"][i] = each.sentence
        batch["triggers"][i, :e, :n] = each.triggers
        batch["roles"][i, :e, :, :n] = each.roles
        batch["kinds"][i, :e] = each.kinds
        batch["events"][i, :e] = each.triggers.any(axis=1)
    return batch
