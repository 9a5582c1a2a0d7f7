"""Progress for people watching a run: counts sent as datagrams to a local socket.

Datagrams cross processes, cost microseconds, and are lost without harm when nobody listens; so the
same pipeline shows progress in memory and over worker processes, and none on a cluster.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics


@dataclass
class Count(beam.PTransform):
    """PCollection[T] → PCollection[T], unchanged; counts what passes.

    Attributes:
        name: What is counted ("articles"), also the Beam counter's name.
        address: Path of the datagram socket that listens; None: nobody does.
    """

    name: str
    address: str | None

    def expand(self, items: Any) -> Any:
        """Count each element as it passes."""
        return items | "Count" >> beam.ParDo(_CountFn(self.name, self.address))


class _CountFn(beam.DoFn):
    def __init__(self, name: str, address: str | None) -> None:
        self._name = name
        self._address = address
        self._counter = Metrics.counter("progress", name)
        self._socket: socket.socket | None = None

    def setup(self) -> None:
        if self._address is not None:
            self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self._socket.setblocking(False)

    def process(self, item: Any) -> Iterator[Any]:
        self._counter.inc()
        if self._socket is not None and self._address is not None:
            # Nobody listens, or the listener is busy: a display never costs a run.
            with contextlib.suppress(OSError):
                self._socket.sendto(self._name.encode(), self._address)
        yield item

    def teardown(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None
