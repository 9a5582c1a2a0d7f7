"""Recoding: a newer coder over stored articles, the old events replaced in one commit.

Readers see all the old events or all the new ones. A day whose events come out as they were is left
alone. An article on which the coder fails becomes a reject of stage "code" of the article's run, in the
same commit; one that failed before and no longer does loses its reject. Events of articles that have
expired cannot be coded anew and stay.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from transforms.failures import Failure, LakeError
from transforms.lake import layout, parquet
from transforms.lake.evolution import require_compatible
from transforms.lake.live import Live, live
from transforms.lake.manifests import Committed, DataFile, require_lake
from transforms.lake.reading import scan
from transforms.lake.rewrites import (
    MAINTENANCE_LOCK,
    Rewrite,
    free_id,
    planned,
    publish,
    rows_of,
    stage_rows,
    sweep,
)
from transforms.lake.rules import Inspection, require
from transforms.lake.staging import row_of
from transforms.lake.store import Lake, Store, open_store
from transforms.schema import TABLES, Article, Event

KIND = "recode"
STAGE = "code"
BATCH = 64

Coding = Callable[[Sequence[Article]], Sequence[list[Event] | Failure]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recoded:
    """What a recoding did.

    Attributes:
        days: Days whose events or rejects changed.
        articles: Articles that were coded anew, on all days.
        failed: Articles among them that the coder failed on.
        events_before, events_after: Events of the days that changed.
    """

    days: int = 0
    articles: int = 0
    failed: int = 0
    events_before: int = 0
    events_after: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Day:
    """One day's new files and what they stand in for."""

    files: tuple[tuple[str, DataFile], ...]
    replaces: tuple[str, ...]
    reads: tuple[str, ...]
    versions: frozenset[str]
    done: Recoded


def recode(
    lake: Lake,
    code: Coding,
    now: dt.datetime,
    *,
    since: dt.date = dt.date.min,
    only: Collection[str] | None = None,
) -> Recoded:
    """Code stored articles anew, replace their events in one commit, and return what was done.

    Args:
        code: Returns for each article its events, or why it has none.
        since: First `dt` whose articles are coded anew.
        only: Ids of the articles to code anew; None: all.

    Raises:
        UsageError: There is no lake.
        LakeError: The lake cannot be read or written, the new events break a rule, or a rerun replaced
            what was being recoded; nothing has changed then.
    """
    store = open_store(lake)
    require_lake(store)
    with store.mutex(MAINTENANCE_LOCK):
        sweep(store, KIND)
        current = live(store)
        require_compatible(store, current)
        rewrite_id = free_id(store, KIND, now)
        dates = sorted({file.date for _, file in current.files("articles")})
        days = [
            _recode_day(store, rewrite_id, _Stored(store, current, date, only), code)
            for date in dates
            if dt.date.fromisoformat(date) >= since
        ]
        rewrite = Rewrite(
            files=tuple(file for day in days for file in day.files),
            replaces=tuple(path for day in days for path in day.replaces),
            reads=tuple(path for day in days for path in day.reads),
            coder_version=", ".join(sorted(set().union(*(day.versions for day in days)))) or None,
        )
        if rewrite.files or rewrite.replaces:
            manifest = publish(store, rewrite_id, KIND, rewrite, now)
            if manifest is None:
                raise LakeError(
                    "recode: a run was replaced meanwhile, nothing has changed; try again"
                )
        store.remove_tree(layout.staging(rewrite_id))
    return _sum([day.done for day in days])


class _Stored:
    """What the lake holds of one day.

    Args:
        only: Ids of the articles that count; None: all.
    """

    def __init__(
        self, store: Store, current: Live, date: str, only: Collection[str] | None
    ) -> None:
        self._store = store
        self._current = current
        self._only = only
        self.date = date

    def files(self, table: str) -> list[Committed]:
        """Return the day's files of one table."""
        return [pair for pair in self._current.files(table) if pair[1].date == self.date]

    def rows(self, table: str) -> pa.Table:
        """Return the day's rows of one table, sorted."""
        return parquet.ordered(TABLES[table], rows_of(self._store, table, self.files(table)))

    def articles(self) -> Iterator[list[Article]]:
        """Yield the articles in batches."""
        names = TABLES["articles"].schema.names
        where = None if self._only is None else pc.field("article_id").isin(sorted(self._only))
        for batch in scan(self._store, "articles", self.files("articles"), names, where):
            for start in range(0, batch.num_rows, BATCH):
                yield [_article(row) for row in batch.slice(start, BATCH).to_pylist()]


def _article(row: dict[str, object]) -> Article:
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Article(**row | lists)  # type: ignore[arg-type]


def _recode_day(store: Store, rewrite_id: str, stored: _Stored, code: Coding) -> _Day:
    texts: list[Article] = []
    events: list[Event] = []
    failures: list[Failure] = []
    for batch in stored.articles():
        for article, outcome in zip(batch, code(batch), strict=True):
            texts.append(article)
            if isinstance(outcome, Failure):
                failures.append(outcome)
            else:
                events += outcome
    runs = {article.article_id: article.run_id for article in texts}
    coded = parquet.to_table(TABLES["events"], events)
    _require_rules(stored.date, texts, coded)
    rejected = parquet.to_table(
        TABLES["rejects"], [row_of(item, runs[str(item.article_id)]) for item in failures]
    )
    old = {table: stored.rows(table) for table in ("events", "rejects")}
    ids = pa.array(runs, pa.string())
    stays = {
        "events": pc.invert(pc.is_in(old["events"]["article_id"], ids)),
        "rejects": pc.invert(
            pc.and_kleene(
                pc.equal(old["rejects"]["stage"], STAGE),
                pc.is_in(old["rejects"]["article_id"], ids),
            )
        ),
    }
    files: list[tuple[str, DataFile]] = []
    replaces: list[str] = []
    for shard, (table, fresh) in enumerate((("events", coded), ("rejects", rejected))):
        schema = TABLES[table].schema
        rows = pa.concat_tables([old[table].filter(stays[table]), fresh.cast(schema)])
        rows = parquet.ordered(TABLES[table], rows)
        if rows.equals(old[table]):
            continue
        replaces += [file.path for _, file in stored.files(table)]
        if rows.num_rows:
            sequence = max(
                file.sequence for _, file in (*stored.files(table), *stored.files("articles"))
            )
            path = layout.data_file(table, stored.date, rewrite_id, shard)
            entry = planned(table, stored.date, path, sequence)
            files.append(stage_rows(store, rewrite_id, entry, rows))
    done = Recoded(articles=len(texts), failed=len(failures))
    if files or replaces:
        before = old["events"].num_rows
        kept = pc.sum(stays["events"]).as_py() or 0
        done = dataclasses.replace(
            done, days=1, events_before=before, events_after=kept + coded.num_rows
        )
    return _Day(
        files=tuple(files),
        replaces=tuple(replaces),
        reads=tuple(file.path for _, file in stored.files("articles")) if files or replaces else (),
        versions=frozenset(event.coder_version for event in events),
        done=done,
    )


def _require_rules(date: str, articles: Sequence[Article], events: pa.Table) -> None:
    """Raise LakeError where the new events break a rule of events."""
    texts = parquet.to_table(TABLES["articles"], articles)
    with Inspection(date, {"articles": texts, "events": events}) as inspection:
        require(inspection.breaches(of="events"))


def _sum(days: Sequence[Recoded]) -> Recoded:
    names = [field.name for field in dataclasses.fields(Recoded)]
    return Recoded(**{name: sum(getattr(day, name) for day in days) for name in names})
