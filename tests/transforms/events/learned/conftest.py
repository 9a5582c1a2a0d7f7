"""The committed model, and votes made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from transforms.events.learned.base import base_file
from transforms.events.learned.labels import MODALITIES, ROLES, ROOTS, SENTENCES, TYPES
from transforms.events.learned.pieces import pieces_of
from transforms.events.learned.votes import Model, Votes, load_model
from transforms.failures import ConfigError

MakeVotes = Callable[..., Votes]
SURE = 9.0


@pytest.fixture(scope="session")
def model() -> Model:
    try:
        base_file()
    except ConfigError as error:
        pytest.skip(str(error))
    return load_model()


@pytest.fixture(scope="session")
def votes_on() -> MakeVotes:
    """Return a maker of votes: which words are events, and who has which role in them."""

    def made(
        text: str,
        events: Mapping[str, tuple[str, str]],
        roles: Mapping[tuple[str, str], str] | None = None,
        about: str = "event",
    ) -> Votes:
        pieces = pieces_of(text)
        size = len(pieces.ids)

        def at(words: str) -> list[int]:
            start = text.index(words)
            return pieces.within(start, start + len(words))

        types = np.zeros((size, len(TYPES)))
        types[:, 0] = SURE
        roots = np.zeros((size, len(ROOTS)))
        for words, (kind, root) in events.items():
            types[at(words), 0] = 0
            types[at(words), TYPES.index(kind)] = SURE
            roots[at(words), ROOTS.index(root)] = SURE
        scores = np.full((len(ROLES), size, size), -SURE)
        for (role, words), actor in (roles or {}).items():
            scores[ROLES.index(role)][np.ix_(at(words), at(actor))] = SURE
        sentence = np.zeros(len(SENTENCES))
        sentence[SENTENCES.index(about)] = SURE
        return Votes(
            sentence_text=text,
            pieces=pieces,
            types=types,
            roots=roots,
            modality=np.zeros((size, len(MODALITIES))),
            polarity=np.full((size, 1), -SURE),
            roles=scores,
            sentence=sentence,
        )

    return made
