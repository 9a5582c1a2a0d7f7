"""`wirelake explain` says why a row is there, for a text and for an article of the lake."""

from pathlib import Path

SAMPLE = Path(__file__).parents[2] / "configs" / "sample.toml"
TEXT = "France condemned the coup in Niger on Friday. The weather was fine."


def test_a_text_is_explained_sentence_by_sentence(wirelake):
    told = wirelake("explain", TEXT, "--published", "2023-07-30").stdout
    assert "'France' is FRA" in told
    assert "→ ACCUSE 111" in told
    assert "2023-07-28" in told
    assert "sentence 1: The weather was fine.\n  not parsed: no " in told


def test_the_page_is_self_contained(wirelake, tmp_path):
    wirelake("explain", "-", "--html", "page.html", stdin=TEXT)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<svg" in page
    assert "src=" not in page
    assert "href=" not in page.replace('xlink:href="#', "")


def test_an_article_of_the_lake_is_found_by_id_and_by_url(wirelake, rows):
    wirelake("run", SAMPLE)
    [article] = rows("select article_id, url from articles where url is not null limit 1")
    by_id = wirelake("explain", article["article_id"]).stdout
    assert by_id
    assert wirelake("explain", article["url"]).stdout == by_id
    refused = wirelake("explain", "0" * 32, check=2)
    assert refused.stderr.strip() == f"wirelake: no article {'0' * 32} in the lake lake"
