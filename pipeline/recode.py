"""`wirelake recode` and `wirelake rejects retry`: the coder over stored articles, without Beam."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from pipeline.options import coder_options
from pipeline.settings import MB, CoderSettings, read_settings
from transforms.events.options import load_coder
from transforms.failures import Failure
from transforms.lake.recode import STAGE, Recoded, recode
from transforms.schema import Article, Event
from transforms.supervise import Fault, Supervisor

Outcome = list[Event] | Failure


def recode_lake(
    lake: str,
    config: Path | None,
    now: dt.datetime,
    *,
    since: dt.date = dt.date.min,
    only: Collection[str] | None = None,
) -> Recoded:
    """Code stored articles anew under a configuration's [coder]; see `transforms.lake.recode`.

    Raises:
        ConfigError: The configuration or the model is wrong.
    """
    settings = read_settings(config).coder if config else CoderSettings()
    supervisor: Supervisor[Article, list[Event]] = Supervisor(
        functools.partial(load_coder, coder_options(settings, config.parent if config else Path())),
        deadline_s=settings.deadline_s,
        memory_bytes=settings.memory_mb * MB,
        name="coder",
    )
    with contextlib.closing(supervisor):
        return recode(lake, functools.partial(code, supervisor), now, since=since, only=only)


def code(
    supervisor: Supervisor[Article, list[Event]], articles: Sequence[Article]
) -> list[Outcome]:
    """Return each article's events, or why it has none, in order."""
    english = [article for article in articles if article.language in (None, "en")]
    outcomes = iter(supervisor.map(english))
    return list(_outcomes(articles, outcomes))


def _outcomes(
    articles: Sequence[Article], coded: Iterator[list[Event] | Fault]
) -> Iterator[Outcome]:
    for article in articles:
        if article.language not in (None, "en"):
            detail = f"the text is in {article.language!r}; events are coded in English only"
            yield _failure(article, "language", detail)
            continue
        outcome = next(coded)
        if isinstance(outcome, Fault):
            yield _failure(article, outcome.error, outcome.detail)
        else:
            yield outcome


def _failure(article: Article, error: str, detail: str) -> Failure:
    return Failure(
        unit="article",
        stage=STAGE,
        source=article.url or article.article_id,
        error=error,
        detail=detail,
        feed_id=article.feed_id,
        entry_id=article.entry_id,
        article_id=article.article_id,
    )
