"""Score the rules on the training sentences: `python benchmarks/score_training.py [--list TOPIC …]`.

Type and CAMEO root only, on the splits train and dev of learning/data/sentences.jsonl; `test` is left
unread. The rules are mended with these sentences in view, so that the figures say where words and
constructions are missing, not how good the coder is. `--list` prints the sentences of some topics
that were not coded as labelled, with what was labelled, coded and rejected.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from pathlib import Path
from typing import Any

from transforms.events.coder import Coder, SentenceTrace
from transforms.events.evaluate import articles_of, report
from transforms.events.gold import GoldEvent, GoldSentence
from transforms.events.options import CoderOptions

SENTENCES = Path(__file__).parents[1] / "learning" / "data" / "sentences.jsonl"


def gold(record: dict[str, Any]) -> GoldSentence:
    """Return a training sentence as a gold one, its actors left open, dated in its decade."""
    decade = int(record["meta"]["decade"][:4])
    return GoldSentence(
        sentence_id=record["id"],
        text=record["text"],
        published=dt.date(decade + 8, 6, 15),
        is_title=record["meta"]["register"] == "headline",
        events=tuple(
            GoldEvent(
                sources=(None,),
                types=(event["type"],),
                targets=(None,),
                cameos=(event["cameo"],),
                optional=event["type"] is None,
            )
            for event in record["events"]
        ),
    )


def show(record: dict[str, Any], traces: list[SentenceTrace]) -> None:
    """Print one sentence if its types are not those of its labels."""
    rows = [row for trace in traces for row in trace.rows if row.plover_type]
    if {row.plover_type for row in rows} == {e["type"] for e in record["events"] if e["type"]}:
        return
    print(record["text"])
    for event in record["events"]:
        print("   labelled", event["type"], event["cameo"], event["trigger"]["text"])
    for row in rows:
        print("   coded", row.source_code, row.plover_type, row.target_code, row.rule)
    for words, entry, reason in (one for trace in traces for one in trace.rejected):
        print("   rejected", words, entry, reason)


def main() -> None:
    """Code, print the scores, list."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--list", nargs="*", default=[], metavar="TOPIC")
    options = parser.parse_args()
    lines = SENTENCES.read_text(encoding="utf-8").splitlines()
    records = [record for record in map(json.loads, lines) if record["split"] != "test"]
    sentences = [gold(record) for record in records]
    coded = Coder(CoderOptions(learned=False)).traces(articles_of(sentences))
    for record, traces in zip(records, coded, strict=True):
        if record["meta"]["topic"] in options.list:
            show(record, traces)
    rows = [[row for trace in traces for row in trace.rows] for traces in coded]
    figures = report(sentences, rows)
    scores = {name: figures.scores[name] for name in ("type", "cameo root")} | figures.types
    for name, score in scores.items():
        print(f"{name:12} precision {score.precision or 0:.2f} recall {score.recall or 0:.2f}")
    print(f"rows per 100 empty sentences: {figures.rows_per_100_empty:.1f}")


if __name__ == "__main__":
    main()
