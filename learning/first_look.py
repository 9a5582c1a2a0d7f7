"""Learn the first look (`transforms/events/first_look.py`): `python -m learning.first_look [--write]`.

A sentence of our train split counts as worth a parse where the rules give a row, and by half where it
only holds an event: the rules may find it tomorrow. The weights are a ridge logistic regression. The
threshold is the highest at which the first look loses few enough of the rules' rows in each set that
it was not trained on: our own sentences by folds of whole topics, the sentences of tests/data and of
../shared/data/gold, and agency stories (../shared/data/neardup, those that the benchmark does not read).
"""

from __future__ import annotations

import argparse
import itertools
import math
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from learning.gold import bare
from transforms.events.coder import Coder
from transforms.events.evaluate import articles_of
from transforms.events.first_look import FirstLook, features, write_first_look
from transforms.events.gold import GoldSentence, read_gold
from transforms.schema import Article

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "data" / "events"
SHARED = ROOT / ".." / "shared" / "data"
STORIES = SHARED / "neardup" / "articles_1000.train"
BENCHED = 300  # stories at the file's beginning, kept for benchmarks/bench_coder.py
FOLDS = 5
RIDGE = 3.0
MIN_SENTENCES = 4  # a feature of fewer is left out
EVENT_ONLY = 0.5  # what a sentence counts whose event the rules do not find
MOST_LOST = (
    0.004  # of the rows, so that with those of other sentences that hung on one it stays under 1%
)
STEPS = 3_000
POWER_STEPS = 50
MARGIN = 1.05  # over the curvature that the power iteration finds from below
CLOSE = 1e-3  # the gradient at which the fit has come to rest
BATCH = 100  # articles coded at once

_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence that names an actor and holds a word of an event.

    Attributes:
        features: What the first look sees, or would see.
        looked: It may be left out; no other sentence hangs on it, nor it on another.
        rows: How many rows the rules give.
        worth: 0-1, the label; what gives rows is worth a parse.
        topic: The file it is from; "": none of ours.
    """

    features: frozenset[str]
    looked: bool
    rows: int
    worth: float
    topic: str = ""


def main() -> int:
    """Learn, print what is lost and what is spared, and with --write write the weights."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    coder = Coder(first_look=FirstLook(0, {}, least=0.0))  # looks, and leaves out nothing
    own = list(own_cases(coder))
    look = learned(own)
    sets = {"our sentences, by folds": by_folds(own)}
    for name, articles in checks():
        found = itertools.chain.from_iterable(cases(coder, articles))
        sets[name] = [(case, look.chance_of(case.features)) for case in found]
    look = replace(look, least=min(threshold(scored) for scored in sets.values()))
    for name, scored in sets.items():
        sys.stdout.write(f"{name}: {told(scored, look.least)}\n")
    if options.write:
        write_first_look(look, f"{len(own)} sentences of learning/sentences")
    return 0


def own_cases(coder: Coder) -> Iterator[Case]:
    """Yield the cases of the train split; one with an event but no row is worth a half."""
    pairs = bare("train")
    articles = articles_of(sentence for _, sentence in pairs)
    for (record, _), found in zip(pairs, cases(coder, articles), strict=True):
        for case in found:
            event = EVENT_ONLY * bool(record["events"])
            yield replace(case, worth=max(case.worth, event), topic=record["meta"]["topic"])


def checks() -> Iterator[tuple[str, list[Article]]]:
    """Yield sets that nothing is learned from."""
    ours = [
        one for name in ("wire", "none", "general") for one in read_gold(GOLD / f"{name}.jsonl")
    ]
    yield "tests/data, open sets", articles_of(ours)
    yield "shared gold", articles_of(read_gold(SHARED / "gold" / "plover_gsr_dev.jsonl"))
    yield "agency stories", articles_of(stories())


def stories() -> Iterator[GoldSentence]:
    """Yield the agency stories that the benchmark does not read, as texts without labels."""
    with STORIES.open(encoding="utf-8") as lines:
        for line in itertools.islice(lines, BENCHED, None):
            name, _, text = line.partition(" ")
            yield GoldSentence(sentence_id=name, text=text.strip(), published=None, events=())


def cases(coder: Coder, articles: Sequence[Article]) -> Iterator[list[Case]]:
    """Yield the cases of each article."""
    for at in range(0, len(articles), BATCH):
        for traces in coder.traces(articles[at : at + BATCH]):
            yield [
                Case(
                    features=frozenset(features(trace.sentence.text, trace.named)),
                    looked=trace.chance is not None,
                    rows=len(trace.rows),
                    worth=float(bool(trace.rows)),
                )
                for trace in traces
                if trace.skipped is None and trace.named
            ]


