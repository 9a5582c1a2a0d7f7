"""Which copies are kept: the rules, one story at a time."""

import random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.duplicates.decide import decide
from transforms.duplicates.fingerprint import copy_id, fingerprints


def outcome(copies, tables=()):
    """Return {copy: (reason, the copy that was kept for it or its article_id, revision of)}."""
    prints = fingerprints(copies)
    return {item.copy_id: item for item in decide(prints, tables)}


def reasons(copies, tables=()):
    found = outcome(copies, tables)
    return [found[copy_id(copy)].reason for copy in copies]


@pytest.fixture
def text(story):
    return " ".join(story(random.Random(1)))


@pytest.fixture
def sentences(story):
    return story(random.Random(1))


@pytest.fixture
def foreign(story):
    return story(random.Random(2), 40)


class TestOneAddress:
    def test_the_same_text_under_a_tracking_address_is_a_url_duplicate(self, copy_of, text):
        first = copy_of(text, url="https://a.example/x", hours=0)
        second = copy_of(text, url="http://www.a.example/x/?utm_source=rss", feed="b", hours=1)
        assert reasons([second, first]) == ["url", None]
        assert outcome([second, first])[copy_id(second)].article_id == first.article.article_id

    def test_the_same_guid_in_one_feed_is_a_guid_duplicate(self, copy_of, text):
        copies = [copy_of(text, guid="7", hours=0), copy_of(text + " End.", guid="7", hours=1)]
        assert reasons(copies) == [None, "guid"]

    def test_a_guid_means_nothing_in_another_feed(self, copy_of, text, foreign):
        copies = [copy_of(text, guid="7"), copy_of(" ".join(foreign), guid="7", feed="b")]
        assert reasons(copies) == [None, None]

    def test_one_guid_for_all_entries_means_nothing(self, copy_of, story):
        copies = [
            copy_of(" ".join(story(random.Random(n))), guid="1", url=f"https://a.example/{n}")
            for n in range(5)
        ]
        assert reasons(copies) == [None] * 5
        assert all(item.revision_of is None for item in outcome(copies).values())

    def test_a_guid_under_a_changed_slug_with_one_word_changed_is_a_guid_duplicate(
        self, copy_of, story, signatures
    ):
        text = " ".join(story(random.Random(1), 4))
        words = text.split()
        words[20] = "otherwise"
        first = copy_of(text, guid="7", url="https://a.example/slug", hours=0)
        second = copy_of(" ".join(words), guid="7", url="https://a.example/new-slug", hours=1)
        assert reasons([first, second]) == [None, "guid"]
        assert reasons([second], [signatures([first])]) == ["guid"]

    def test_a_mended_typo_is_no_revision(self, copy_of, text):
        first = copy_of(text, url="https://a.example/x", hours=0)
        second = copy_of(text.replace(".", "", 1) + " Ok.", url="https://a.example/x", hours=2)
        assert reasons([first, second]) == [None, "url"]

    def test_an_update_is_a_revision_of_the_earlier_text(self, copy_of, text, foreign):
        url = "https://a.example/x"
        first = copy_of(text, url=url, updated_hours=0)
        second = copy_of(text + " " + " ".join(foreign[:6]), url=url, updated_hours=2)
        third = copy_of(" ".join(foreign[10:30]), url=url, updated_hours=4)
        found = outcome([third, second, first])
        assert [found[copy_id(one)].reason for one in (first, second, third)] == [None] * 3
        assert found[copy_id(first)].revision_of is None
        assert found[copy_id(second)].revision_of == first.article.article_id
        assert found[copy_id(third)].revision_of == second.article.article_id

    def test_a_summary_gives_way_to_the_full_text_of_its_address(self, copy_of, text):
        url = "https://a.example/x"
        summary = copy_of(text[:150], url=url, source="summary", hours=-5)
        full = copy_of(text, url=url, feed="b")
        assert reasons([summary, full]) == ["url", None]


