"""Datelines, bylines, furniture: found where they are, and nowhere else."""

# ruff: noqa: RUF001, E501 - dashes as newsrooms print them; whole lines as cases

import pytest

from transforms.articles.lines import (
    byline_of,
    is_furniture,
    opening,
    read_feed_text,
    read_page_text,
)


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("SEOUL, South Korea (AP) — The army", "SEOUL, South Korea (AP)"),
        ("WASHINGTON (Reuters) - The army", "WASHINGTON (Reuters)"),
        ("NEW DELHI, Nov 22 (Reuters) - The army", "NEW DELHI, Nov 22 (Reuters)"),
        ("BEIJING, Nov. 22 (Xinhua) -- The army", "BEIJING, Nov. 22 (Xinhua)"),
        ("Tokyo, Nov. 22 (Jiji Press)--The army", "Tokyo, Nov. 22 (Jiji Press)"),
        ("ISLAMABAD: The army", "ISLAMABAD"),
        ("UNITED NATIONS — The army", "UNITED NATIONS"),
        ("GAZA CITY: The army", "GAZA CITY"),
        ("WASHINGTON/BEIJING, 3 June (Reuters) – The army", "WASHINGTON/BEIJING, 3 June (Reuters)"),
        ("SÃO PAULO (AP) — The army", "SÃO PAULO (AP)"),
        ("ST. PETERSBURG, Russia — The army", "ST. PETERSBURG, Russia"),
        ("PORT-AU-PRINCE, Haiti (AP) — The army", "PORT-AU-PRINCE, Haiti (AP)"),
        ("Seoul (AFP) – The army", "Seoul (AFP)"),
    ],
)
def test_datelines(text, dateline):
    found = opening(text)
    assert found is not None
    assert found.dateline == dateline
    assert text[found.end :].startswith("The army")


@pytest.mark.parametrize(
    "text",
    [
        "The army — all of it — left on Friday.",
        "Russia gave North Korea missiles - and troops followed.",
        "BREAKING: The army left.",
        "UPDATE — The army left.",
        "NATO — the alliance — met.",
        "EU: the Union met.",
        "WHO: health body warns",
        "He said (on Friday) - twice - that",
        "NASA's rover landed.",
        "Putin: we will respond",
        "TOPIC: The war",
        "DATE: The day",
        "PUTIN: The west must listen",
        "",
    ],
)
def test_no_datelines(text):
    assert opening(text) is None


@pytest.mark.parametrize(
    "line",
    [
        "By Jane Roe",
        "By JANE ROE and SAM POE, Associated Press",
        "By Jane Roe, Sam Poe and Kim van der Berg",
        "Von Anna Müller",
        "Par Jean-Paul Petit",
        "By Jane O'Neill for The Example Times",
    ],
)
def test_bylines(line):
    assert byline_of(line) == line


@pytest.mark.parametrize(
    "line",
    [
        "By Friday the army had left the city and crossed the river.",
        "By sending soldiers, North Korea is positioning itself.",
        "By the end of June",
        "Russia gave North Korea missiles",
        "By Jane Roe?",
    ],
)
def test_no_bylines(line):
    assert byline_of(line) is None


@pytest.mark.parametrize(
    "line",
    [
        "Read more: What we know of the deal",
        "Advertisement",
        "Story continues below this ad",
        "Sign up for our free newsletter and get the day's news in your inbox",
        "Share this article",
        "Photo: Reuters",
        "Follow us on Facebook",
        "4 min read",
        "Related stories",
    ],
)
def test_furniture(line):
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "Read more than once, the treaty still obliges both sides to help each other in war, said the minister, who had signed it in June after long talks in the capital with his colleague from the other side of the border.",
        "The army left the city on Friday.",
        "Sharing the Nobel prize, both thanked their teams.",
        "Advertisements for the army were banned.",
        "Watchdogs warned of fraud.",
    ],
)
def test_no_furniture(line):
    assert not is_furniture(line)


def test_a_feeds_own_text_stays_whole():
    text = "By Jane Roe\n\nSEOUL (AP) — The army left.\n\nRead more"
    story = read_feed_text(text)
    assert (story.text, story.dateline, story.byline) == (text, "SEOUL (AP)", "By Jane Roe")


def test_a_pages_text_loses_byline_and_furniture_and_keeps_the_dateline():
    story = read_page_text(
        "By Jane Roe\n\nAdvertisement\n\nSEOUL (AP) — The army left.\n\nIt was late."
    )
    assert story.text == "SEOUL (AP) — The army left.\n\nIt was late."
    assert (story.dateline, story.byline) == ("SEOUL (AP)", "By Jane Roe")
