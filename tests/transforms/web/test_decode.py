"""Content codings: whole, cut, stacked, hostile."""

import gzip
import itertools
import zlib

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from transforms.failures import InputFault
from transforms.web.decode import PIECE, decoder


def raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


CODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "identity": bytes,
    "": bytes,
}


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in itertools.pairwise(places)]


def undo(coding, chunks):
    one = decoder(coding)
    return b"".join(piece for chunk in chunks for piece in one.feed(chunk)), one.finish()


@given(
    coding=st.sampled_from(sorted(CODINGS)),
    data=st.binary(max_size=2000).map(lambda seed: b"<item>" + seed * 7),
    cuts=st.lists(st.integers(0, 10_000), max_size=8),
)
def test_what_was_coded_comes_back_however_it_is_cut(coding, data, cuts):
    assert undo(coding, pieces(CODINGS[coding](data), cuts)) == (data, True)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
def test_a_stream_that_breaks_off_gives_its_beginning_and_says_so(coding):
    data = bytes(range(256)) * 4000
    coded = CODINGS[coding](data)
    got, whole = undo(coding, [coded[: len(coded) // 2]])
    assert data.startswith(got)
    assert not whole


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_a_long_text_of_one_letter_comes_back_whole(coding):
    data = b"a" * (PIECE * 5 + 1)
    assert undo(coding, [CODINGS[coding](data)]) == (data, True)


def test_members_and_frames_in_a_row_are_one_text():
    assert undo("gzip", [gzip.compress(b"one ") + gzip.compress(b"two")]) == (b"one two", True)
    assert undo("zstd", [zstandard.compress(b"one ") + zstandard.compress(b"two")])[0] == b"one two"


def test_padding_behind_a_gzip_member_is_left_alone():
    assert undo("gzip", [gzip.compress(b"feed") + b"\0" * 20]) == (b"feed", True)


def test_plain_text_that_is_called_gzip_is_taken_as_it_is():
    assert undo("gzip", [b"<", b"rss/>"]) == (b"<rss/>", True)


def test_codings_are_undone_in_reverse():
    assert undo("gzip, br", [brotli.compress(gzip.compress(b"feed"))]) == (b"feed", True)


@pytest.mark.parametrize("coding", ["rot13", "compress", "gzip, gzip, gzip", "br, rot13"])
def test_a_coding_nobody_asked_for_is_refused(coding):
    with pytest.raises(InputFault, match="bad-encoding"):
        decoder(coding)


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip"])
def test_garbage_is_refused(coding):
    with pytest.raises(InputFault, match="bad-encoding"):
        undo(coding, [b"\x1f\x8b\xff" + b"garbage, garbage, garbage" * 10])


@pytest.mark.parametrize(
    ("coding", "limit"), [("gzip", PIECE), ("br", 2 * PIECE), ("zstd", 1 << 24)]
)
def test_a_bomb_goes_off_in_small_pieces(coding, limit):
    bomb = CODINGS[coding](bytes(50_000_000))
    assert all(len(piece) <= limit for piece in decoder(coding).feed(bomb))
