"""`python -m learning.train.manifest`: where in the base model's file each tensor stands.

Writes `transforms/events/learned/data/base.tsv`, from which the run-time reads the frozen layers
without an ONNX parser. Run it again only where another release of the package is taken.
"""

from __future__ import annotations

import hashlib
import sys

import numpy as np
import onnx
from onnx import numpy_helper

from transforms.events.learned.base import MANIFEST, base_file

LAYERS = 6
PER_LAYER = ("query", "key", "value", "attention", "wide", "narrow")
_BIASES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "attention": "attention.output.dense",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
}
_NORMS = {"attention_norm": "attention.output.LayerNorm", "norm": "output.LayerNorm"}


def names(initializers: list[str]) -> dict[str, str]:
    """Return our name of each tensor → the file's name of it.

    Matrices have no names of their own in the file; they stand in the order they are used in.
    """
    found = {
        "words": "inner.embeddings.word_embeddings.weight_q",
        "words.scale": "inner.embeddings.word_embeddings.weight_scale",
        "positions": "inner.embeddings.position_embeddings.weight_q",
        "positions.scale": "inner.embeddings.position_embeddings.weight_scale",
        "segments": "inner.embeddings.token_type_embeddings.weight",
        "norm.gain": "inner.embeddings.LayerNorm.weight",
        "norm.bias": "inner.embeddings.LayerNorm.bias",
    }
    matrices = [name for name in initializers if name.startswith("val_") and name.endswith("_q")]
    assert len(matrices) == LAYERS * len(PER_LAYER), "another export of the model"
    for number, matrix in enumerate(matrices):
        layer, part = divmod(number, len(PER_LAYER))
        ours = f"{layer}.{PER_LAYER[part]}"
        found[ours] = matrix
        found[f"{ours}.scale"] = matrix.removesuffix("_q") + "_scale"
    for layer in range(LAYERS):
        theirs = f"inner.encoder.layer.{layer}"
        for ours, name in _BIASES.items():
            found[f"{layer}.{ours}.bias"] = f"{theirs}.{name}.bias"
        for ours, name in _NORMS.items():
            found[f"{layer}.{ours}.gain"] = f"{theirs}.{name}.weight"
            found[f"{layer}.{ours}.bias"] = f"{theirs}.{name}.bias"
    return found


def main() -> None:
    """Write the manifest."""
    path = base_file()
    content = path.read_bytes()
    tensors = {
        tensor.name: numpy_helper.to_array(tensor)
        for tensor in onnx.load_from_string(content).graph.initializer
    }
    lines = [
        "# Where the tensors of the base model stand in its file; by learning.train.manifest",
        f"# sha256 {hashlib.sha256(content).hexdigest()}",
    ]
    for ours, theirs in names(list(tensors)).items():
        array = np.ascontiguousarray(tensors[theirs])
        offset = content.find(array.tobytes())
        assert offset >= 0, f"{theirs} does not stand in the file as it is"
        shape = "x".join(map(str, array.shape))
        lines.append(f"{ours}\t{array.dtype}\t{shape}\t{offset}")
    MANIFEST.write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(lines) - 2} tensors → {MANIFEST}\n")


if __name__ == "__main__":
    main()
