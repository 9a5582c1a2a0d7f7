"""What is no story is marked, and stories are not."""

# ruff: noqa: RUF001 - dashes as newsrooms print them

import pytest

from transforms.articles.forms import form_of


@pytest.mark.parametrize(
    ("title", "path", "form"),
    [
        ("Ceasefire talks – live", "x", "liveblog"),
        ("LIVE: Ceasefire talks", "x", "liveblog"),
        ("Ceasefire talks", "world/live/2024/nov/22/ceasefire", "liveblog"),
        ("Ceasefire talks", "world/ceasefire-live-updates", "liveblog"),
        ("Election night as it happened", "x", "liveblog"),
        ("In pictures: the floods", "x", "gallery"),
        ("The floods", "gallery/2024/floods", "gallery"),
        ("Watch: Minister storms out", "x", "video"),
        ("Minister storms out", "news/av/world-1", "video"),
        ("Premier League", "sport/scores/2024", "scores"),
    ],
)
def test_marked(title, path, form):
    assert form_of(title, f"https://a.example/{path}") == form


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Thousands live in tents after the flood", "world/flood"),
        ("Liverpool elects a mayor", "liverpool/mayor"),
        ("Where the ministers live", "olive/oil"),
        ("UN to watch the border", "world/watchdog-report"),
        ("Video shows soldiers firing on crowd", "world/video-shows-soldiers"),
        ("Results of the vote contested", "world/results-contested"),
        (None, ""),
    ],
)
def test_not_marked(title, path):
    assert form_of(title, f"https://a.example/{path}") is None


def test_the_declared_type_counts():
    assert form_of("Talks", None, ("LiveBlogPosting",)) == "liveblog"
    assert form_of("Talks", None, ("NewsArticle",)) is None
