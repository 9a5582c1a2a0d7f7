"""The encoder's lower layers, as they are: the base model's tensors in the form the graph takes.

Matrices hold 7 bits in a byte: products of an unsigned 8-bit and a signed 7-bit number, added in
pairs, cannot overflow 16 bits, so processors with and without VNNI give the same integers.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from transforms.events.learned.base import Array, base_tensors, dense

PREFIX: Final = "frozen."
LARGEST: Final = 63
_SMALLEST_SCALE: Final = 1e-12


def quantized(matrix: Array) -> tuple[Array, Array]:
    """Return a matrix (inputs, outputs) as 7-bit integers and one scale per output."""
    scale = np.maximum(np.abs(matrix).max(axis=0) / LARGEST, _SMALLEST_SCALE).astype(np.float32)
    return np.rint(matrix / scale).astype(np.int8), scale


def joined(layer: int) -> tuple[Array, Array]:
    """Return query, key and value of a layer side by side: matrix (384, 1152) and bias."""
    parts = ("query", "key", "value")
    return (
        np.concatenate([dense(f"{layer}.{part}") for part in parts], axis=1),
        np.concatenate([base_tensors()[f"{layer}.{part}.bias"] for part in parts]),
    )


def frozen_tensors(layers: int) -> dict[str, Array]:
    """Return the tensors of the embeddings and the first `layers` layers, by their name in the graph."""
    base = base_tensors()
    plain = ["words", "words.scale", "norm.gain", "norm.bias"]
    tensors = {name: base[name] for name in plain}
    # All pieces are of the first of BERT's two segments: its vector goes into the positions.
    tensors["positions"] = dense("positions") + base["segments"][0]
    for layer in range(layers):
        matrix, bias = joined(layer)
        matrices = {"joined": (matrix, bias)}
        for part in ("attention", "wide", "narrow"):
            matrices[part] = (dense(f"{layer}.{part}"), base[f"{layer}.{part}.bias"])
        for part, (matrix, bias) in matrices.items():
            tensors[f"{layer}.{part}"], tensors[f"{layer}.{part}.scale"] = quantized(matrix)
            tensors[f"{layer}.{part}.bias"] = bias
        for part in ("attention_norm", "norm"):
            for kind in ("gain", "bias"):
                tensors[f"{layer}.{part}.{kind}"] = base[f"{layer}.{part}.{kind}"]
    return {PREFIX + name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
