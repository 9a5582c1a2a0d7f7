"""`make train`: train the model from the committed sentences and write what is committed of it.

    python -m learning.train [--share 0.5] [--epochs N] [--output FILE]

`--share` trains on a part of the training sentences, for the learning curve.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import numpy as np

from learning.train.augment import Record
from learning.train.examples import DATA, Example, example, records
from learning.train.export import exported
from learning.train.loop import Recipe, train
from learning.train.scores import measure
from transforms.events.learned.frozen import frozen_tensors
from transforms.events.learned.session import Session
from transforms.events.learned.votes import MODEL

CACHE = Path(__file__).parents[2] / "build" / "xla"  # compiled steps, for the next time
Array = np.ndarray[Any, Any]


def part_of(sentences: Sequence[Record], share: float) -> list[Record]:
    """Return a share of the sentences, spread evenly over the topics."""
    return [each for n, each in enumerate(sentences) if int((n + 1) * share) > int(n * share)]


def outputs(session: Session, examples: Sequence[Example]) -> Iterator[dict[str, Array]]:
    """Yield the logits of each sentence as the run-time sees them."""
    for each in examples:
        yield session.run(each.pieces.ids)


def main() -> int:
    """Train, export, measure."""
    parser = argparse.ArgumentParser(prog="train", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--share", type=float, default=1.0, help="part of the training sentences")
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    parser.add_argument(
        "--frozen", type=int, default=Recipe().frozen, help="layers left as they are"
    )
    parser.add_argument("--layers", type=int, default=Recipe().layers, help="of the encoder")
    parser.add_argument("--output", type=Path, default=MODEL)
    options = parser.parse_args()
    began = time.perf_counter()
    jax.config.update("jax_compilation_cache_dir", str(CACHE))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 1)
    recipe = replace(Recipe(), epochs=options.epochs, frozen=options.frozen, layers=options.layers)
    sentences = records()
    chosen = part_of([each for each in sentences if each["split"] == "train"], options.share)
    sys.stdout.write(f"{len(chosen)} sentences, {recipe}\n")
    about = {
        "data": hashlib.sha256(DATA.read_bytes()).hexdigest()[:16],
        "sentences": str(len(chosen)),
        "frozen": str(recipe.frozen),
        "recipe": str(recipe),
    }
    held_out = [example(each) for each in sentences if each["split"] == "dev"]
    content = b""
    for parameters in train(chosen, recipe):
        content = exported(parameters, recipe.frozen, about)
        options.output.write_bytes(content)
        session = Session(content, frozen_tensors(recipe.frozen))
        sys.stdout.write(f"dev: {measure(held_out, outputs(session, held_out)).line()}\n")
        sys.stdout.flush()
    digest = hashlib.sha256(content).hexdigest()
    sys.stdout.write(
        f"{options.output}: {len(content) / 1e6:.1f} MB, sha256 {digest[:16]}, data"
        f" {about['data']}, {(time.perf_counter() - began) / 60:.0f} minutes\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
