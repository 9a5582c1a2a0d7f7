"""What a user may choose about the coder. Light: importing it loads no model."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class CoderOptions:
    """The coder's settings.

    Attributes:
        model: spaCy pipeline with tagger, parser and lemmatizer.
        actors: Paths of files with more actors.
        lexicon: Paths of files with more lexicon entries.
    """

    model: str = "en_core_web_sm"
    actors: tuple[str, ...] = ()
    lexicon: tuple[str, ...] = ()
