"""Word pieces stand for the characters they say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from transforms.events.learned.pieces import MAX_PIECES, pieces_of


def test_pieces_of_a_word_share_its_characters() -> None:
    text = "Kyiv's envoys parleyed."
    pieces = pieces_of(text)
    at = text.index("parleyed")
    inside = pieces.within(at, at + len("parleyed"))
    assert "".join(text[slice(*pieces.spans[i])] for i in inside) == "parleyed"
    assert len(inside) > 1
    assert pieces.ids[0] != pieces.ids[-1]
    assert pieces.spans[0] == pieces.spans[-1] == (0, 0)


@given(st.text(max_size=300))
def test_any_text_has_pieces_in_order_within_it(text: str) -> None:
    pieces = pieces_of(text)
    assert 2 <= len(pieces.ids) == len(pieces.spans) <= MAX_PIECES
    inner = pieces.spans[1:-1]
    assert all(0 <= start < end <= len(text) for start, end in inner)
    assert list(inner) == sorted(inner)


def test_what_is_too_long_is_cut_not_refused() -> None:
    assert len(pieces_of("attack " * 5_000).ids) == MAX_PIECES
