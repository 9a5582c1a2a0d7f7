"""The tuned layers and the heads in JAX, with the names that the graph gives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from learning.train.graph import EPSILON, HEADS, WIDTH
from transforms.events.learned.base import base_tensors, dense
from transforms.events.learned.frozen import joined
from transforms.events.learned.labels import MODALITIES, ROLES, ROOTS, SENTENCES, TYPES

ROLE_WIDTH = 64
# Heads on a piece's vector: name → outputs. "polarity" is one logit: negative.
PIECE_HEADS = {
    "types": len(TYPES),
    "roots": len(ROOTS),
    "modality": len(MODALITIES),
    "polarity": 1,
    "acts": len(ROLES) * ROLE_WIDTH,  # a trigger, as roles see it
    "actors": len(ROLES) * ROLE_WIDTH,  # an actor, as triggers see it
}
Parameters = dict[str, dict[str, Any]]


@jax.custom_vjp
def product(value: jax.Array, matrix: jax.Array) -> jax.Array:
    """Return value @ matrix, (…, inputs) and (inputs, outputs), multiplied in 16 bits, added in 32.

    Twice as fast as 32 bits on processors that know bfloat16; gradients likewise.
    """
    return _product(value, matrix)


def _product(value: jax.Array, matrix: jax.Array) -> jax.Array:
    wide = jnp.float32
    return jnp.matmul(_short(value), _short(matrix), preferred_element_type=wide)


def _short(value: jax.Array) -> jax.Array:
    return value.astype(jnp.bfloat16)


def _forwards(value: jax.Array, matrix: jax.Array) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
    return _product(value, matrix), (value, matrix)


def _backwards(kept: tuple[jax.Array, jax.Array], slope: jax.Array) -> tuple[jax.Array, jax.Array]:
    value, matrix = kept
    rows = slope.reshape(-1, slope.shape[-1])
    return _product(slope, matrix.T), _product(value.reshape(-1, value.shape[-1]).T, rows)


product.defvjp(_forwards, _backwards)


def start(layers: range, seed: int) -> Parameters:
    """Return the base model's layers to be tuned, and heads near zero."""
    parameters: Parameters = {}
    base = base_tensors()
    for layer in layers:
        matrix, bias = joined(layer)
        weights = {"joined": matrix, "joined.bias": bias}
        for part in ("attention", "wide", "narrow"):
            weights[part] = dense(f"{layer}.{part}")
            weights[f"{part}.bias"] = base[f"{layer}.{part}.bias"]
        for part in ("attention_norm", "norm"):
            for kind in ("gain", "bias"):
                weights[f"{part}.{kind}"] = base[f"{layer}.{part}.{kind}"]
        parameters[f"layer{layer}"] = {k: jnp.asarray(np.array(v)) for k, v in weights.items()}
    chance = np.random.default_rng(seed)
    for name, outputs in {**PIECE_HEADS, "sentence": len(SENTENCES)}.items():
        inputs = 2 * WIDTH if name == "sentence" else WIDTH
        matrix = chance.normal(0, 0.02, (inputs, outputs)).astype(np.float32)
        parameters[name] = {"matrix": jnp.asarray(matrix), "bias": jnp.zeros(outputs, jnp.float32)}
    # Most pieces trigger nothing; to begin there saves an epoch.
    parameters["types"]["bias"] = parameters["types"]["bias"].at[0].set(5.0)
    parameters["roles"] = {"bias": jnp.full(len(ROLES), -3.0)}
    return parameters


def forward(
    parameters: Parameters,
    vectors: jax.Array,
    mask: jax.Array,
    drop: tuple[jax.Array, float] | None,
) -> dict[str, jax.Array]:
    """Return the heads' logits for a batch.

    Args:
        parameters: As `start` makes them.
        vectors: (batch, pieces, 384) of the last frozen layer.
        mask: (batch, pieces) 1 where there is a piece.
        drop: Key and rate of the dropout while training; None: none.

    Returns:
        "types" (batch, pieces, types), "roots", "modality", "polarity" alike, "roles" (batch,
        roles, trigger pieces, actor pieces), "sentence" (batch, sentences).
    """
    value = _dropped(vectors, drop, 0)
    names = sorted(name for name in parameters if name.startswith("layer"))
    for number, name in enumerate(names):
        value = _layer(parameters[name], value, mask, drop, 3 * number + 1)
    value = _dropped(value, drop, 97)
    logits = {
        name: value @ parameters[name]["matrix"] + parameters[name]["bias"] for name in PIECE_HEADS
    }
    shape = (*value.shape[:2], len(ROLES), ROLE_WIDTH)
    acts, actors = (logits.pop(name).reshape(shape) for name in ("acts", "actors"))
    scores = jnp.einsum("bird,bjrd->brij", acts, actors) * ROLE_WIDTH**-0.5
    logits["roles"] = scores + parameters["roles"]["bias"][None, :, None, None]
    head = parameters["sentence"]
    share = mask / jnp.maximum(mask.sum(-1, keepdims=True), 1)
    mean = jnp.einsum("bi,bid->bd", share, value)
    whole = jnp.concatenate([value[:, 0], mean], axis=-1)
    logits["sentence"] = whole @ head["matrix"] + head["bias"]
    return logits


def _layer(
    weights: Mapping[str, Any],
    value: jax.Array,
    mask: jax.Array,
    drop: tuple[jax.Array, float] | None,
    number: int,
) -> jax.Array:
    batch, pieces, width = value.shape
    joint = product(value, weights["joined"]) + weights["joined.bias"]
    query, key, content = (
        part.reshape(batch, pieces, HEADS, width // HEADS) for part in jnp.split(joint, 3, axis=-1)
    )
    scores = jnp.einsum("bihd,bjhd->bhij", query, key) * (width // HEADS) ** -0.5
    scores = jnp.where(mask[:, None, None, :] > 0, scores, -1e9)
    seen = jnp.einsum("bhij,bjhd->bihd", jax.nn.softmax(scores), content)
    seen = product(seen.reshape(batch, pieces, width), weights["attention"])
    value = _norm(
        weights, "attention_norm", value + _dropped(seen + weights["attention.bias"], drop, number)
    )
    # The approximation differs by less than the 7 bits of the exported weights, and costs half.
    wide = jax.nn.gelu(product(value, weights["wide"]) + weights["wide.bias"], approximate=True)
    narrow = product(wide, weights["narrow"]) + weights["narrow.bias"]
    return _norm(weights, "norm", value + _dropped(narrow, drop, number + 1))


def _norm(weights: Mapping[str, Any], name: str, value: jax.Array) -> jax.Array:
    mean = value.mean(-1, keepdims=True)
    spread = ((value - mean) ** 2).mean(-1, keepdims=True)
    scaled = (value - mean) * jax.lax.rsqrt(spread + EPSILON)
    return scaled * weights[f"{name}.gain"] + weights[f"{name}.bias"]


def _dropped(value: jax.Array, drop: tuple[jax.Array, float] | None, number: int) -> jax.Array:
    if drop is None:
        return value
    key, rate = drop
    drawn = jax.random.bits(jax.random.fold_in(key, number), value.shape, jnp.uint8)
    least = round(256 * rate)
    return jnp.where(drawn >= least, value * (256 / (256 - least)), 0)
