"""What is trained is what is exported, and the same each time. Run by `make test-train`, which has JAX."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("jax")
pytest.importorskip("onnx")
pytest.importorskip("optax")

from learning.train.examples import example, records
from learning.train.export import exported
from learning.train.graph import lower_graph
from learning.train.loop import Recipe, train
from learning.train.network import forward, product, start
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


def test_products_in_16_bits_lose_less_than_a_hundredth() -> None:
    chance = np.random.default_rng(1)
    value, matrix = (chance.normal(size=size).astype(np.float32) for size in ((2, 5, 64), (64, 8)))
    exact = value @ matrix
    lost = np.abs(np.asarray(product(value, matrix)) - exact)
    assert float(lost.max()) < 0.01 * float(np.abs(exact).max())


def test_the_same_sentences_and_seed_give_the_same_weights() -> None:
    """The tolerance of `make train` on one machine: parallel sums may add in another order."""
    events = [each for each in records() if each["split"] == "train" and each["events"]]
    sentences = sorted(events, key=lambda each: len(each["text"]))[:48]  # two lengths to compile
    recipe = Recipe(frozen=FROZEN, layers=LAYERS, epochs=2, batch=16)
    [*_, one], [*_, other] = (list(train(sentences, recipe)) for _ in range(2))
    for name, part in one.items():
        for key, array in part.items():
            assert np.allclose(array, other[name][key], atol=1e-4), f"{name}.{key}"


def test_an_example_labels_the_pieces_of_trigger_and_actors() -> None:
    one = example(RECORD)
    words = [RECORD["text"][slice(*span)] for span in one.pieces.spans]
    assert [word for word, kind in zip(words, one.types, strict=True) if kind] == ["expelled"]
    source, target, speaker = (
        [word for word, is_in in zip(words, row, strict=True) if is_in] for row in one.roles[0]
    )
    assert (source, target, speaker) == (["Poland"], ["two", "Russian", "diplomats"][1:], [])
