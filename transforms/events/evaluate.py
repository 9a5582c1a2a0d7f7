"""Scores of a coder on hand-coded sentences.

How it counts. Within one sentence rows are compared as *sets* of keys, at four depths: the PLOVER
type; country-type-country; the dyad (both countries, in order); the CAMEO root. A gold event is found
where one of its answers is among the coder's keys; a key is right where some gold event allows it,
and left out of the count where only an optional one does. Rows without a PLOVER type (mere
statements) are not scored. Actors count by country; IGO and NGO are one key, since gold sets
disagree on which of them Amnesty or the Red Cross is.

Two precisions are given. The strict one holds every row against the coder that the gold does not
list. The lenient one differs on *partial* sentences only (one event was labelled, others may be
there): there, wrong rows count no more often than labelled events were missed.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Final

from transforms.events.gold import GoldEvent, GoldSentence
from transforms.events.pairing import Pair, countries_of, pair_up, party, speaker_agrees
from transforms.events.scores import DEPTHS, Mistake, Report, Score
from transforms.schema import Article, Event, hash_id

Coder = Callable[[Sequence[Article]], Sequence[Sequence[Event]]]
Key = tuple[str | None, ...]

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def articles_of(sentences: Iterable[GoldSentence]) -> list[Article]:
    """Return one article per sentence: its text, or its title where it is a headline."""
    articles = []
    for sentence in sentences:
        midnight = None
        if sentence.published:
            midnight = dt.datetime.combine(sentence.published, dt.time(), tzinfo=dt.UTC)
        articles.append(
            Article(
                article_id=hash_id("gold", sentence.sentence_id, sentence.text),
                entry_id=hash_id("gold", sentence.sentence_id),
                feed_id="gold",
                guid=sentence.sentence_id,
                url=None,
                canonical_url=None,
                publisher=None,
                title=sentence.text if sentence.is_title else None,
                authors=(),
                byline=None,
                dateline=None,
                published_at=midnight,
                published_source="feed" if midnight else "missing",
                fetched_at=midnight or _EPOCH,
                language="en",
                language_score=None,
                text="" if sentence.is_title else sentence.text,
                text_source="feed",
                word_count=len(sentence.text.split()),
                categories=(),
                revision_of=None,
                run_id="evaluate",
            )
        )
    return articles


def evaluate(sentences: Sequence[GoldSentence], code: Coder) -> Report:
    """Return the coder's report on the sentences."""
    return report(sentences, code(articles_of(sentences)))


def report(sentences: Sequence[GoldSentence], coded: Sequence[Sequence[Event]]) -> Report:
    """Return all figures; `coded` holds the events of each sentence, in the same order."""
    result = Report(sentences=len(sentences))
    for sentence, events in zip(sentences, coded, strict=True):
        rows = [event for event in events if event.plover_type is not None]
        result.rows += len(rows)
        asked = [event for event in sentence.events if event.types != (None,)]
        if sentence.holds_nothing:
            result.empty_sentences += 1
            result.empty_rows += len(rows)
            result.empty_hit += bool(rows)
        for name in DEPTHS:
            _count(result.scores[name], asked, rows, name, partial=sentence.partial)
        _count_types(result, asked, rows, partial=sentence.partial)
        pairs = pair_up([event for event in asked if not event.optional], rows)
        _count_confusion(result, sentence, asked, rows, pairs)
        _count_attributes(result, pairs)
        _count_confidence(result, sentence, asked, rows)
        mistake = _mistake(sentence, asked, rows)
        if mistake:
            result.mistakes.append(mistake)
    return result


def row_key(row: Event, depth: str) -> Key:
    """Return what of a row is compared at a depth."""
    source, target = countries_of(row)
    return {
        "type": (row.plover_type,),
        "country-type-country": (source, row.plover_type, target),
        "dyad": (source, target),
        "cameo root": (row.cameo_root,),
    }[depth]


def gold_keys(event: GoldEvent, depth: str) -> frozenset[Key]:
    """Return every key that is right for a gold event at a depth; empty where it is not labelled."""
    sources = {party(code) for code in event.sources}
    targets = {party(code) for code in event.targets}
    roots = {code[:2] for code in event.cameos if code}
    kinds: dict[str, tuple[Iterable[str | None], ...]] = {
        "type": (event.types,),
        "country-type-country": (sources, event.types, targets),
        "dyad": (sources, targets),
        "cameo root": (roots,),
    }
    return frozenset(itertools.product(*kinds[depth]))


