"""The model loaded into ONNX Runtime: one thread, one sentence at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from transforms.events.learned.base import Array


class Session:
    """A loaded model.

    Args:
        model: The serialized graph.
        frozen: The tensors that it only refers to.
    """

    def __init__(self, model: bytes, frozen: Mapping[str, Array]) -> None:
        import onnxruntime  # noqa: PLC0415 - only those who ask for the model load it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 3
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(each) for each in frozen.values()]
        options.add_external_initializers(list(frozen), values)
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._outputs = [output.name for output in self._session.get_outputs()]

    def run(self, ids: Sequence[int]) -> dict[str, Array]:
        """Return the outputs for one sentence's pieces, by name, without the batch's axis."""
        values = self._session.run(self._outputs, {"ids": np.array([ids], dtype=np.int64)})
        return {name: value[0] for name, value in zip(self._outputs, values, strict=True)}

    @property
    def about(self) -> dict[str, str]:
        """What the file says about itself."""
        return dict(self._session.get_modelmeta().custom_metadata_map)
