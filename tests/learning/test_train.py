"""What is trained is what is exported. Needs the training's own packages (`make train`)."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("onnx")
pytest.importorskip("optax")

from learning.train.examples import example
from learning.train.export import exported
from learning.train.graph import lower_graph
from learning.train.network import forward, start
from transforms.events.learned.frozen import frozen_tensors
from transforms.events.learned.session import Session

FROZEN, LAYERS = 1, 2
RECORD = {
    "text": "Poland expelled two Russian diplomats.",
    "events": [
        {
            "source": [{"start": 0, "end": 6}],
            "target": [{"start": 20, "end": 37}],
            "trigger": {"start": 7, "end": 15},
            "type": "SANCTION",
            "cameo": "161",
            "modality": "asserted",
            "polarity": "positive",
            "said_by": None,
        }
    ],
    "none_reason": None,
    "split": "train",
}


def test_the_exported_graph_gives_what_jax_gives_but_for_the_8_bits() -> None:
    parameters = start(range(FROZEN, LAYERS), seed=1)
    ids = example(RECORD).pieces.ids
    frozen = frozen_tensors(FROZEN)
    given = Session(exported(parameters, FROZEN, {}), frozen).run(ids)
    vectors = Session(lower_graph(frozen, FROZEN), frozen).run(ids)["vectors"]
    mask = np.ones((1, len(ids)), np.float32)
    wanted = forward(parameters, vectors[None], mask, None)
    assert set(given) == set(wanted)
    for name, value in given.items():
        assert float(np.abs(value - np.asarray(wanted[name][0])).max()) < 0.15, name


def test_an_example_labels_the_pieces_of_trigger_and_actors() -> None:
    one = example(RECORD)
    words = [RECORD["text"][slice(*span)] for span in one.pieces.spans]
    assert [word for word, kind in zip(words, one.types, strict=True) if kind] == ["expelled"]
    source, target, speaker = (
        [word for word, is_in in zip(words, row, strict=True) if is_in] for row in one.roles[0]
    )
    assert (source, target, speaker) == (["Poland"], ["two", "Russian", "diplomats"][1:], [])
