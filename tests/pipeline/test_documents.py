"""`wirelake code` takes JSON lines or plain text, and says which line is wrong."""

import datetime as dt

import pytest

from pipeline.documents import read_documents
from transforms.failures import InputFault


def read(*lines):
    return list(read_documents([f"{line}\n" for line in lines], name="stdin"))


def test_json_lines_give_a_document_each():
    [first, second] = read(
        '{"id": "a", "text": "One.", "title": "T", "published": "2024-11-22"}',
        "",
        '{"id": 7, "text": "Two.", "published": "2024-11-22T10:00:00+09:00"}',
    )
    assert (first.article_id, first.title, first.text) == ("a", "T", "One.")
    assert first.published_at == dt.datetime(2024, 11, 22, tzinfo=dt.UTC)
    assert second.article_id == "7"
    assert second.published_at == dt.datetime(2024, 11, 22, 1, tzinfo=dt.UTC)


def test_plain_text_is_one_document_unchanged():
    [only] = read("First  line.", "", "Second\tline.")
    assert only.article_id == "stdin"
    assert only.text == "First  line.\n\nSecond\tline.\n"


def test_nothing_gives_nothing():
    assert read() == []
    assert read("", " ") == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"id": 1', "line 2: "),
        ('{"text": "x"}', '"id" is missing'),
        ('{"id": "x"}', '"text" is missing'),
        ('{"id": "x", "text": null}', '"text" is no string'),
        ('{"id": true, "text": "x"}', '"id" is neither'),
        ('{"id": "x", "text": "x", "title": 3}', '"title" is no string'),
        ('{"id": "x", "text": "x", "published": "soon"}', "'soon'"),
        ('["x"]', "not an object"),
        ('{"id": "x", "text": "x", "published": "0001-01-01T00:00:00+05:00"}', "the years 1 to"),
        ('{"id": ' + "9" * 5000 + ', "text": "x"}', "line 2: "),
        ('{"id": "x", "text": ' + "[" * 100_000 + "]" * 100_000 + "}", "line 2: "),
    ],
)
def test_a_bad_line_costs_itself_only(line, said):
    first, bad, last = read('{"id": "a", "text": "x"}', line, '{"id": "b", "text": "y"}')
    assert isinstance(bad, InputFault)
    assert said in str(bad)
    assert (first.article_id, last.article_id) == ("a", "b")


def test_a_byte_order_mark_is_no_text():
    [only] = read('\ufeff{"id": "a", "text": "One."}')
    assert (only.article_id, only.text) == ("a", "One.")


def test_a_lone_surrogate_is_replaced_where_it_stands():
    [only] = read('{"id": "a\\ud800", "title": "\\udc00T", "text": "1\\ud83d3 \\ud83d\\ude00."}')
    assert (only.article_id, only.title, only.text) == (
        "a\ufffd",
        "\ufffdT",
        "1\ufffd3 \U0001f600.",
    )


def test_a_json_array_is_named_and_not_read_as_prose():
    [only] = read("[", '{"id": "a", "text": "One."}', "]")
    assert isinstance(only, InputFault)
    assert "one object on each line" in str(only)
    [prose] = read("[Reuters] One.")
    assert prose.text == "[Reuters] One.\n"
