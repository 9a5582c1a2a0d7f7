"""The policy: which of the rows that rules and model propose stand, and with what confidence.

1. The model is asked where the rules doubt a row, and where the first look is of another mind than they
   are: it finds their row unlikely, or one likely where they have none (`IN_DOUBT`). What more asking
   costs and gains: docs/learned.md.
2. The gates hold for both: what the rules take for sport, history, a hypothesis is no row.
3. Each row is weighed by a logistic sum of the rules' confidence and the model's votes: is the action
   an event, of this type, and are these its actors (`candidates.FEATURES`). Rows of the rules and rows
   that only the model proposes have weights and thresholds of their own (`data/policy.toml`).
4. A row that both propose is the rules' row (its code is deeper), weighed as agreed.
5. A row under its threshold is left out: the model's veto, or too weak an addition.
6. Two readings of the same words as different types cannot both stand: the likelier one does.
7. A mere statement is neither vetoed nor proposed: it stands where nothing more specific does.
"""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from transforms.events.learned.candidates import FEATURES, Candidate
from transforms.events.rows import Finding
from transforms.failures import ConfigError
from transforms.schema import Event

WEIGHTS: Final = Path(__file__).parent / "data" / "policy.toml"
DECIMALS: Final = 2  # of a confidence
INTERCEPT: Final = "intercept"
_STATEMENT_ROOT: Final = "01"


@dataclass(frozen=True, slots=True)
class Asking:
    """About which sentences the model is asked.

    Attributes:
        sure: The rules' confidence from which a row is not doubted; above 1: each is.
        unlikely: The chance at the first look under which even such a row is doubted.
        likely: The chance from which a sentence without a row may hold one; 0: each may.
    """

    sure: float
    unlikely: float
    likely: float

    def worth(self, confidences: Sequence[float], chance: float) -> bool:
        """Return whether the model is to be asked about a sentence.

        Args:
            confidences: Of the rows that the rules read in it.
            chance: Of a row, at the first look.
        """
        if confidences:
            return min(confidences) < self.sure or chance < self.unlikely
        return chance >= self.likely


IN_DOUBT: Final = Asking(sure=0.6, unlikely=0.75, likely=0.65)
EVERYWHERE: Final = Asking(sure=1.1, unlikely=0.0, likely=0.0)
NOWHERE: Final = Asking(sure=0.0, unlikely=0.0, likely=1.1)


@dataclass(frozen=True, slots=True)
class Scale:
    """How one kind of row is weighed.

    Attributes:
        intercept, weights: Of the logistic sum.
        least: The confidence from which a row stands.
    """

    intercept: float
    weights: Mapping[str, float]
    least: float

    def confidence(self, features: Mapping[str, float]) -> float:
        """Return 0-1: how likely a row with these features is right."""
        total = self.intercept + sum(self.weights[name] * features[name] for name in FEATURES)
        return round(1 / (1 + math.exp(-total)), DECIMALS)


@dataclass(frozen=True, slots=True)
class Policy:
    """Scales for the rows of the rules and for the rows of the model alone."""

    rules: Scale
    learned: Scale

    def of(self, candidate: Candidate) -> Scale:
        """Return the scale that weighs a row."""
        return self.learned if candidate.learned else self.rules


@dataclass(frozen=True, slots=True)
class Decision:
    """What the policy says of one candidate.

    Attributes:
        candidate: The row.
        confidence: How likely it is right.
        reason: Why it was left out; None: it stands.
    """

    candidate: Candidate
    confidence: float
    reason: str | None


def confidences(weighed: Iterable[tuple[Finding, str | None]]) -> list[float]:
    """Return the rules' confidence in each row with a type.

    Args:
        weighed: What the rules found, each with why it is no event of the news; None: it is one.
    """
    return [
        one.confidence for one, gate in weighed if gate is None and one.frame.plover is not None
    ]


def decide(candidates: Sequence[Candidate], policy: Policy) -> list[Decision]:
    """Return a decision for each candidate of one sentence, in order."""
    typed = agreed([one for one in candidates if one.row.plover_type is not None])
    weighed = [(one, policy.of(one).confidence(one.features)) for one in typed]
    strong = [(one, score) for one, score in weighed if score >= policy.of(one).least]
    decisions = []
    for one, score in weighed:
        reason = None
        if score < policy.of(one).least:
            reason = f"both votes together give it {score:.2f}"
        elif any(_outdoes(other, better, one, score) for other, better in strong):
            reason = "its words are likelier another event"
        decisions.append(Decision(one, score, reason))
    specific = any(decision.reason is None for decision in decisions)
    for one in candidates:
        if one.row.plover_type is None:
            reason = "the sentence holds something more specific" if specific else None
            decisions.append(Decision(one, one.row.confidence, reason))
    return decisions


def agreed(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates with what both propose told once, as the rules' row, marked as agreed."""
    rules = {_key(one.row) for one in candidates if not one.learned}
    learned = {_key(one.row) for one in candidates if one.learned}
    return [
        replace(one, features={**one.features, "agreed": float(_key(one.row) in learned)})
        if not one.learned
        else one
        for one in candidates
        if not (one.learned and _key(one.row) in rules)
    ]


def standing(decisions: Iterable[Decision]) -> list[tuple[Event, float]]:
    """Return the rows that stand, each with the confidence of both votes, and that as its weight."""
    return [
        (replace(one.candidate.row, confidence=one.confidence), one.confidence)
        for one in decisions
        if one.reason is None
    ]


def _key(row: Event) -> tuple[str | None, ...]:
    return row.plover_type, row.source_code, row.target_code


def _outdoes(other: Candidate, better: float, one: Candidate, score: float) -> bool:
    """Whether another row reads the same words as another type, and likelier."""
    if other.row.plover_type == one.row.plover_type or other.learned == one.learned:
        return False
    if not (other.words[0] < one.words[1] and one.words[0] < other.words[1]):
        return False
    return (better, not other.learned) > (score, not one.learned)


@functools.cache
def load_policy(path: Path = WEIGHTS) -> Policy:
    """Return the policy in a file.

    Raises:
        ConfigError: It cannot be read, or a weight is missing, unknown or no number.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    return Policy(*(_scale(path, name, data.get(name, {})) for name in ("rules", "learned")))


def _scale(path: Path, name: str, table: Mapping[str, Any]) -> Scale:
    wanted = {INTERCEPT, "least", *FEATURES}
    if set(table) != wanted:
        missing, unknown = sorted(wanted - set(table)), sorted(set(table) - wanted)
        raise ConfigError(f"{path}: [{name}] lacks {missing}, knows no {unknown}")
    for key, value in table.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ConfigError(f"{path}: [{name}] {key} = {value!r} is no number")
    return Scale(
        float(table[INTERCEPT]), {key: float(table[key]) for key in FEATURES}, float(table["least"])
    )


def write_policy(policy: Policy, fitted_on: str, path: Path = WEIGHTS) -> None:
    """Write a policy in the form that `load_policy` reads."""
    lines = [
        "# How rules and model are weighed together (learned.policy); by python -m learning.policy.",
        f"# Fitted on {fitted_on}.",
    ]
    for name, scale in (("rules", policy.rules), ("learned", policy.learned)):
        lines += ["", f"[{name}]", f"{INTERCEPT} = {scale.intercept:.4f}"]
        lines += [f"{key} = {scale.weights[key]:.4f}" for key in FEATURES]
        lines += [f"least = {scale.least:.2f}  # confidence from which a row stands"]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
