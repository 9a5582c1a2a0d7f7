"""A sentence as word pieces, the model's input: ids, and which characters each piece stands for."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VOCABULARY = Path(__file__).parent / "data" / "vocab.txt"
MAX_PIECES = 192  # [CLS] and [SEP] included; the encoder can read 512
_UNKNOWN = "[UNK]"
_FIRST, _LAST = 101, 102  # [CLS] and [SEP] in the vocabulary


@dataclass(frozen=True, slots=True)
class Pieces:
    """The word pieces of one sentence, between [CLS] and [SEP].

    Attributes:
        ids: Vocabulary numbers, the two special ones included.
        spans: Per piece the characters (start, end) of the sentence; (0, 0) for the special ones.
    """

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def within(self, start: int, end: int) -> list[int]:
        """Return the numbers of the pieces that share characters with [start, end)."""
        found = []
        for i, (first, last) in enumerate(self.spans):
            if first >= end:
                break
            if first < end and last > start:
                found.append(i)
        return found


@functools.cache
def _tokenizer() -> Tokenizer:
    # Only those who ask for the model load them.
    from tokenizers import Tokenizer  # noqa: PLC0415
    from tokenizers.models import WordPiece  # noqa: PLC0415
    from tokenizers.normalizers import BertNormalizer  # noqa: PLC0415
    from tokenizers.pre_tokenizers import BertPreTokenizer  # noqa: PLC0415

    tokenizer = Tokenizer(WordPiece.from_file(str(VOCABULARY), unk_token=_UNKNOWN))
    tokenizer.normalizer = BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = BertPreTokenizer()
    return tokenizer


def pieces_of(text: str) -> Pieces:
    """Return the word pieces of a sentence; what is over `MAX_PIECES` is left out."""
    coded = _tokenizer().encode(text)
    room = MAX_PIECES - 2
    return Pieces(
        ids=(_FIRST, *coded.ids[:room], _LAST),
        spans=((0, 0), *coded.offsets[:room], (0, 0)),
    )
