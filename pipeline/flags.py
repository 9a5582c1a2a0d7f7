"""Arguments and flags that several commands take, each with its one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transforms.failures import UsageError

Config = Annotated[Path, typer.Argument(help="The configuration, a TOML file.", show_default=False)]
BeamFlags = Annotated[
    list[str] | None, typer.Argument(help="Options for Beam, behind `--`.", show_default=False)
]
Lake = Annotated[str, typer.Option(help="Folder or URL of the lake.")]
OtherLake = Annotated[
    str | None, typer.Option(help="Folder or URL of the lake, instead of the configured one.")
]
CoderConfig = Annotated[
    Path | None, typer.Option("--config", help="Take the [coder] section of this configuration.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead.")]
Verbose = Annotated[bool, typer.Option(help="Show Beam's own log.")]
LogJson = Annotated[
    bool, typer.Option("--log-json", help="Log JSON lines with the run's id on standard error.")
]
Metrics = Annotated[
    Path | None,
    typer.Option(help="Write the figures to this Prometheus textfile.", show_default=False),
]


def require_named(lake: str | None) -> None:
    """Raise UsageError where `--lake` was given as nothing."""
    if lake is not None and not lake.strip():
        raise UsageError("--lake '': name a folder or an object-store URL")
