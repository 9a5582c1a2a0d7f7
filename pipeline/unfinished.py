"""What to tell of runs that were begun and not committed."""

from __future__ import annotations

from rich.text import Text


def unfinished_lines(run_ids: list[str], held_by: str | None) -> list[Text]:
    """Return a line for each run: under way, or how to go on with it.

    Args:
        run_ids: The oldest first. Whoever holds the lake is at work on the newest.
        held_by: Who holds the lake; None: nobody.
    """
    dead = run_ids[:-1] if held_by else run_ids
    lines = [
        Text(f"Run {name} was never finished; go on with: wirelake run … --run-id {name}", "yellow")
        for name in dead
    ]
    if held_by and run_ids:
        lines.append(Text(f"Run {run_ids[-1]} is under way"))
    return lines
