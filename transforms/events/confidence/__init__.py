"""How likely a row is right: a logistic sum of few features, its weights in `data/confidence.toml`.

`calibrate` fits those weights on gold; `reliability` shows how far they can be believed.
"""

from __future__ import annotations

from transforms.events.confidence.calibrate import calibrate
from transforms.events.confidence.features import features
from transforms.events.confidence.reliability import reliability_table
from transforms.events.confidence.weights import Weights, load_weights, write_weights
from transforms.events.model import Frame, Judgement
from transforms.events.tree import Doc

__all__ = [
    "Weights",
    "calibrate",
    "confidence",
    "features",
    "load_weights",
    "reliability_table",
    "write_weights",
]


def confidence(
    frame: Frame, judgement: Judgement, doc: Doc, weights: Weights | None = None
) -> float:
    """Return 0-1: how likely the row that this frame becomes is right.

    Args:
        frame: The frame.
        judgement: How sure the text is; a hedged event is no less an event, but read wrongly more often.
        doc: The parsed sentence.
        weights: Other weights than those in the data file.
    """
    return (weights or load_weights()).score(features(frame, judgement, doc))
