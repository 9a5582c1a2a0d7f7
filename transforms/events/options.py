"""What a user may choose about the coder. Light: importing it loads no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transforms.schema import Article, Event
from transforms.supervise import Fault


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


def load_coder(
    options: CoderOptions,
) -> Callable[[Sequence[Article]], Sequence[list[Event] | Fault]]:
    """Return the coding function; called once inside the supervised process.

    Raises:
        ConfigError: The model is not installed, or an extra file is wrong.
    """
    # Only the child loads spaCy: it costs seconds and hundreds of megabytes.
    from transforms.events.coder import Coder  # noqa: PLC0415

    return Coder(options).code
