"""`wirelake explain`: why each row of a text, or of an article in the lake, was coded."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path

from pipeline.documents import document
from pipeline.options import coder_options
from pipeline.settings import CoderSettings, read_settings
from transforms.failures import UsageError
from transforms.lake.query import query
from transforms.schema import Article

_ID = re.compile(r"[0-9a-f]{32}")


def explain(
    what: str,
    *,
    lake: str,
    config: Path | None,
    published: dt.datetime | None,
    html: Path | None,
) -> None:
    """Print, per sentence, the actors, the trigger, the entry, and what was rejected and why.

    Args:
        what: A text, `-` for standard input, the article_id or the URL of an article in the lake.
        html: Write a self-contained page here instead.

    Raises:
        UsageError: There is no such article, or the page cannot be written.
    """
    article = _article(what, lake, published)
    settings = read_settings(config).coder if config else CoderSettings()
    # The coder brings spaCy, which a wrong id need not wait for.
    from transforms.events.coder import Coder  # noqa: PLC0415
    from transforms.events.explain import lines, page  # noqa: PLC0415

    traces = Coder(coder_options(settings, config.parent if config else Path())).trace(article)
    if html is None:
        for line in lines(traces):
            print(line)
        return
    try:
        html.write_text(page(traces, article.title or what[:80]), encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {html}: {error.strerror}") from error
    print(html)


def _article(what: str, lake: str, published: dt.datetime | None) -> Article:
    if what == "-":
        return document("stdin", sys.stdin.read(), published=published)
    if not (_ID.fullmatch(what) or what.startswith(("http://", "https://"))):
        return document("text", what, published=published)
    asked = what.replace("'", "''")
    found = query(
        lake,
        "select title, text, published_at from articles "  # noqa: S608 - quoted above
        f"where '{asked}' in (article_id, url, canonical_url) order by fetched_at desc limit 1",
    ).to_pylist()
    if not found:
        raise UsageError(f"no article {what} in the lake {lake}")
    [row] = found
    return document(
        what, row["text"], title=row["title"], published=published or row["published_at"]
    )
