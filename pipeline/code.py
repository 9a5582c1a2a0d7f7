"""`wirelake code`: documents in, one JSON line per event out; no feeds, no lake, no Beam."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from pipeline.documents import read_documents
from pipeline.options import coder_options
from pipeline.settings import MB, CoderSettings, read_settings
from transforms.articles.language import language_of
from transforms.events.options import load_coder
from transforms.failures import InputFault, UsageError
from transforms.schema import FLOAT_DIGITS, Article, Event
from transforms.supervise import Fault, Supervisor

BATCH_WORDS = 6_000  # about what one core codes in a second; the deadline is for one batch


def code_documents(file: str, config: Path | None) -> bool:
    """Print the events of a file's documents; returns False where a document failed.

    Raises:
        UsageError: The file cannot be read.
        ConfigError: The configuration or the model is wrong.
    """
    settings = read_settings(config).coder if config else CoderSettings()
    supervisor: Supervisor[Article, list[Event]] = Supervisor(
        functools.partial(load_coder, coder_options(settings, config.parent if config else Path())),
        deadline_s=settings.deadline_s,
        memory_bytes=settings.memory_mb * MB,
        name="coder",
    )
    whole = True
    with contextlib.closing(supervisor), _opened(file) as lines:
        supervisor.start()
        documents = read_documents(lines, name="stdin" if file == "-" else Path(file).stem)
        for batch in in_batches(documents):
            whole &= _print_events(batch, supervisor)
    return whole


def in_batches(
    documents: Iterable[Article | InputFault], words: int = BATCH_WORDS
) -> Iterator[list[Article | InputFault]]:
    """Yield the documents in lists of at most so many words; a longer one is alone."""
    batch: list[Article | InputFault] = []
    held = 0
    for found in documents:
        size = found.word_count if isinstance(found, Article) else 0
        if batch and held + size > words:
            yield batch
            batch, held = [], 0
        batch.append(found)
        held += size
    if batch:
        yield batch


def _print_events(
    documents: Sequence[Article | InputFault], supervisor: Supervisor[Article, list[Event]]
) -> bool:
    """Code a batch and print its events; returns False where a document failed."""
    articles = []
    whole = True
    for found in documents:
        if isinstance(found, InputFault):
            _complain(str(found))
            whole = False
        elif (language := language_of(found.text)[0]) not in (None, "en"):
            _complain(f"{found.article_id}: skipped, the text is in {language!r}, not English")
        else:
            articles.append(found)
    for article, outcome in zip(articles, supervisor.map(articles), strict=True):
        if isinstance(outcome, Fault):
            _complain(f"{article.article_id}: {outcome.error}: {outcome.detail}")
            whole = False
            continue
        for event in outcome:
            print(json.dumps(as_line(article.article_id, event), ensure_ascii=False, default=str))
    return whole


def as_line(name: str, event: Event) -> dict[str, Any]:
    """Return an event as a JSON object: the document's id, then every column; no run made it."""
    columns = {
        key: round(value, FLOAT_DIGITS) if isinstance(value, float) else value
        for key, value in dataclasses.asdict(event).items()
    }
    return {"id": name} | columns | {"run_id": None}


@contextlib.contextmanager
def _opened(file: str) -> Iterator[TextIO]:
    if file == "-":
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        yield sys.stdin
        return
    try:
        # newline="": offsets count the characters that are there, carriage returns included.
        handle = Path(file).open(encoding="utf-8", errors="replace", newline="")  # noqa: SIM115
    except OSError as error:
        raise UsageError(f"cannot read {file}: {error.strerror}") from error
    with handle:
        yield handle


def _complain(text: str) -> None:
    print(f"wirelake: {text}", file=sys.stderr)