class TestOneText:
    def test_the_same_words_elsewhere_are_an_exact_duplicate_of_the_earliest(self, copy_of, text):
        late = copy_of(text.upper(), feed="b", hours=3, title="Another headline")
        early = copy_of(text, feed="c", hours=1)
        undated = copy_of(text, feed="d", hours=None)
        found = outcome([late, early, undated])
        assert reasons([late, early, undated]) == ["exact", None, "exact"]
        assert {item.article_id for item in found.values()} == {early.article.article_id}
        assert all(item.similarity == 1 for item in found.values())

    @pytest.mark.parametrize("kept", [0.35, 0.5, 0.7, 0.9])
    def test_a_shortened_copy_is_near(self, copy_of, sentences, kept):
        short = " ".join(sentences[: round(kept * len(sentences))])
        copies = [copy_of(" ".join(sentences), hours=0), copy_of(short, feed="b", hours=1)]
        assert reasons(copies) == [None, "near"]

    def test_an_added_local_paragraph_is_near(self, copy_of, sentences, foreign):
        copies = [
            copy_of(" ".join(sentences), hours=0),
            copy_of(" ".join(foreign[:4] + sentences), feed="b", hours=1),
        ]
        assert reasons(copies) == [None, "near"]

    def test_the_longer_is_kept_where_the_earlier_has_less_than_half(self, copy_of, sentences):
        brief = copy_of(" ".join(sentences[:5]), hours=0)
        full = copy_of(" ".join(sentences), feed="b", hours=2)
        assert reasons([brief, full]) == ["near", None]

    def test_a_copy_of_a_copy_belongs_to_the_same_story(self, copy_of, sentences, foreign):
        first = copy_of(" ".join(sentences[:12]), hours=0)
        second = copy_of(" ".join(sentences[5:]), feed="b", hours=1)
        third = copy_of(" ".join(sentences[8:] + foreign[:5]), feed="c", hours=2)
        assert reasons([first, second, third]) == [None, "near", "near"]

    def test_independent_reports_with_the_same_quotes_are_two(self, copy_of, story):
        quote = story(random.Random(9), 2)
        one, other = story(random.Random(3), 12), story(random.Random(4), 12)
        copies = [
            copy_of(" ".join(one[:3] + quote + one[3:])),
            copy_of(" ".join(other[:6] + quote + other[6:]), feed="b"),
        ]
        assert reasons(copies) == [None, None]

    def test_a_round_up_does_not_merge_its_stories(self, copy_of, story):
        stories = [story(random.Random(number), 12) for number in range(3)]
        copies = [copy_of(" ".join(one), feed=f"f{n}", hours=n) for n, one in enumerate(stories)]
        everything = copy_of(" ".join(" ".join(one) for one in stories), feed="x", hours=9)
        assert reasons([*copies, everything])[:3] == [None] * 3

    def test_a_long_footer_does_not_merge_short_stories(self, copy_of, story):
        footer = " ".join(story(random.Random(99), 8))
        copies = [
            copy_of(" ".join(story(random.Random(n), 5)) + " " + footer, feed=f"f{n}", hours=n)
            for n in range(8)
        ]
        assert reasons(copies) == [None] * 8

    def test_eight_edited_copies_of_one_story_stay_one(self, copy_of, sentences, foreign):
        copies = [copy_of(" ".join(sentences), hours=0)]
        for n in range(8):
            part = sentences[: 8 + n] + foreign[3 * n : 3 * n + 3]
            copies.append(copy_of(" ".join(part), feed=f"f{n}", hours=n + 1))
        assert reasons(copies) == [None] + ["near"] * 8


