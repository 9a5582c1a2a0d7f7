"""What is asked, promised, refused, threatened, alleged: `object_text` of acts of speech."""

from __future__ import annotations

import datetime as dt

import pytest

from transforms.events.coder import Coder
from transforms.events.evaluate import articles_of
from transforms.events.gold import GoldSentence
from transforms.events.options import CoderOptions

CONTENTS = {
    "that": (
        "Brazil demanded that Iran open its sites to inspectors.",
        "Iran open its sites to inspectors",
    ),
    "to": ("France urged Chad to free the two pilots.", "to free the two pilots"),
    "for": ("Norway called for a ban on land mines.", "a ban on land mines"),
    "for-to": ("Norway called on Monday for Chad to free the pilots.", "Chad to free the pilots"),
    "of": ("Israel accused Syria of arming Hezbollah.", "arming Hezbollah"),
    "promise": ("Japan promised to build ten schools in Kenya.", "to build ten schools in Kenya"),
    "threat": ("North Korea threatened to test another missile.", "to test another missile"),
    "refusal": ("Turkey refused to sign the treaty.", "to sign the treaty"),
    "a thing": ("Egypt rejected the Israeli plan.", "the Israeli plan"),
    "a deed": ("Russia sent medicine to Cuba.", "medicine"),
}


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder(CoderOptions(learned=False))


@pytest.mark.parametrize(("text", "content"), CONTENTS.values(), ids=CONTENTS)
def test_content(coder: Coder, text: str, content: str) -> None:
    gold = GoldSentence(sentence_id="s", text=text, published=dt.date(2006, 5, 12), events=())
    rows = [row for row in coder.code(articles_of([gold]))[0] if row.plover_type]
    assert content in {row.object_text for row in rows}
