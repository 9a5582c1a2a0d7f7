"""A reader beside a writer: a thread that asks in a loop and keeps every answer."""

import threading
from collections.abc import Callable, Hashable
from typing import Self


class Reader(threading.Thread):
    """Asks until its block ends; an error in asking is raised there, so that no test passes unread.

    Args:
        ask: Returns an answer; None where there is nothing to ask yet.
        pause_s: Between two questions.

    Attributes:
        answers: Every different answer.
        queries: How many there were.
    """

    def __init__(self, ask: Callable[[], Hashable | None], pause_s: float = 0.01) -> None:
        super().__init__(daemon=True)
        self.answers: set[Hashable] = set()
        self.queries = 0
        self._ask = ask
        self._pause_s = pause_s
        self._ending = threading.Event()
        self._error: Exception | None = None

    def run(self) -> None:
        while not self._ending.wait(self._pause_s):
            try:
                answer = self._ask()
            except Exception as error:  # noqa: BLE001 - raised again where the block ends
                self._error = error
                return
            if answer is not None:
                self.answers.add(answer)
                self.queries += 1

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self.join()
        if self._error is not None:
            raise self._error
