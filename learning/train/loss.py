"""What the training makes small."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp

# A word that is not marked in a sentence that holds events may be an event all the same (see
# learning/README.md), so it counts for less than a word of a sentence that holds none.
UNMARKED = 0.5
TRIGGER = 2.0
WEIGHTS = {
    "types": 1.0,
    "roles": 1.0,
    "roots": 0.3,
    "modality": 0.3,
    "polarity": 0.3,
    "sentence": 1.0,
}


def loss(logits: Mapping[str, jax.Array], batch: Mapping[str, jax.Array]) -> dict[str, jax.Array]:
    """Return the loss of each head, a mean over the sentences of a batch."""
    mask, events = batch["mask"], batch["events"]
    real = mask[:, 0]  # rows that fill up a batch hold nothing
    sentences = real.sum()
    marked = batch["types"] > 0
    plain = jnp.where((batch["sentence"] == 0)[:, None], UNMARKED, 1.0)
    weight = mask * jnp.where(marked, TRIGGER, plain)
    parts = {"types": (_surprise(logits["types"], batch["types"]) * weight).sum() / sentences}
    # Each event's heads are read at its trigger: the mean over the trigger's pieces.
    share = batch["triggers"] / jnp.maximum(batch["triggers"].sum(-1, keepdims=True), 1)
    for number, name in enumerate(("roots", "modality"), 1):
        seen = jnp.einsum("bei,bik->bek", share, logits[name])
        parts[name] = (_surprise(seen, batch["kinds"][..., number]) * events).sum() / sentences
    negative = jnp.einsum("bei,bi->be", share, logits["polarity"][..., 0])
    parts["polarity"] = (_doubt(negative, batch["kinds"][..., 3]) * events).sum() / sentences
    scores = jnp.einsum("bei,brij->berj", share, logits["roles"])
    wrong = _doubt(scores, batch["roles"]) * mask[:, None, None, :] * events[..., None, None]
    parts["roles"] = wrong.sum() / sentences
    surprise = _surprise(logits["sentence"], batch["sentence"])
    parts["sentence"] = (surprise * real).sum() / sentences
    return {name: WEIGHTS[name] * part for name, part in parts.items()}


def _surprise(logits: jax.Array, numbers: jax.Array) -> jax.Array:
    """Return the cross-entropy of a choice."""
    return -jnp.take_along_axis(jax.nn.log_softmax(logits), numbers[..., None], axis=-1)[..., 0]


def _doubt(logits: jax.Array, yes: jax.Array) -> jax.Array:
    """Return the cross-entropy of a yes or no."""
    return jax.nn.softplus(logits) - logits * yes
