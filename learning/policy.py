"""Fit the policy (transforms.events.learned.policy): `python -m learning.policy [--write]`.

Every row that rules or model propose in the development sets is right or wrong; a logistic sum per
kind of row learns which. The model was trained on none of these sentences. The rules were made on
some of them, which flatters them; therefore our `dev` split counts double. Thresholds are those that
give the best F1 (mean of type alone and country to type to country, of our dev sentences and half of
`wire`), with every row weighed by folds, among those that give few enough rows where there is none.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from learning.gold import coded
from transforms.events.coder import Coder
from transforms.events.confidence import reliability_table
from transforms.events.confidence.calibrate import logistic
from transforms.events.evaluate import articles_of, gold_keys, report, row_key
from transforms.events.gold import GoldSentence, read_gold
from transforms.events.learned.candidates import FEATURES, Candidate
from transforms.events.learned.policy import (
    DOUBT,
    Policy,
    Scale,
    agreed,
    decide,
    standing,
    write_policy,
)
from transforms.events.rows import distinct
from transforms.events.scores import Report
from transforms.schema import Event

ROOT = Path(__file__).parents[1]
GOLD = ROOT / "tests" / "data" / "events"
SHARED = ROOT / ".." / "shared" / "data" / "gold" / "plover_gsr_dev.jsonl"
DEPTH = "country-type-country"
FOLDS = 5
EVERYWHERE = 1.1  # asks the model about every sentence
ALWAYS = 1.0  # asks the model about each sentence with a row: weights are learned from all of them
RIDGE = 1.0
DEV_WEIGHT = 2
EMPTY_SETS = ("dev", "none", "general")
MOST_EMPTY = 1.8  # rows per 100 sentences without an event; issue 5 asks for 2 at most
# A wrong row costs a user more than a missing one: what the model adds alone must be likelier.
RULES_STEPS = tuple(round(0.15 + 0.05 * i, 2) for i in range(8))
LEARNED_STEPS = tuple(round(0.35 + 0.05 * i, 2) for i in range(6))


@dataclass(frozen=True, slots=True)
class Case:
    """One sentence with all that was proposed for it."""

    name: str
    sentence: GoldSentence
    candidates: tuple[Candidate, ...]


def cases(coder: Coder) -> Iterator[Case]:
    """Yield the sentences of all development sets."""
    paths = {name: GOLD / f"{name}.jsonl" for name in ("wire", "none", "general")}
    for name, path in {**paths, "shared": SHARED}.items():
        sentences = read_gold(path)
        for sentence, traces in zip(sentences, coder.traces(articles_of(sentences)), strict=True):
            yield Case(name, sentence, tuple(one for t in traces for one in t.candidates))
    for sentence, _, traces in coded("dev", coder):
        yield Case("dev", sentence, tuple(one for t in traces for one in t.candidates))


def labelled(case: Case) -> Iterator[tuple[Candidate, bool]]:
    """Yield the typed candidates that the gold says something of, and whether they are right."""
    asked = [event for event in case.sentence.events if event.types != (None,)]
    wanted = [gold_keys(event, DEPTH) for event in asked if not event.optional]
    spared = {key for event in asked if event.optional for key in gold_keys(event, DEPTH)}
    for one in case.candidates:
        key = row_key(one.row, DEPTH)
        right = any(key in keys for keys in wanted)
        if one.row.plover_type is not None and (right or key not in spared):
            yield one, right


def is_asked(case: Case, doubt: float = DOUBT) -> bool:
    """Return whether the model is asked about a sentence, as `policy.in_doubt` does in the coder."""
    rules = [one.row for one in case.candidates if not one.learned]
    return doubt > 1 or any(row.plover_type and row.confidence < doubt for row in rules)


def rows_of(case: Case, policy: Policy, doubt: float = DOUBT) -> list[Event]:
    """Return the rows of a sentence: by the policy where the rules are in doubt, else theirs."""
    rules = [one for one in case.candidates if not one.learned]
    if is_asked(case, doubt):
        return distinct(standing(decide(case.candidates, policy)))
    return distinct((one.row, one.row.confidence) for one in rules)


def fitted(chosen: Sequence[Case], least: float = 0.5) -> Policy:
    """Return the policy that the cases teach."""
    scales = []
    for learned in (False, True):
        rows = [
            (one, right)
            for case in chosen
            for one, right in labelled(replace(case, candidates=tuple(agreed(case.candidates))))
            if one.learned == learned
            for _ in range(DEV_WEIGHT if case.name == "dev" else 1)
        ]
        x = np.array([[1.0, *(one.features[name] for name in FEATURES)] for one, _ in rows])
        y = np.array([float(right) for _, right in rows])
        weights = logistic(x, y, np.zeros(x.shape[1]), RIDGE)
        values = dict(zip(FEATURES, map(float, weights[1:]), strict=True))
        scales.append(Scale(float(weights[0]), values, least))
    return Policy(*scales)


def scored(
    chosen: Sequence[Case],
    policies: Sequence[Policy],
    names: Collection[str],
    doubt: float = DOUBT,
) -> Report:
    """Return the report of some sets, each sentence by the policy of its fold."""
    sentences, rows = [], []
    for number, case in enumerate(chosen):
        if case.name in names:
            sentences.append(case.sentence)
            rows.append(rows_of(case, policies[number % len(policies)], doubt))
    return report(sentences, rows)


def by_folds(chosen: Sequence[Case]) -> list[Policy]:
    """Return for each fold the policy that the other folds teach."""
    return [
        fitted([case for number, case in enumerate(chosen) if number % FOLDS != fold])
        for fold in range(FOLDS)
    ]


def thresholds(chosen: Sequence[Case], policies: Sequence[Policy]) -> tuple[float, float]:
    """Return the best thresholds for rows of the rules and of the model, by folds."""
    results = []
    for rules, learned in itertools.product(RULES_STEPS, LEARNED_STEPS):
        moved = [
            Policy(replace(each.rules, least=rules), replace(each.learned, least=learned))
            for each in policies
        ]
        dev, wire, empty = (
            scored(chosen, moved, names) for names in (("dev",), ("wire",), EMPTY_SETS)
        )
        rows = empty.rows_per_100_empty or 0.0
        f1 = (2 * _mean_f1(dev) + _mean_f1(wire)) / 3
        results.append((rows <= MOST_EMPTY, f1, rules, learned, rows))
    results.sort(reverse=True)
    for allowed, f1, rules, learned, rows in results[:5]:
        sys.stdout.write(
            f"rules from {rules:.2f}, model from {learned:.2f}: F1 {f1:.3f},"
            f" {rows:.1f} rows per 100 empty{'' if allowed else ' (too many)'}\n"
        )
    return results[0][2], results[0][3]


def reliability(chosen: Sequence[Case], policies: Sequence[Policy]) -> str:
    """Return how often rows of a confidence are right, each sentence by the policy of its fold."""
    confidences: list[float] = []
    right: list[bool] = []
    for number, case in enumerate(chosen):
        rows = rows_of(case, policies[number % len(policies)])
        shown = replace(case, candidates=tuple(map(_as_candidate, rows)))
        for one, is_right in labelled(shown):
            confidences.append(one.row.confidence)
            right.append(is_right)
    return reliability_table(confidences, right)


def _as_candidate(row: Event) -> Candidate:
    return Candidate(row=row, learned=False, words=(0, 0), features={})


def where(chosen: Sequence[Case], policies: Sequence[Policy]) -> Iterator[str]:
    """Yield what asking the model of more sentences is worth, a line per choice."""
    choices = {"nowhere": 0.0, "in doubt": DOUBT, "where the rules have a row": ALWAYS}
    for name, doubt in {**choices, "everywhere": EVERYWHERE}.items():
        cells = []
        for names in (("dev",), ("wire",), ("shared",)):
            full = scored(chosen, policies, names, doubt)
            kinds = (full.scores[depth].f1_lenient or 0.0 for depth in ("type", DEPTH))
            cells.append(f"{names[0]} " + " ".join(f"{kind:.3f}" for kind in kinds))
        empty = scored(chosen, policies, EMPTY_SETS, doubt).rows_per_100_empty
        asked = sum(is_asked(case, doubt) for case in chosen)
        yield f"asked {name}: {', '.join(cells)}; {empty:.1f} rows per 100 empty; {asked} asked"


def _mean_f1(full: Report) -> float:
    return sum(full.scores[depth].f1_lenient or 0.0 for depth in ("type", DEPTH)) / 2


def main() -> int:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(prog="policy", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true", help="write data/policy.toml")
    parser.add_argument("--where", action="store_true", help="compare where to ask the model")
    options = parser.parse_args()
    chosen = list(cases(Coder(doubt=EVERYWHERE if options.where else ALWAYS)))
    rows = [row for case in chosen for row in labelled(case)]
    policies = by_folds(chosen)
    rules, learned = thresholds(chosen, policies)
    policies = [
        Policy(replace(each.rules, least=rules), replace(each.learned, least=learned))
        for each in policies
    ]
    sys.stdout.write(f"{reliability(chosen, policies)}\n")
    both = fitted(chosen)
    both = Policy(replace(both.rules, least=rules), replace(both.learned, least=learned))
    if options.where:
        sys.stdout.writelines(f"{line}\n" for line in where(chosen, policies))
    if options.write:
        names = ", ".join(dict.fromkeys(case.name for case in chosen))
        write_policy(both, f"{len(rows)} proposed rows of {names}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
