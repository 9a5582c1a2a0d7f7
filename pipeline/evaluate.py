"""`wirelake evaluate`: score the coder on a gold file of the user's."""

from __future__ import annotations

import json
from pathlib import Path

from rich.console import Console

from pipeline.options import coder_options
from pipeline.settings import CoderSettings, read_settings
from transforms.events.evaluate import evaluate
from transforms.events.gold import read_gold
from transforms.events.options import load_coder
from transforms.events.scorecard import render


def evaluate_gold(gold: Path, config: Path | None, *, as_json: bool, mistakes: int) -> None:
    """Print the scores of the coder on a gold file.

    Raises:
        UsageError: The gold file cannot be read or a line of it is wrong.
        ConfigError: The configuration or the model is wrong.
    """
    sentences = read_gold(gold)
    settings = read_settings(config).coder if config else CoderSettings()
    folder = config.parent if config else Path()
    found = evaluate(sentences, load_coder(coder_options(settings, folder)))
    if as_json:
        print(json.dumps(found.as_dict(), indent=2))
    else:
        Console().print(render(found, title=gold.name, mistakes=mistakes))
