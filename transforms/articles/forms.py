"""What is no story: liveblogs, galleries, videos, scores. Kept, and marked.

The signs are data (`data/forms.txt`): what the title says, a segment of the address, the type the page
declares. The first that fits counts. A sign in an address is a whole segment ("/live/", not "/liverpool/").
"""

from __future__ import annotations

import functools
import re
from urllib.parse import urlsplit

from transforms.articles.tables import DataFileError, rows

PLACES = frozenset({"title", "path", "type"})


def form_of(title: str | None, url: str | None, types: tuple[str, ...] = ()) -> str | None:
    """Return the form ("liveblog", "gallery", "video", …); None for an ordinary article.

    Args:
        title: The headline.
        url: The canonical address.
        types: What the page's JSON-LD says it is.

    >>> form_of("Ceasefire talks - live", "https://a.example/x")
    'liveblog'
    """
    seen = {"title": (title or "",), "path": (urlsplit(url or "").path,), "type": types}
    for form, place, pattern in _signs():
        if any(pattern.search(value) for value in seen[place]):
            return form
    return None


@functools.cache
def _signs() -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    found = []
    for form, place, pattern in rows("forms.txt", columns=(3, 3)):
        if place not in PLACES:
            raise DataFileError(f"forms.txt: unknown place {place!r} of {form!r}")
        found.append((form, place, re.compile(pattern, re.IGNORECASE)))
    return tuple(found)
