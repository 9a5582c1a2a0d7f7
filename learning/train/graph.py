"""The ONNX graph of the model: frozen layers by reference, tuned layers and heads inside.

One sentence at a time (batch of 1), so that a sentence's votes never depend on its neighbours:
activations are quantized over the whole input of a matrix product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from transforms.events.learned.frozen import PREFIX, quantized

HEADS = 12
WIDTH = 384
EPSILON = 1e-12
OPSET = 20
CONTRIB = "com.microsoft"
Array = np.ndarray[Any, Any]


class Graph:
    """An ONNX graph in the making."""

    def __init__(self, frozen: Mapping[str, Array]) -> None:
        self._frozen = frozen
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def node(self, kind: str, inputs: Sequence[str], outputs: int = 1, **attributes: Any) -> Any:
        """Add a node; return the name of its output, or a list of names."""
        number = len(self._nodes)
        names = [f"n{number}.{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(kind, list(inputs), names, **attributes))
        return names[0] if outputs == 1 else names

    def constant(self, name: str, array: Array) -> str:
        """Add a tensor; one of the frozen layers is only referred to."""
        if name.startswith(PREFIX):
            tensor = TensorProto(
                name=name,
                data_type=helper.np_dtype_to_tensor_dtype(array.dtype),
                dims=array.shape,
                data_location=TensorProto.EXTERNAL,
            )
            tensor.external_data.add(key="location", value="base")
        else:
            tensor = numpy_helper.from_array(np.asarray(array, order="C"), name)
        self._constants[name] = tensor
        return name

    def frozen(self, name: str) -> str:
        """Refer to a tensor of the frozen layers."""
        return self.constant(PREFIX + name, self._frozen[PREFIX + name])

    def product(self, value: str, name: str, tensors: Mapping[str, Array], key: str) -> str:
        """Add value @ matrix + bias in 8 bits; `tensors` holds key, key.scale and key.bias."""
        numbers, scale, zero = self.node("DynamicQuantizeLinear", [value], 3)
        matrix = self.constant(f"{name}.{key}", tensors[f"{name}.{key}"])
        scales = self.constant(f"{name}.{key}.scale", tensors[f"{name}.{key}.scale"])
        bias = self.constant(f"{name}.{key}.bias", tensors[f"{name}.{key}.bias"])
        sums = self.node("MatMulInteger", [numbers, matrix, zero])
        sums = self.node("Cast", [sums], to=TensorProto.FLOAT)
        return str(
            self.node("Add", [self.node("Mul", [sums, self.node("Mul", [scale, scales])]), bias])
        )

    def norm(self, value: str, name: str, tensors: Mapping[str, Array]) -> str:
        """Add a layer normalization."""
        gain = self.constant(f"{name}.gain", tensors[f"{name}.gain"])
        bias = self.constant(f"{name}.bias", tensors[f"{name}.bias"])
        return str(self.node("LayerNormalization", [value, gain, bias], axis=-1, epsilon=EPSILON))

    def layer(self, value: str, name: str, tensors: Mapping[str, Array]) -> str:
        """Add one layer of the encoder."""
        joined = self.product(value, name, tensors, "joined")
        query, key, content = self.node("Split", [joined], 3, axis=-1, num_outputs=3)
        seen = self.node(
            "MultiHeadAttention", [query, key, content], domain=CONTRIB, num_heads=HEADS
        )
        seen = self.product(seen, name, tensors, "attention")
        value = self.norm(self.node("Add", [value, seen]), f"{name}.attention_norm", tensors)
        wide = self.node("Gelu", [self.product(value, name, tensors, "wide")], domain=CONTRIB)
        narrow = self.product(wide, name, tensors, "narrow")
        return self.norm(self.node("Add", [value, narrow]), f"{name}.norm", tensors)

    def embeddings(self) -> str:
        """Add what turns ids (1, pieces) into vectors (1, pieces, 384)."""
        words = self.node("Gather", [self.frozen("words"), "ids"])
        words = self.node("Cast", [words], to=TensorProto.FLOAT)
        scale = self.node("Gather", [self.frozen("words.scale"), "ids"])
        length = self.node("Shape", ["ids"], start=1, end=2)
        zero = self.constant("zero", np.zeros(1, np.int64))
        places = self.node("Slice", [self.frozen("positions"), zero, length, zero])
        vectors = self.node("Add", [self.node("Mul", [words, scale]), places])
        return self.norm(vectors, f"{PREFIX}norm", self._frozen)

    def linear(self, value: str, name: str, tensors: Mapping[str, Array]) -> str:
        """Add value @ matrix + bias in 32 bits, for the small heads."""
        matrix = self.constant(f"{name}.matrix", tensors[f"{name}.matrix"])
        bias = self.constant(f"{name}.bias", tensors[f"{name}.bias"])
        return str(self.node("Add", [self.node("MatMul", [value, matrix]), bias]))

    def model(self, outputs: Mapping[str, str], about: Mapping[str, str]) -> bytes:
        """Return the serialized model.

        Args:
            outputs: Name of an output → the value it is.
            about: What the file says about itself.
        """
        for name, value in outputs.items():
            self._nodes.append(helper.make_node("Identity", [value], [name]))
        graph = helper.make_graph(
            self._nodes,
            "wirelake",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "pieces"])],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs],
            list(self._constants.values()),
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(CONTRIB, 1)],
        )
        model.ir_version = 10
        helper.set_model_props(model, dict(about))
        return bytes(model.SerializeToString())


def lower_graph(frozen: Mapping[str, Array], layers: int) -> bytes:
    """Return the model that gives the frozen layers' vectors, (1, pieces, 384), as "vectors"."""
    graph = Graph(frozen)
    value = graph.embeddings()
    for layer in range(layers):
        value = graph.layer(value, f"{PREFIX}{layer}", frozen)
    return graph.model({"vectors": value}, {})


def quantized_layer(name: str, weights: Mapping[str, Array]) -> dict[str, Array]:
    """Return a tuned layer's tensors as the graph takes them."""
    tensors: dict[str, Array] = {}
    for key, array in weights.items():
        if array.ndim == 2:  # noqa: PLR2004 - a matrix
            tensors[f"{name}.{key}"], tensors[f"{name}.{key}.scale"] = quantized(array)
        else:
            tensors[f"{name}.{key}"] = array
    return tensors
