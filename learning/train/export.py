"""From trained parameters to the committed file: tuned layers in 8 bits, heads, the graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from learning.train.graph import Graph, quantized_layer
from learning.train.network import PIECE_HEADS, ROLE_WIDTH, Parameters
from transforms.events.learned.frozen import PREFIX, frozen_tensors
from transforms.events.learned.labels import ROLES

Array = np.ndarray[Any, Any]


def exported(parameters: Parameters, frozen_layers: int, about: Mapping[str, str]) -> bytes:
    """Return the serialized model.

    Args:
        parameters: What was trained.
        frozen_layers: How many layers of the base model it stands on.
        about: What the file says about itself.
    """
    frozen = frozen_tensors(frozen_layers)
    weights = {
        name: {key: np.asarray(value) for key, value in part.items()}
        for name, part in parameters.items()
    }
    graph = Graph(frozen)
    value = graph.embeddings()
    for layer in range(frozen_layers):
        value = graph.layer(value, f"{PREFIX}{layer}", frozen)
    for name in sorted(name for name in weights if name.startswith("layer")):
        value = graph.layer(value, name, quantized_layer(name, weights[name]))
    outputs = {}
    for name in PIECE_HEADS:
        tensors = {f"{name}.{key}": array for key, array in weights[name].items()}
        outputs[name] = graph.linear(value, name, tensors)
    outputs["roles"] = _roles(graph, outputs.pop("acts"), outputs.pop("actors"), weights["roles"])
    tensors = {f"sentence.{key}": array for key, array in weights["sentence"].items()}
    first = graph.node("Gather", [value, graph.constant("first", np.int64(0))], axis=1)
    mean = graph.node("ReduceMean", [value, graph.constant("pieces", np.array([1]))], keepdims=0)
    whole = graph.node("Concat", [first, mean], axis=-1)
    outputs["sentence"] = graph.linear(whole, "sentence", tensors)
    return graph.model(outputs, about)


def _roles(graph: Graph, acts: str, actors: str, weights: Mapping[str, Array]) -> str:
    """Add the scores (1, roles, trigger pieces, actor pieces)."""
    shape = graph.constant("roles.shape", np.array([0, 0, len(ROLES), ROLE_WIDTH], np.int64))
    sides = [graph.node("Reshape", [side, shape]) for side in (acts, actors)]
    rows = graph.node("Transpose", [sides[0]], perm=[0, 2, 1, 3])
    columns = graph.node("Transpose", [sides[1]], perm=[0, 2, 3, 1])
    scale = graph.constant("roles.scale", np.float32(ROLE_WIDTH**-0.5))
    scores = graph.node("Mul", [graph.node("MatMul", [rows, columns]), scale])
    bias = graph.constant("roles.bias", weights["bias"].reshape(1, len(ROLES), 1, 1))
    return str(graph.node("Add", [scores, bias]))