class TestShortTexts:
    def test_the_same_summary_under_another_title_is_another_article(self, copy_of):
        teaser = "Our reporters look back at the events of the week in pictures."
        copies = [
            copy_of(teaser, title="Floods in the south", source="summary"),
            copy_of(teaser, title="Election night", source="summary", feed="b"),
        ]
        assert reasons(copies) == [None, None]

    def test_the_same_title_and_summary_elsewhere_are_exact(self, copy_of):
        teaser = "The two ministers signed the treaty on Friday."
        copies = [
            copy_of(teaser, title="Treaty signed", source="summary"),
            copy_of(teaser, title="Treaty signed", source="summary", feed="b", hours=1),
        ]
        assert reasons(copies) == [None, "exact"]

    def test_titles_alone_that_say_little_are_not_compared(self, copy_of):
        copies = [
            copy_of("", title="Live updates", source="summary", url=f"https://a.example/{n}")
            for n in range(3)
        ]
        assert reasons(copies) == [None] * 3

    def test_summaries_that_share_most_words_are_not_near(self, copy_of):
        base = " ".join(f"word{number}" for number in range(60))
        copies = [
            copy_of(base, source="summary"),
            copy_of(base + " more", source="summary", feed="b"),
        ]
        assert reasons(copies) == [None, None]


