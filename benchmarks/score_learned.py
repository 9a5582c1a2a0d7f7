"""Rules, model, and both together, on sentences that neither was built on.

    python benchmarks/score_learned.py [--json]

Three ways to make the rows of the same sentences in one run: the rules alone (`coder.learned = false`),
the model's proposals alone under the policy's weights, and both under the policy. Sets: our own `test`
split (learning/splits.tsv) and the held-out sets, of which only scores are printed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from score_coder import HELD_OUT, gold_sets

from learning.gold import coded
from transforms.events.coder import Coder, SentenceTrace
from transforms.events.evaluate import articles_of, report
from transforms.events.gold import TYPES, GoldSentence
from transforms.events.learned.policy import EVERYWHERE, decide, load_policy, standing
from transforms.events.options import CoderOptions
from transforms.events.rows import distinct
from transforms.events.scores import Report, Score
from transforms.schema import Event

WAYS = ("rules", "model", "both")
DEPTHS = ("type", "country-type-country", "cameo root")


def alone(traces: Sequence[SentenceTrace]) -> list[Event]:
    """Return the rows that the model's own proposals give under the policy."""
    rows = []
    for trace in traces:
        learned = [one for one in trace.candidates if one.learned]
        rows += distinct(standing(decide(learned, load_policy())))
    return rows


def main() -> None:
    """Score and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    options = parser.parse_args()
    learned = CoderOptions(learned=True)
    both, rules = Coder(learned), Coder(CoderOptions(learned=False))
    asked = Coder(learned, asking=EVERYWHERE)
    sets = gold_sets(held_out=True)
    reports: dict[tuple[str, str], Report] = {}
    for name in ("test", *HELD_OUT):
        if name == "test":
            found = list(coded("test", both))
            gold: Sequence[GoldSentence] = [sentence for sentence, _, _ in found]
            articles = [article for _, article, _ in found]
        else:
            gold, articles = sets[name], articles_of(sets[name])
        rows = {
            "rules": rules.code(articles),
            "model": [alone(each) for each in asked.traces(articles)],
            "both": both.code(articles),
        }
        for way in WAYS:
            reports[name, way] = report(gold, rows[way])
    if options.json:
        figures = {f"{name} {way}": one.as_dict() for (name, way), one in reports.items()}
        for one in figures.values():
            one.pop("mistakes")
        print(json.dumps(figures, indent=1))
        return
    console = Console(width=150)
    console.print(_summary(reports))
    for name in ("test", "fresh"):
        console.print(_types(name, {way: reports[name, way] for way in WAYS}))


def _summary(reports: dict[tuple[str, str], Report]) -> Table:
    table = Table(title="precision / recall / F1")
    for head in ("set", "way", "rows", *DEPTHS, "rows per 100 empty", "said by"):
        table.add_column(head, justify="left" if head in {"set", "way"} else "right")
    for (name, way), figures in reports.items():
        empty = figures.rows_per_100_empty
        right, asked = figures.attributes.get("said by, where someone does", (0, 0))
        table.add_row(
            *(name, way, str(figures.rows)),
            *(_cells(figures.scores[depth], partial=name == "test") for depth in DEPTHS),
            "-" if empty is None else f"{empty:.1f}",
            f"{right}/{asked}",
        )
    return table


def _cells(score: Score, *, partial: bool) -> str:
    """Return precision, recall, F1; the lenient ones where sentences are labelled in part."""
    precision = score.precision_lenient if partial else score.precision
    f1 = score.f1_lenient if partial else score.f1
    return " ".join("-" if x is None else f"{x:.3f}" for x in (precision, score.recall, f1))


def _types(name: str, reports: dict[str, Report]) -> Table:
    table = Table(title=f"{name}: F1 by type, type alone")
    for head in ("type", *WAYS, "events"):
        table.add_column(head, justify="left" if head == "type" else "right")
    for kind in TYPES:
        scores = [reports[way].types[kind] for way in WAYS]
        figures = ["-" if one.f1_lenient is None else f"{one.f1_lenient:.2f}" for one in scores]
        table.add_row(kind, *figures, str(scores[0].found + scores[0].missed))
    return table


if __name__ == "__main__":
    main()
