"""The version of a coder's rows: a hash of everything that decides what is coded."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
RELEASE = "1"
_SUFFIXES = frozenset({".py", ".tsv", ".txt", ".toml", ".onnx"})


@functools.cache
def package_digest(folder: Path = HERE) -> str:
    """Return a hash of the code and data of the coder: names and contents of its files."""
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(folder.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def coder_version(model: str, extra: Sequence[Path] = ()) -> str:
    """Return the version that `events.coder_version` holds: release, code and data, model, own files.

    Args:
        model: Name and version of the spaCy pipeline.
        extra: A user's own actors and lexicon entries.
    """
    own = hashlib.blake2b(model.encode(), digest_size=3)
    for path in extra:
        own.update(path.read_bytes())
    return f"{RELEASE}+{package_digest()}.{own.hexdigest()}"
