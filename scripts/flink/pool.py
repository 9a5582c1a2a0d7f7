"""`python pool.py PORT`: Beam's Python workers for all task managers of one machine; 0: a free port.

Beam's own `worker_pool_main` is for one task manager. Each of them counts its workers from 1, so the
first that is done with its worker 1-1 stops that of another, too. Here a worker ends when the task
manager that asked for it closes its connection. And it listens on loopback only: whoever reaches a
pool can run code. Workers are processes, started with the `python` that is first on the path.
"""

from __future__ import annotations

import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from apache_beam.portability.api import beam_fn_api_pb2, beam_fn_api_pb2_grpc
from apache_beam.runners.worker.worker_pool_main import BeamFnExternalWorkerPoolServicer


class Workers(BeamFnExternalWorkerPoolServicer):
    """Beam's pool, which starts workers, and leaves it to them to end."""

    def StopWorker(self, request: Any, context: Any) -> Any:  # noqa: ARG002, N802 - Beam's names
        """Return at once: the request does not say whose worker it means."""
        return beam_fn_api_pb2.StopWorkerResponse()


def main() -> None:
    """Serve until SIGTERM; the workers end with the process group."""
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    workers = Workers(use_process=True, data_buffer_time_limit_ms=-1)
    beam_fn_api_pb2_grpc.add_BeamFnExternalWorkerPoolServicer_to_server(workers, server)
    port = server.add_insecure_port(f"127.0.0.1:{sys.argv[1]}")
    server.start()
    print(f"worker pool on port {port}", flush=True)
    done = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: done.set())
    done.wait()
    server.stop(0)


if __name__ == "__main__":
    main()
