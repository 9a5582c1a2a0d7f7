"""The weights of the confidence, read from and written to TOML."""

from __future__ import annotations

import functools
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.events.confidence.features import FEATURES
from transforms.events.wordlists import DATA
from transforms.failures import ConfigError

DEFAULT = DATA / "confidence.toml"
INTERCEPT = "intercept"


@dataclass(frozen=True, slots=True)
class Weights:
    """One set of weights.

    Attributes:
        intercept: The constant of the logistic sum.
        values: The weight of each feature.
        knots: (raw, calibrated) in rising order; between them it is linear; empty: no correction.
        fitted_on: What they were fitted on.
    """

    intercept: float
    values: Mapping[str, float]
    knots: tuple[tuple[float, float], ...] = ()
    fitted_on: str = "by hand"

    def score(self, features: Mapping[str, float]) -> float:
        """Return the confidence of a row with these features."""
        total = self.intercept + sum(self.values[name] * value for name, value in features.items())
        return self.corrected(1 / (1 + math.exp(-total)))

    def corrected(self, raw: float) -> float:
        """Return the calibrated value of a raw one."""
        if not self.knots:
            return raw
        if raw <= self.knots[0][0]:
            return self.knots[0][1]
        for (x0, y0), (x1, y1) in zip(self.knots, self.knots[1:], strict=False):
            if raw <= x1:
                return y1 if x1 == x0 else y0 + (y1 - y0) * (raw - x0) / (x1 - x0)
        return self.knots[-1][1]


@functools.cache
def load_weights(path: Path = DEFAULT) -> Weights:
    """Return the weights in a file.

    Raises:
        ConfigError: It cannot be read, a weight is missing, unknown or no number, or the knots do not
            rise.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    table = data.get("weights", {})
    wanted = {INTERCEPT, *FEATURES}
    if set(table) != wanted:
        missing, unknown = sorted(wanted - set(table)), sorted(set(table) - wanted)
        raise ConfigError(f"{path}: [weights] lacks {missing}, knows no {unknown}")
    knots = tuple(_pair(path, pair) for pair in data.get("isotonic", {}).get("knots", []))
    if list(knots) != sorted(knots) or [y for _, y in knots] != sorted(y for _, y in knots):
        raise ConfigError(f"{path}: the knots do not rise")
    return Weights(
        intercept=_number(path, INTERCEPT, table[INTERCEPT]),
        values={name: _number(path, name, table[name]) for name in FEATURES},
        knots=knots,
        fitted_on=str(data.get("fitted_on", "unknown")),
    )


def write_weights(weights: Weights, path: Path) -> None:
    """Write weights in the form that `load_weights` reads."""
    lines = [
        "# Weights of the confidence: a logistic sum of the features (confidence.features),",
        "# fitted by confidence.calibrate.",
        f'fitted_on = "{weights.fitted_on}"',
        "",
        "[weights]",
        f"{INTERCEPT} = {weights.intercept:.4f}",
        *(f"{name} = {weights.values[name]:.4f}" for name in FEATURES),
        "",
        "[isotonic]",
        "# [raw, calibrated], linear between; empty: no correction",
        f"knots = [{', '.join(f'[{x:.4f}, {y:.4f}]' for x, y in weights.knots)}]",
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")


def _number(path: Path, name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigError(f"{path}: {name} is no number")
    return float(value)


def _pair(path: Path, value: Any) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:  # noqa: PLR2004 - a pair
        raise ConfigError(f"{path}: a knot is [raw, calibrated]")
    return _number(path, "knot", value[0]), _number(path, "knot", value[1])
