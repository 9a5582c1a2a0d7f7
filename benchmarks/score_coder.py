"""Score the coder on all gold sets in one run.

    python benchmarks/score_coder.py [--json] [--mistakes N] [SET …]

Prints one line per set and, with SET (wire, none, heldout, mixed or shared), its full tables. `mixed`
is wire and none together: half of real news holds no event. `heldout` is scored only, its mistakes
are never listed.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from transforms.events.coder import Coder
from transforms.events.evaluate import evaluate
from transforms.events.gold import GoldSentence, read_gold
from transforms.events.options import CoderOptions
from transforms.events.scorecard import render
from transforms.events.scores import Report

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "data" / "events"
SHARED = ROOT / ".." / "shared" / "data" / "gold" / "plover_gsr_dev.jsonl"


def gold_sets() -> dict[str, tuple[GoldSentence, ...]]:
    """Return every set by name; the shared one only where it is there."""
    sets = {name: read_gold(GOLD / f"{name}.jsonl") for name in ("wire", "none", "heldout")}
    sets["mixed"] = sets["wire"] + sets["none"]
    if SHARED.exists():
        sets["shared"] = read_gold(SHARED)
    return sets


def summary(reports: dict[str, Report]) -> Table:
    """Return one line per set."""
    table = Table(title="precision / recall / F1")
    table.add_column("set")
    for head in ("sentences", "rows", "type", "country-type-country", "dyad", "cameo root"):
        table.add_column(head, justify="right")
    table.add_column("rows per 100 empty", justify="right")
    for name, report in reports.items():
        cells = [
            " ".join("-" if x is None else f"{x:.3f}" for x in (s.precision, s.recall, s.f1))
            for s in report.scores.values()
        ]
        empty = report.rows_per_100_empty
        last = "" if empty is None else f"{empty:.1f}"
        table.add_row(name, str(report.sentences), str(report.rows), *cells, last)
    return table


def main() -> None:
    """Parse the command line, score, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help="sets to show in full")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    parser.add_argument("--mistakes", type=int, default=0, help="list so many mistakes per set")
    options = parser.parse_args()
    sets = gold_sets()
    unknown = set(options.sets) - set(sets)
    if unknown:
        parser.error(f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(sets)}")
    coder = Coder(CoderOptions())
    started = time.perf_counter()
    reports = {name: evaluate(sentences, coder.code) for name, sentences in sets.items()}
    reports["heldout"].mistakes.clear()
    if options.json:
        print(json.dumps({name: report.as_dict() for name, report in reports.items()}, indent=1))
        return
    console = Console(width=170)
    console.print(summary(reports))
    console.print(f"{time.perf_counter() - started:.1f} s")
    for name in options.sets:
        console.print(render(reports[name], title=name, mistakes=options.mistakes))


if __name__ == "__main__":
    main()
