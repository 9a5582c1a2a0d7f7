"""A pydantic error as one line for a person: the key, its value, and what would be right."""

from __future__ import annotations

import difflib
import typing
from typing import Any

from pydantic import BaseModel


def mistake(settings: type[BaseModel], detail: Any) -> str:
    """Return one line for one of the errors that validation found.

    Args:
        settings: The model of the whole configuration; its fields' descriptions say what is right.
        detail: An item of `ValidationError.errors()`.
    """
    place = detail["loc"]
    kind = detail["type"]
    if kind == "missing":
        return f"{_key(place)} is missing: {_description(settings, place)}"
    if kind == "extra_forbidden":
        known = _known_keys(settings, place)
        near = difflib.get_close_matches(str(place[-1]), known, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else f"; known here: {', '.join(known)}"
        return f"{_key(place)} is no known key{hint}"
    message = str(detail["msg"]).removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    # Headers may hold secrets.
    value = "" if "headers" in place else f" = {detail['input']!r}"
    return f"{_key(place)}{value}: {message} ({_description(settings, place)})"


def _key(place: tuple[str | int, ...]) -> str:
    text = ""
    for part in place:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text


def _model_at(settings: type[BaseModel], place: tuple[str | int, ...]) -> type[BaseModel] | None:
    """Return the model of a table; None where the configuration has no table of that name."""
    model = settings
    for part in place:
        if isinstance(part, int):  # one of a tuple, whose model was found by its name
            continue
        field = model.model_fields.get(part)
        inner = _model_in(field.annotation) if field else None
        if inner is None:
            return None
        model = inner
    return model


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """Return the model that a field holds, one or a tuple of it."""
    for kind in (annotation, *typing.get_args(annotation)):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return kind
    return None


def _known_keys(settings: type[BaseModel], place: tuple[str | int, ...]) -> list[str]:
    model = _model_at(settings, place[:-1])
    return sorted(model.model_fields) if model else []


def _description(settings: type[BaseModel], place: tuple[str | int, ...]) -> str:
    names = [part for part in place if isinstance(part, str)]
    model = _model_at(settings, tuple(names[:-1]))
    field = model.model_fields.get(names[-1]) if model and names else None
    return (field.description if field else None) or "see docs/configuration.md"
