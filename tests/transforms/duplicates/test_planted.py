"""How well copies are found: planted pairs, and a recall curve over edited copies."""

import random
from collections import Counter

import pytest

from transforms.duplicates.decide import decide
from transforms.duplicates.fingerprint import copy_id, fingerprints


@pytest.mark.parametrize("size", [1000, 2500])
def test_all_planted_pairs_and_no_other(neardup, copy_of, size):
    texts, truth = neardup(size)
    copies = [copy_of(text, url=f"https://a.example/{name}") for name, text in texts]
    name_of = {copy_id(copy): name for copy, (name, _) in zip(copies, texts, strict=True)}
    kept = {copy.article.article_id: name for copy, (name, _) in zip(copies, texts, strict=True)}
    decisions = decide(fingerprints(copies))
    found = {
        frozenset((name_of[item.copy_id], kept[item.article_id]))
        for item in decisions
        if item.reason is not None
    }
    assert found == truth


def recall_curve(copy_of, edited, stories, pool, *, seed, signatures=None):
    """Print recall by tenths of the share of the shorter text.

    Args:
        signatures: With it, the originals are of an earlier run.

    Returns:
        (recall from .6 of the shorter, how many were found, how many were merged wrongly).
    """
    rng = random.Random(seed)
    half = len(stories) // 2
    owner, shares, copies = {}, {}, []
    for number, sentences in enumerate(stories):
        original = copy_of(" ".join(sentences), feed="a", hours=rng.random() * 10)
        copies.append(original)
        owner[copy_id(original)] = number
        if number < half:
            made = edited(rng, sentences, rng.sample(pool, 20), rng.choice([0.3, 0.5, 0.7, 0.9, 1]))
            copy = copy_of(made.text, feed="b", hours=rng.random() * 10)
            copies.append(copy)
            owner[copy_id(copy)], shares[number] = number, made.share
    of_article = {copy.article.article_id: owner[copy_id(copy)] for copy in copies}
    hits, wrong = set(), 0
    tables = ()
    if signatures is not None:
        tables = [signatures([copy for copy in copies if copy.article.feed_id == "a"])]
        copies = [copy for copy in copies if copy.article.feed_id == "b"]
    for item in decide(fingerprints(copies), tables):
        if item.reason is not None:
            if of_article[item.article_id] == owner[item.copy_id]:
                hits.add(owner[item.copy_id])
            else:
                wrong += 1
    every = Counter(min(9, int(share * 10)) for share in shares.values())
    found = Counter(min(9, int(shares[number] * 10)) for number in hits)
    print(
        "\nshare of the shorter: recall",
        {n / 10: (found[n] / every[n], every[n]) for n in sorted(every)},
    )
    print("found", len(hits), "wrong", wrong)
    most = [n for n in every if n >= 6]
    return sum(found[n] for n in most) / sum(every[n] for n in most), len(hits), wrong


def test_edited_copies_of_made_up_stories(copy_of, story, edited):
    """At least .97 of those that share 60% of the shorter text, at precision .999."""
    rng = random.Random(5)
    stories = [story(rng, rng.randint(5, 30)) for _ in range(1600)]
    pool = [sentence for _ in range(200) for sentence in story(rng, 10)]
    recall, found, wrong = recall_curve(copy_of, edited, stories, pool, seed=5)
    assert recall >= 0.97
    assert wrong <= 0.001 * found


def test_edited_copies_of_stories_of_an_earlier_run(copy_of, story, edited, signatures):
    """By estimate, from what the lake keeps of the originals."""
    rng = random.Random(7)
    stories = [story(rng, rng.randint(5, 30)) for _ in range(1600)]
    pool = [sentence for _ in range(200) for sentence in story(rng, 10)]
    recall, found, wrong = recall_curve(
        copy_of, edited, stories, pool, seed=7, signatures=signatures
    )
    assert recall >= 0.97
    assert wrong <= 0.001 * found


def test_edited_copies_of_news_stories(neardup, copy_of, edited):
    """The same on English: these stories are shuffled sentences of which some stand in several."""
    texts, _ = neardup(2500)
    seen, stories = set(), []
    for _, text in texts:
        sentences = [part.strip() + "." for part in text.split(". ")]
        if seen.isdisjoint(sentences) and len(sentences) > 4:
            stories.append(sentences)
        seen.update(sentences)
    pool = [sentence for one in stories[:300] for sentence in one]
    recall, found, wrong = recall_curve(copy_of, edited, stories[300:], pool, seed=6)
    assert found > 100
    assert recall >= 0.97
    assert wrong <= 0.001 * found
