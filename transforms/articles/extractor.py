"""How a supervised process gets the page extractor, without its libraries in the parent."""

from __future__ import annotations

from typing import Any


def load_page_extractor() -> Any:
    """Return the function Sequence[Capture] → list[Page]; loads trafilatura and htmldate here."""
    from transforms.articles.page import load_extractor  # noqa: PLC0415 - only in the child

    return load_extractor()