def learned(own: Sequence[Case]) -> FirstLook:
    """Return a model of some cases, its threshold still 0."""
    counts = Counter(one for case in own for one in case.features)
    names = sorted(name for name, count in counts.items() if count >= MIN_SENTENCES)
    place = {name: i for i, name in enumerate(names)}
    rows = [[place[one] for one in sorted(case.features) if one in place] for case in own]
    *weights, intercept = logistic(rows, np.array([case.worth for case in own]), len(names))
    whole = {name: round(1_000 * weight) for name, weight in zip(names, weights, strict=True)}
    return FirstLook(
        round(1_000 * intercept), {name: one for name, one in whole.items() if one}, least=0.0
    )


def logistic(rows: Sequence[Sequence[int]], worth: _Floats, width: int) -> _Floats:
    """Return the weights of least ridge-penalised log loss, and the intercept behind them.

    Nesterov's accelerated gradient: there are thousands of features, a few dozen in each row.

    Args:
        rows: The features that each row has.
        worth: Each row's label, 0-1.
        width: How many features there are.
    """
    features = np.fromiter(itertools.chain.from_iterable(rows), np.int64)
    sizes = np.array([len(row) for row in rows])
    row_of = np.repeat(np.arange(len(rows)), sizes)

    def sums(weights: _Floats) -> _Floats:
        return np.bincount(row_of, weights[features], len(rows)) + weights[-1]

    def gradient(per_row: _Floats) -> _Floats:
        found = np.bincount(features, per_row[row_of], width)
        return np.append(found, per_row.sum())

    # The largest curvature of the loss: a quarter of the largest eigenvalue, by power iteration.
    vector = np.ones(width + 1)
    for _ in range(POWER_STEPS):
        vector = gradient(sums(vector))
        largest = float(np.linalg.norm(vector))
        vector /= largest
    rate = 1 / (MARGIN * largest / 4 + RIDGE)
    penalty = np.append(np.full(width, RIDGE), 0.0)
    weights = ahead = np.zeros(width + 1)
    momentum = 1.0
    for _ in range(STEPS):
        slope = gradient(1 / (1 + np.exp(-sums(ahead))) - worth) + penalty * ahead
        if float(np.abs(slope).max()) < CLOSE:
            break
        stepped = ahead - rate * slope
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = stepped + (momentum - 1) / following * (stepped - weights)
        weights, momentum = stepped, following
    return weights


def by_folds(own: Sequence[Case]) -> list[tuple[Case, float]]:
    """Return each case with its chance by a model that knows nothing of its topic."""
    topics = sorted({case.topic for case in own})
    scored = []
    for fold in range(FOLDS):
        held = set(topics[fold::FOLDS])
        look = learned([case for case in own if case.topic not in held])
        scored += [(case, look.chance_of(case.features)) for case in own if case.topic in held]
    return scored


def threshold(scored: Sequence[tuple[Case, float]]) -> float:
    """Return the highest chance below which few enough of a set's rows are, or one."""
    allowed = max(1.0, MOST_LOST * sum(case.rows for case, _ in scored))
    lost = 0
    for case, score in sorted(scored, key=lambda pair: pair[1]):
        lost += case.looked * case.rows
        if lost > allowed:
            return math.floor(score * 1e4) / 1e4
    return 1.0


def told(scored: Sequence[tuple[Case, float]], least: float) -> str:
    """Return what a threshold spares and loses in one set."""
    out = [case for case, score in scored if case.looked and score < least]
    rows, lost = sum(case.rows for case, _ in scored), sum(case.rows for case in out)
    empty = [case for case, _ in scored if not case.worth]
    events = [case for case, _ in scored if case.worth == EVENT_ONLY]
    text = (
        f"left out {len(out)} of {len(scored)} sentences ({len(out) / len(scored):.1%}), "
        f"of {len(empty)} without an event {sum(not case.worth for case in out)}; "
        f"rows lost {lost} of {rows} ({lost / rows:.2%})"
    )
    if events:
        missed = sum(case.worth == EVENT_ONLY for case in out)
        text += f"; of {len(events)} with an event but no row {missed}"
    return text


if __name__ == "__main__":
    sys.exit(main())