class TestEarlierRuns:
    def test_the_second_of_two_identical_runs_adds_nothing(self, copy_of, story, signatures):
        copies = [
            copy_of(" ".join(story(random.Random(n))), guid=str(n), feed="f") for n in range(5)
        ] + [copy_of("Short one here.", guid="s", source="summary"), copy_of("", guid="t")]
        before = signatures(copies)
        assert reasons(copies, [before]) == ["guid"] * 7

    @pytest.mark.parametrize("reason", ["url", "exact", "near"])
    def test_each_way_to_know_a_copy_works_across_runs(
        self, copy_of, sentences, foreign, reason, signatures
    ):
        first = copy_of(" ".join(sentences), url="https://a.example/x")
        later = {
            "url": copy_of(" ".join(sentences), url="http://m.a.example/x?gclid=1", feed="b"),
            "exact": copy_of(" ".join(sentences).upper(), feed="b"),
            "near": copy_of(" ".join(foreign[:3] + sentences[:12]), feed="b"),
        }[reason]
        found = outcome([later], [signatures([first])])[copy_id(later)]
        assert (found.reason, found.article_id) == (reason, first.article.article_id)

    def test_an_update_is_a_revision_across_runs(self, copy_of, sentences, foreign, signatures):
        first = copy_of(" ".join(sentences), url="https://a.example/x")
        update = copy_of(" ".join(sentences + foreign[:6]), url="https://a.example/x")
        found = outcome([update], [signatures([first])])[copy_id(update)]
        assert found.reason is None
        assert found.revision_of == first.article.article_id
        again = signatures([update], [signatures([first])])
        assert reasons([first, update], [signatures([first]), again]) == ["url", "url"]

    def test_a_copy_of_a_dropped_copy_follows_it_to_the_kept_one(
        self, copy_of, sentences, foreign, signatures
    ):
        first = copy_of(" ".join(sentences), hours=0)
        second = copy_of(" ".join(sentences[:11] + foreign[:4]), feed="b", hours=1)
        third = copy_of(" ".join(sentences[:11] + foreign[:4]) + " End.", feed="c", hours=2)
        before = signatures([first, second])
        found = outcome([third], [before])[copy_id(third)]
        assert (found.reason, found.article_id) == ("near", first.article.article_id)

    def test_in_a_run_a_copy_of_a_known_copy_follows_it(
        self, copy_of, sentences, foreign, signatures
    ):
        first = copy_of(" ".join(sentences))
        known = copy_of(" ".join(sentences[:12] + foreign[:3]), feed="b")
        other = copy_of(" ".join(sentences[2:9] + foreign[:3]), feed="c")
        found = outcome([other, known], [signatures([first])])
        assert {item.article_id for item in found.values()} == {first.article.article_id}

    def test_a_text_twice_as_long_as_the_known_one_is_kept(self, copy_of, sentences, signatures):
        brief = copy_of(" ".join(sentences[:5]))
        full = copy_of(" ".join(sentences), feed="b")
        assert reasons([full], [signatures([brief])]) == [None]

    def test_a_footer_that_earlier_runs_saw_does_not_merge_a_short_story(
        self, copy_of, story, signatures
    ):
        footer = " ".join(story(random.Random(99), 8))
        stories = [" ".join(story(random.Random(n), 5)) for n in range(9)]
        copies = [copy_of(f"{one} {footer}", feed=f"f{n}") for n, one in enumerate(stories)]
        before = [signatures(copies[:6])]
        assert reasons(copies[6:], before) == [None] * 3
        again = copy_of(f"Again: {stories[2]} {footer}", feed="x")
        found = outcome([again], before)[copy_id(again)]
        assert (found.reason, found.article_id) == ("near", copies[2].article.article_id)

    def test_versions_of_one_address_are_no_boilerplate(self, copy_of, story, signatures):
        """A copy of a story that was rewritten five times is a copy."""
        core = " ".join(story(random.Random(99), 12))
        versions = [f"{core} {' '.join(story(random.Random(n), 6))}" for n in range(6)]
        known = []
        for hours, one in enumerate(versions):
            copy = copy_of(one, url="https://a.example/1", hours=hours)
            known.append(signatures([copy], known))
        assert sum(sum(table["kept"].to_pylist()) for table in known) == 6
        assert reasons([copy_of(f"{core} The end.", feed="x")], known) == ["near"]

    def test_the_parts_of_the_history_may_come_in_any_order(
        self, copy_of, sentences, foreign, signatures
    ):
        first = copy_of(" ".join(sentences), url="https://a.example/1")
        second = copy_of(" ".join(foreign), url="https://a.example/2")
        parts = [signatures([first]), signatures([second])]
        later = [
            copy_of(" ".join(sentences[:10]), feed="b"),
            copy_of(" ".join(foreign[4:]), feed="b"),
            copy_of(" ".join(foreign), url="https://a.example/1"),
        ]
        assert outcome(later, parts) == outcome(later, parts[::-1])
        assert outcome(later, parts) == outcome(later, [pa.concat_tables(parts).slice(0)])

    def test_a_sliced_table_is_read_at_its_offset(self, copy_of, sentences, foreign, signatures):
        both = signatures([copy_of(" ".join(foreign)), copy_of(" ".join(sentences))])
        copy = copy_of(" ".join(sentences[:10]), feed="b")
        assert reasons([copy], [both.slice(1)]) == ["near"]
        assert reasons([copy], [both.slice(0, 1)]) == [None]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_the_result_does_not_depend_on_order(data, copy_of, story, edited, signatures):
    rng = random.Random(data.draw(st.integers(0, 10**6)))
    stories = [story(rng, rng.randint(3, 9)) for _ in range(3)]
    copies = []
    for number in range(data.draw(st.integers(1, 10))):
        sentences = rng.choice(stories)
        text = edited(rng, sentences, story(rng, 3), rng.choice([0.3, 0.6, 1])).text
        copies.append(
            copy_of(
                rng.choice([text, " ".join(sentences), text[:80]]),
                url=rng.choice([None, "https://a.example/1", "https://a.example/2"]),
                guid=rng.choice([None, "1", "2"]),
                feed=rng.choice(["a", "b"]),
                hours=rng.choice([None, 0, 1]),
                source=rng.choice(["feed", "feed", "summary"]),
                position=number,
            )
        )
    expected = outcome(copies)
    shuffled = data.draw(st.permutations(copies))
    assert outcome(shuffled) == expected
    known = signatures(copies[:4])
    assert outcome(shuffled, [known]) == outcome(copies, [known])
    kept = {one.article_id for one in expected.values() if one.reason is None}
    assert all(one.article_id in kept for one in expected.values())
    assert len(kept) == sum(one.reason is None for one in expected.values())
    # A second run over the same copies adds nothing.
    assert None not in reasons(copies, [signatures(copies)])
