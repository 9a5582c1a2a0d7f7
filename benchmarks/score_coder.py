"""Score the coder on all gold sets in one run.

    python benchmarks/score_coder.py [OPTIONS] [SET …]

Prints one line per set and, with SET (wire, none, general, shared, agency or mixed), its full tables.
`mixed` is wire and none together: half of real news holds no event. `--rules` scores the rules alone
(coder.learned = false). A rule made for one sentence must not lose others: `--save` writes every row
that was coded, `--against` shows what has changed since, each row marked as right (+), wrong (x) or
left open (?) by the gold. `--held-out` scores the held-out sets as well, which uses them up a little:
their mistakes are never listed, their rows never saved.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from learning.agency import STORIES, read_agency
from transforms.events.coder import Coder
from transforms.events.evaluate import articles_of, report
from transforms.events.gold import GoldSentence, read_gold
from transforms.events.golden import DEPTH, as_text, changes, coded_lines, from_text
from transforms.events.options import CoderOptions
from transforms.events.scorecard import render
from transforms.events.scores import Report

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "data" / "events"
SHARED = ROOT / ".." / "shared" / "data" / "gold" / "plover_gsr_dev.jsonl"
OPEN = ("wire", "none", "general")
OURS_HELD_OUT = ("heldout", "heldout_none", "fresh", "fresh_none")
HELD_OUT = (*OURS_HELD_OUT, "agency_heldout")

Sentences = tuple[GoldSentence, ...]


def gold_sets(*, held_out: bool) -> dict[str, Sentences]:
    """Return the open sets by name, and the held-out ones; those of ../shared only where it is there."""
    names = (*OPEN, *OURS_HELD_OUT) if held_out else OPEN
    sets = {name: read_gold(GOLD / f"{name}.jsonl") for name in names}
    if SHARED.exists():
        sets["shared"] = read_gold(SHARED)
    if STORIES.exists():
        sets["agency"] = read_agency(GOLD / "agency.jsonl")
        if held_out:
            sets["agency_heldout"] = read_agency(GOLD / "agency_heldout.jsonl")
    return sets


def summary(reports: dict[str, Report]) -> Table:
    """Return one line per set."""
    table = Table(title="precision / recall / F1")
    table.add_column("set")
    for head in ("sentences", "rows", "type", DEPTH, "dyad", "cameo root"):
        table.add_column(head, justify="right")
    table.add_column("rows per 100 empty", justify="right")
    for name, figures in reports.items():
        cells = [
            " ".join("-" if x is None else f"{x:.3f}" for x in (s.precision, s.recall, s.f1))
            for s in figures.scores.values()
        ]
        empty = figures.rows_per_100_empty
        last = "" if empty is None else f"{empty:.1f}"
        table.add_row(name, str(figures.sentences), str(figures.rows), *cells, last)
    return table


def show_changes(
    console: Console, lines: dict[str, str], file: Path, texts: dict[str, str]
) -> None:
    """Print the rows that are new and those that are gone, under their sentences."""
    found = changes(from_text(file.read_text(encoding="utf-8")), lines)
    last = ""
    for line, what, mark in found:
        name = line.split("\t", 1)[0]
        if name != last:
            console.print(f"{name}: {texts.get(name, '')}", markup=False)
            last = name
        console.print(f"    {what:4} {mark} {line.expandtabs(2)}", markup=False)
    console.print(f"{len(found)} changes")


def main() -> None:
    """Parse the command line, score, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("sets", nargs="*", metavar="SET", help="sets to show in full")
    parser.add_argument("--json", action="store_true", help="print all figures as JSON")
    parser.add_argument("--mistakes", type=int, default=0, help="list so many mistakes per set")
    parser.add_argument("--save", type=Path, help="write what was coded")
    parser.add_argument("--against", type=Path, help="show changes since a saved file")
    parser.add_argument(
        "--golden",
        action="store_true",
        help="write tests/data/events/coded.txt anew, of the rules alone (make golden)",
    )
    parser.add_argument("--held-out", action="store_true", help="the held-out sets as well")
    parser.add_argument("--rules", action="store_true", help="the rules alone")
    options = parser.parse_args()
    sets = gold_sets(held_out=options.held_out)
    unknown = set(options.sets) - {*sets, "mixed"}
    if unknown:
        parser.error(
            f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(sets)}, mixed"
        )
    coder = Coder(CoderOptions(learned=not (options.rules or options.golden)))
    started = time.perf_counter()
    coded = {name: coder.code(articles_of(sentences)) for name, sentences in sets.items()}
    seconds = time.perf_counter() - started
    reports = {name: report(sets[name], coded[name]) for name in sets}
    reports["mixed"] = report(sets["wire"] + sets["none"], coded["wire"] + coded["none"])
    for name in reports.keys() & set(HELD_OUT):
        reports[name].mistakes.clear()
    if options.json:
        print(json.dumps({name: figures.as_dict() for name, figures in reports.items()}, indent=1))
        return
    console = Console(width=170)
    console.print(summary(reports))
    console.print(f"coded in {seconds:.1f} s")
    for name in options.sets:
        console.print(render(reports[name], title=name, mistakes=options.mistakes))
    lines: dict[str, str] = {}
    for name in sets.keys() - set(HELD_OUT):
        lines |= coded_lines(sets[name], coded[name])
    if options.against:
        texts = {one.sentence_id: one.text for name in sets for one in sets[name]}
        show_changes(console, lines, options.against, texts)
    if options.save:
        options.save.write_text(as_text(lines), encoding="utf-8")
    if options.golden:
        golden: dict[str, str] = {}
        for name in OPEN:
            golden |= coded_lines(sets[name], coded[name])
        (GOLD / "coded.txt").write_text(as_text(golden), encoding="utf-8")


if __name__ == "__main__":
    main()
