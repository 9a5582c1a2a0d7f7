"""Fit the confidence on gold files: `python -m transforms.events.confidence.fit GOLD... [-o FILE]`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from transforms.events.coder import Coder
from transforms.events.confidence import (
    calibrate,
    features,
    load_weights,
    reliability_table,
    write_weights,
)
from transforms.events.confidence.weights import Weights
from transforms.events.evaluate import articles_of, gold_keys, row_key
from transforms.events.gold import GoldSentence, read_gold
from transforms.events.options import CoderOptions
from transforms.events.rows import events
from transforms.failures import WirelakeError

DEPTH = "country-type-country"
FOLDS = 5

Row = tuple[Mapping[str, float], bool]


def gold_rows(sentences: Sequence[GoldSentence], coder: Coder) -> list[Row]:
    """Return features and rightness, country to type to country, of every row the coder makes.

    Rows that the gold leaves open (optional events; further events of a sentence of which only one
    is labelled) are left out.
    """
    articles = articles_of(sentences)
    rows: list[Row] = []
    for sentence, article, traces in zip(sentences, articles, coder.traces(articles), strict=True):
        asked = [event for event in sentence.events if event.types != (None,)]
        wanted = [gold_keys(event, DEPTH) for event in asked if not event.optional]
        spared = {key for event in asked if event.optional for key in gold_keys(event, DEPTH)}
        made = [
            (row_key(row, DEPTH), features(finding.frame, finding.judgement, finding.doc))
            for trace in traces
            for finding in trace.findings
            for row in events(article, finding, coder.version)
            if row.plover_type is not None
        ]
        given = {key for key, _ in made}
        all_found = all(not keys.isdisjoint(given) for keys in wanted)
        for key, found in dict(made).items():
            right = any(key in keys for keys in wanted)
            if right or not (key in spared or (sentence.partial and all_found)):
                rows.append((found, right))
    return rows


def folds(rows: Sequence[Row], prior: Weights) -> Iterator[tuple[float, bool]]:
    """Yield the confidence of each row by weights fitted on the other folds, and whether it is right."""
    for fold in range(FOLDS):
        fitted = calibrate(
            [row for n, row in enumerate(rows) if n % FOLDS != fold], fitted_on="-", prior=prior
        )
        yield from ((fitted.score(found), right) for found, right in rows[fold::FOLDS])


def main(arguments: Sequence[str] | None = None) -> int:
    """Fit, print what the old and the new weights are worth, write the new ones; return the exit code."""
    parser = argparse.ArgumentParser(prog="fit", description=__doc__)
    parser.add_argument("gold", nargs="+", type=Path)
    parser.add_argument(
        "-o", "--output", type=Path, help="where to write the weights; else nowhere"
    )
    chosen = parser.parse_args(arguments)
    try:
        sentences = [sentence for path in chosen.gold for sentence in read_gold(path)]
        rows = gold_rows(sentences, Coder(CoderOptions(learned=False)))
        old = load_weights()
        unseen = list(folds(rows, old))
        names = ", ".join(path.name for path in chosen.gold)
        new = calibrate(rows, fitted_on=f"{len(rows)} rows of {names}", prior=old)
    except (WirelakeError, ValueError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command
        return 1
    right = [is_right for _, is_right in rows]
    print("before", reliability_table([old.score(f) for f, _ in rows], right), sep="\n")  # noqa: T201
    after = reliability_table([score for score, _ in unseen], [is_right for _, is_right in unseen])
    print(f"\nafter, each row by weights of the other {FOLDS - 1} folds", after, sep="\n")  # noqa: T201
    if chosen.output:
        write_weights(new, chosen.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
