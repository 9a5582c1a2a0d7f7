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

import numpy as np

from learning.train.batches import frozen_vectors
from learning.train.examples import DATA, Example, read
from learning.train.export import exported
from learning.train.loop import Recipe, train
from learning.train.scores import measure
from transforms.events.learned.frozen import frozen_tensors
from transforms.events.learned.session import Session
from transforms.events.learned.votes import MODEL

Array = np.ndarray[Any, Any]


def part_of(examples: Sequence[Example], share: float) -> list[int]:
    """Return the numbers of a share of the training sentences, spread evenly over the topics."""
    train_on = [i for i, each in enumerate(examples) if each.split == "train"]
    return [i for n, i in enumerate(train_on) if int((n + 1) * share) > int(n * share)]


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
    recipe = replace(Recipe(), epochs=options.epochs, frozen=options.frozen, layers=options.layers)
    examples = read()
    vectors = frozen_vectors(examples, recipe.frozen)
    chosen = part_of(examples, options.share)
    sys.stdout.write(f"{len(chosen)} sentences, {recipe}\n")
    about = {
        "data": hashlib.sha256(DATA.read_bytes()).hexdigest()[:16],
        "sentences": str(len(chosen)),
        "frozen": str(recipe.frozen),
        "recipe": str(recipe),
    }
    content = b""
    for parameters in train([examples[i] for i in chosen], [vectors[i] for i in chosen], recipe):
        content = exported(parameters, recipe.frozen, about)
        options.output.write_bytes(content)
        session = Session(content, frozen_tensors(recipe.frozen))
        for split in ("dev", "test"):
            held_out = [each for each in examples if each.split == split]
            line = measure(held_out, outputs(session, held_out)).line()
            sys.stdout.write(f"{split}: {line}\n")
        sys.stdout.flush()
    digest = hashlib.sha256(content).hexdigest()
    sys.stdout.write(
        f"{options.output}: {len(content) / 1e6:.1f} MB, sha256 {digest[:16]}, data"
        f" {about['data']}, {(time.perf_counter() - began) / 60:.0f} minutes\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
