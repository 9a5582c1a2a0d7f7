"""What a request brought, before it is whole in memory."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import IO

from transforms.failures import InputFault
from transforms.records import Capture, Request


@dataclass(slots=True)
class Fetched:
    """What a request brought; the body still on the side, so that many may wait cheaply.

    Attributes:
        facts: The capture without its body.
        body: Where the body is; None: there is none.
        size: Bytes of the body.
    """

    facts: Capture
    body: IO[bytes] | None = None
    size: int = 0

    def capture(self) -> Capture:
        """Return the whole capture, and let go of what held the body. To be called once."""
        if self.body is None:
            return self.facts
        with self.body as file:
            file.seek(0)
            return dataclasses.replace(self.facts, body=file.read())


def refusal(request: Request, fault: InputFault | None, at: dt.datetime) -> Capture:
    """Return the capture of a request to which nothing has come."""
    return Capture(
        kind=request.kind,
        feed_id=request.feed_id,
        url=request.url,
        fetched_at=at,
        latency_s=0.0,
        raw_record=request.record_id,
        final_url=request.url,
        error=fault.error if fault else None,
        detail=fault.detail if fault else None,
    )
