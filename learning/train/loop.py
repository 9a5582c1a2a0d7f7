"""The training itself: AdamW with warm-up and cosine, an average of the weights over the last steps."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from learning.train.augment import Record, Swaps, masked, varied
from learning.train.batches import Batch, Frozen, batches
from learning.train.examples import Example, example
from learning.train.loss import loss
from learning.train.network import Parameters, forward, start

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How to train.

    Attributes:
        frozen: Layers of the encoder that stay as they are.
        layers: Layers that the model has, those included.
        epochs: Passes over the sentences.
        batch: Sentences per step.
        rate: Highest learning rate, of the uppermost layer.
        lower: A layer's rate, times that of the one above it.
        head_rate: The heads' rate, times `rate`.
        dropout: Share of values dropped.
        decay: Weight decay.
        masked: Share of the pieces that are hidden.
        average: Decay per step of the running average of the weights.
        seed: Of everything that is drawn.
    """

    frozen: int = 1
    layers: int = 4
    epochs: int = 4
    batch: int = 32
    rate: float = 3e-4
    lower: float = 0.8
    head_rate: float = 5.0
    dropout: float = 0.1
    decay: float = 0.01
    masked: float = 0.05
    average: float = 0.99
    seed: int = 20261126


def lessons(
    records: Sequence[Record], recipe: Recipe
) -> Iterator[tuple[list[Example], list[Array]]]:
    """Yield for each epoch the sentences, varied, with what the frozen layers make of them.

    The next epoch's are made while one is trained on.
    """
    swaps, frozen = Swaps(), Frozen(recipe.frozen)

    def made(epoch: int) -> tuple[list[Example], list[Array]]:
        chance = np.random.default_rng((recipe.seed, epoch))
        examples = [example(varied(record, swaps, chance)) for record in records]
        return examples, frozen.vectors([masked(each, recipe.masked, chance) for each in examples])

    with ThreadPoolExecutor(1) as ahead:
        following = ahead.submit(made, 0)
        for epoch in range(recipe.epochs):
            current = following.result()
            if epoch + 1 < recipe.epochs:
                following = ahead.submit(made, epoch + 1)
            yield current


def train(records: Sequence[Record], recipe: Recipe) -> Iterator[Parameters]:
    """Yield the averaged parameters after each epoch; the last are the trained ones."""
    parameters = start(range(recipe.frozen, recipe.layers), recipe.seed)
    per_epoch = -(-len(records) // recipe.batch)
    schedule = optax.warmup_cosine_decay_schedule(
        0.0, recipe.rate, per_epoch // 2, per_epoch * recipe.epochs, recipe.rate / 50
    )
    shares = dict.fromkeys(parameters, recipe.head_rate)
    for number in range(recipe.frozen, recipe.layers):
        shares[f"layer{number}"] = recipe.lower ** (recipe.layers - 1 - number)
    groups = {name: jax.tree.map(lambda _, n=name: n, part) for name, part in parameters.items()}
    rates = {
        name: optax.scale_by_learning_rate(lambda step, share=share: share * schedule(step))
        for name, share in shares.items()
    }
    optimizer = optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.scale_by_adam(b2=0.98),
        optax.add_decayed_weights(recipe.decay),
        optax.multi_transform(rates, groups),
    )
    state = optimizer.init(parameters)
    average = parameters

    @jax.jit
    def step(
        parameters: Parameters, average: Parameters, state: Any, batch: Batch, key: jax.Array
    ) -> Any:
        def total(parameters: Parameters) -> tuple[jax.Array, dict[str, jax.Array]]:
            drop = (key, recipe.dropout)
            parts = loss(forward(parameters, batch["vectors"], batch["mask"], drop), batch)
            return sum(parts.values(), start=jnp.zeros(())), parts

        (_, parts), slope = jax.value_and_grad(total, has_aux=True)(parameters)
        change, state = optimizer.update(slope, state, parameters)
        parameters = optax.apply_updates(parameters, change)
        keep = recipe.average
        average = jax.tree.map(lambda a, p: keep * a + (1 - keep) * p, average, parameters)
        return parameters, average, state, parts

    chance, key = np.random.default_rng(recipe.seed), jax.random.key(recipe.seed, impl="rbg")
    done = 0
    for epoch, (examples, vectors) in enumerate(lessons(records, recipe)):
        began, sums = time.perf_counter(), dict.fromkeys(("types", "roles", "sentence"), 0.0)
        for batch in batches(examples, vectors, recipe.batch, chance):
            del batch["rows"]
            parameters, average, state, parts = step(
                parameters, average, state, batch, jax.random.fold_in(key, done)
            )
            done += 1
            sums = {name: sums[name] + float(parts[name]) / per_epoch for name in sums}
        figures = " ".join(f"{name} {value:.3f}" for name, value in sums.items())
        seconds = time.perf_counter() - began
        sys.stdout.write(f"epoch {epoch + 1}/{recipe.epochs}: {figures}, {seconds:.0f} s\n")
        sys.stdout.flush()
        yield average