def _count(
    score: Score, asked: Sequence[GoldEvent], rows: Sequence[Event], depth: str, *, partial: bool
) -> None:
    if depth == "cameo root" and any(not event.cameos for event in asked):
        return  # this gold has no CAMEO codes
    wanted = {gold_keys(event, depth) for event in asked if not event.optional}
    spared = {key for event in asked if event.optional for key in gold_keys(event, depth)}
    given = {row_key(row, depth) for row in rows}
    allowed = {key for keys in wanted for key in keys}
    wrong = len(given - allowed - spared)
    missed = sum(keys.isdisjoint(given) for keys in wanted)
    score.right += len(given & allowed)
    score.wrong += wrong
    score.wrong_lenient += min(wrong, missed) if partial else wrong
    score.found += len(wanted) - missed
    score.missed += missed


def _count_types(
    result: Report, asked: Sequence[GoldEvent], rows: Sequence[Event], *, partial: bool
) -> None:
    given = {row.plover_type for row in rows}
    for name, score in result.types.items():
        _count(
            score,
            [event for event in asked if name in _counted_as(event, given)],
            [row for row in rows if row.plover_type == name],
            "type",
            partial=partial,
        )


def _counted_as(event: GoldEvent, given: set[str | None]) -> Collection[str | None]:
    """Return the types whose figures an event belongs to: those it was found as, else its first."""
    if event.optional:
        return event.types
    return given.intersection(event.types) or event.types[:1]


def _count_confusion(
    result: Report,
    sentence: GoldSentence,
    asked: Sequence[GoldEvent],
    rows: Sequence[Event],
    pairs: Sequence[Pair],
) -> None:
    paired = {id(pair.gold): pair for pair in pairs}
    for event in asked:
        if event.optional:
            continue
        pair = paired.get(id(event))
        named = str(event.types[0])
        if pair is None:
            result.confusion[named, "-"] += 1
        else:
            coded = str(pair.row.plover_type)
            result.confusion[coded if coded in event.types else named, coded] += 1
    if sentence.partial:
        return
    used = {id(pair.row) for pair in pairs}
    spared = {key for event in asked if event.optional for key in gold_keys(event, "type")}
    for row in rows:
        if id(row) not in used and (row.plover_type,) not in spared:
            result.confusion["-", str(row.plover_type)] += 1


def _count_attributes(result: Report, pairs: Sequence[Pair]) -> None:
    def note(name: str, right: bool) -> None:
        old_right, old_asked = result.attributes.get(name, (0, 0))
        result.attributes[name] = (old_right + right, old_asked + 1)

    for gold, row in ((pair.gold, pair.row) for pair in pairs if pair.exact):
        if gold.modalities:
            note("modality", row.modality in gold.modalities)
        if gold.polarities:
            note("polarity", row.polarity in gold.polarities)
        if gold.cameos:
            note("cameo root", row.cameo_root in {code[:2] for code in gold.cameos if code})
            note("cameo code", row.cameo_code in gold.cameos)
        if gold.said_by:
            right = speaker_agrees(gold.said_by, row)
            note("said by", right)
            if None not in gold.said_by:
                note("said by, where someone does", right)


def _count_confidence(
    result: Report, sentence: GoldSentence, asked: Sequence[GoldEvent], rows: Sequence[Event]
) -> None:
    depth = "country-type-country"
    wanted = [gold_keys(event, depth) for event in asked if not event.optional]
    spared = {key for event in asked if event.optional for key in gold_keys(event, depth)}
    given = {row_key(row, depth) for row in rows}
    all_found = all(not keys.isdisjoint(given) for keys in wanted)
    for row in rows:
        key = row_key(row, depth)
        right = any(key in keys for keys in wanted)
        if not right and (key in spared or (sentence.partial and all_found)):
            continue
        bin_ = next(b for b in reversed(result.bins) if row.confidence >= b.low)
        bin_.rows += 1
        bin_.right += right
        bin_.confidence += row.confidence


def _mistake(
    sentence: GoldSentence, asked: Sequence[GoldEvent], rows: Sequence[Event]
) -> Mistake | None:
    depth = "country-type-country"
    wanted = {gold_keys(event, depth) for event in asked if not event.optional}
    spared = {key for event in asked for key in gold_keys(event, depth)}
    given = {row_key(row, depth) for row in rows}
    missed = [min(keys, key=str) for keys in wanted if keys.isdisjoint(given)]
    wrong = list(given - spared)
    if not missed and (not wrong or sentence.partial):
        return None
    return Mistake(
        sentence_id=sentence.sentence_id,
        text=sentence.text,
        missed=tuple(sorted(map(_spelled, missed))),
        wrong=tuple(sorted(map(_spelled, wrong))),
    )


def _spelled(key: Key) -> str:
    return " ".join(part or "-" for part in key)
