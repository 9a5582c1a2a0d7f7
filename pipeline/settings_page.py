"""The page that documents every configuration key, made from the settings models."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from pipeline.settings import (
    CoderSettings,
    DedupSettings,
    FeedSettings,
    FetchSettings,
    LakeSettings,
    ParseSettings,
    Settings,
    StreamSettings,
)

_INTRO = """# Configuration

One TOML file. Only `lake` and each feed's `id` and `url` are required. Paths in it are relative to
the file, except a relative `lake`, which is relative to where you run. `file:` URLs and paths are
accepted here only, never from a redirect or a link. A key that is not listed here is a mistake, and
`wirelake check CONFIG` names every mistake with its key, its value and what would be right.

`headers` are for feeds that want a key or a password: `headers = { Authorization = "env:NAME" }` takes
the value from the environment, and a run does not begin where the variable is missing. Values go to
the feed's own origin only, and never into the lake.

`allow_private` lifts the address and port rules for that feed and its pages; robots.txt and spacing
still hold.

An RSS `description` counts as an article's text where the entry has no `content:encoded` and it is
longer than a teaser; else it is kept as a `summary`, and `text_source` says so.
"""

SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("Top level", Settings),
    ("`[[feeds]]`", FeedSettings),
    ("`[fetch]`", FetchSettings),
    ("`[parse]`", ParseSettings),
    ("`[dedup]`", DedupSettings),
    ("`[coder]`", CoderSettings),
    ("`[write]`", LakeSettings),
    ("`[stream]`", StreamSettings),
)


def settings_markdown() -> str:
    """Return the page: a table of keys for each section."""
    return "\n".join([_INTRO, *(_section(name, model) for name, model in SECTIONS)])


def _section(name: str, model: type[BaseModel]) -> str:
    lines = [f"## {name}", "", "| key | default | meaning |", "|---|---|---|"]
    for key, field in model.model_fields.items():
        if field.description is None:  # a section of its own
            continue
        lines.append(f"| `{key}` | {_default(field.default)} | {field.description} |")
    return "\n".join([*lines, ""])


def _default(value: Any) -> str:
    if value is PydanticUndefined:
        return "required"
    if value is None:
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    return "`[]`" if value == () else f"`{value}`"
