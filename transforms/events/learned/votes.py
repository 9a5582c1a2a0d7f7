"""What the model says of one sentence, asked by characters."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from transforms.events.learned.base import Array
from transforms.events.learned.frozen import frozen_tensors
from transforms.events.learned.labels import MODALITIES, ROLES, ROOTS, SENTENCES, TYPES
from transforms.events.learned.pieces import Pieces, pieces_of
from transforms.events.learned.session import Session
from transforms.failures import ConfigError

MODEL: Final = Path(__file__).parent / "data" / "model.onnx"
# Logits are rounded before anything is decided by them: machines differ in the seventh digit, and
# a quantized value that flips with it moves a logit by about a thousandth.
DECIMALS: Final = 1
MOST: Final = 9.9  # logits beyond say no more
POSSIBLE: Final = 0.25  # a word is asked about where it is an event with this probability


@dataclass(frozen=True, slots=True)
class Act:
    """Words that the model takes for an event.

    Attributes:
        start, end: Their characters in the sentence.
        piece: Number of the piece that is likeliest an event; the others questions are asked of it.
        kind: PLOVER type, or "statement".
        root: CAMEO root.
    """

    start: int
    end: int
    piece: int
    kind: str
    root: str


@dataclass(frozen=True)
class Votes:
    """The model's votes on one sentence of n pieces, as rounded logits.

    Attributes:
        sentence_text: The sentence.
        pieces: Its word pieces.
        types: (n, types) which event a piece triggers, see `TYPES`.
        roots: (n, roots) of which CAMEO root.
        modality: (n, modalities).
        polarity: (n, 1) that it did not happen.
        roles: (roles, n, n) that the second piece is of the actor in that role of the first's event.
        sentence: (sentences,) what the sentence is.
    """

    sentence_text: str
    pieces: Pieces
    types: Array
    roots: Array
    modality: Array
    polarity: Array
    roles: Array
    sentence: Array

    @functools.cached_property
    def _shares(self) -> Array:
        """(n, types) probabilities."""
        return _shares(self.types)

    def holds_event(self) -> float:
        """Return the log-odds that the sentence holds an event."""
        return self._holds

    @functools.cached_property
    def _holds(self) -> float:
        return _odds(_shares(self.sentence)[SENTENCES.index("event")])

    def text(self, act: Act) -> str:
        """Return the words of an act."""
        return self.sentence_text[act.start : act.end]

    def about(self) -> str:
        """Return what the sentence is: "event", or why it holds none."""
        return SENTENCES[int(self.sentence.argmax())]

    def piece_of(self, spans: Iterable[tuple[int, int]], kind: str) -> int | None:
        """Return the piece among some characters that is likeliest of a type; None: there is no piece."""
        found = sorted({i for span in spans for i in self.pieces.within(*span)})
        if not found:
            return None
        return found[int(self._shares[found, TYPES.index(kind)].argmax())]

    def likeliest(self, kind: str) -> int:
        """Return the piece of the sentence that is likeliest of a type."""
        return int(self._shares[:, TYPES.index(kind)].argmax())

    def is_event(self, piece: int) -> float:
        """Return the log-odds that a piece triggers an event."""
        return _odds(1 - self._shares[piece, 0])

    def is_type(self, piece: int, kind: str) -> float:
        """Return the log-odds that a piece triggers an event of a type."""
        return _odds(self._shares[piece, TYPES.index(kind)])

    def type_of(self, piece: int) -> str:
        """Return what a piece triggers, if it triggers an event."""
        return TYPES[int(self.types[piece, 1:].argmax()) + 1]

    def role(self, role: str, piece: int, actor: tuple[int, int]) -> float:
        """Return the log-odds that who stands at some characters has a role in a piece's event."""
        return self._parts(actor)[ROLES.index(role)][piece]

    def _parts(self, actor: tuple[int, int]) -> list[list[float]]:
        """Return the log-odds that an actor has each role (first index) in each piece's event."""
        known = self._actors.get(actor)
        if known is None:
            pieces = self.pieces.within(*actor)
            if pieces:
                known = self.roles[:, :, pieces].mean(axis=-1).tolist()
            else:
                known = [[-MOST] * len(self.pieces.ids)] * len(ROLES)
            self._actors[actor] = known
        return known

    @functools.cached_property
    def _actors(self) -> dict[tuple[int, int], list[list[float]]]:
        """What is known of actors that were asked about."""
        return {}

    def modality_of(self, piece: int) -> str:
        """Return the likeliest modality of a piece's event."""
        return MODALITIES[int(self.modality[piece].argmax())]

    def is_negative(self, piece: int) -> bool:
        """Return whether a piece's event is said not to have happened."""
        return float(self.polarity[piece, 0]) > 0

    def acts(self) -> list[Act]:
        """Return the runs of pieces that are an event with some probability, in order."""
        shares = self._shares
        runs: list[list[int]] = []
        for i, (start, end) in enumerate(self.pieces.spans):
            if start == end or shares[i, 0] > 1 - POSSIBLE:
                continue
            if runs and runs[-1][-1] == i - 1:
                runs[-1].append(i)
            else:
                runs.append([i])
        found = []
        for run in runs:
            piece = min(run, key=lambda i: shares[i, 0])
            root = ROOTS[int(self.roots[piece].argmax())]
            start, end = self.pieces.spans[run[0]][0], self.pieces.spans[run[-1]][1]
            found.append(Act(start, end, piece, self.type_of(piece), root))
        return found


class Model:
    """The model, loaded.

    Args:
        content: The serialized graph.
        layers: How many frozen layers it refers to.

    Attributes:
        about: What its file says of itself: data version, scores.
    """

    def __init__(self, content: bytes, layers: int) -> None:
        self._session = Session(content, frozen_tensors(layers))
        self.about = self._session.about

    def vote(self, text: str) -> Votes:
        """Return the model's votes on one sentence; they do not depend on any other sentence."""
        pieces = pieces_of(text)
        logits = {
            name: np.clip(np.round(value, DECIMALS), -MOST, MOST)
            for name, value in self._session.run(pieces.ids).items()
        }
        return Votes(sentence_text=text, pieces=pieces, **logits)


FROZEN_LAYERS: Final = 1  # that the committed model refers to


@functools.cache
def load_model(path: Path = MODEL) -> Model:
    """Return the committed model; loaded once per process.

    Raises:
        ConfigError: Its file is missing, or the base model's package is.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"coder.learned = true needs {path}, which cannot be read ({error.strerror}): install "
            "wirelake again or run make train, or set coder.learned = false for the rules alone"
        ) from error
    return Model(content, FROZEN_LAYERS)


def _shares(logits: Array) -> Array:
    """Return probabilities along the last axis."""
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def share(odds: float) -> float:
    """Return the probability that log-odds stand for."""
    return 1 / (1 + math.exp(-odds))


def _odds(share: float) -> float:
    """Return log-odds, within what rounded logits can tell."""
    share = min(max(float(share), 1e-4), 1 - 1e-4)
    return math.log(share / (1 - share))
