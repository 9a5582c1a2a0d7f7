"""ActorBook.find against spaCy's PhraseMatcher: the same names, the same texts, one run, one core.

CPU seconds. Ours reads raw text, minds word boundaries, dates and what only looks like an actor.
PhraseMatcher needs tokens first, so its figure includes `make_doc` (the tokenizer alone, no parse).
Prints MB/s of each (goal: 1 or more) and the ratio, and how long the book takes to load.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import time

import spacy
from spacy.matcher import PhraseMatcher

from transforms.events.actors import ActorBook, names
from transforms.events.actors.cities import cities
from transforms.events.actors.leaders import leaders, named
from transforms.events.actors.roles import Roles

DAY = dt.date(2024, 6, 1)
GENERAL = (
    "The committee said on {day} that prices had risen by {number} percent over the year, and shares "
    "fell after the report was published. Scientists at the institute described a new method, while the "
    "local team won its match in extra time before a large crowd. Weather will be mild and mostly dry. "
)
POLITICAL = (
    "{a} accused {b} on {day} of breaking the agreement, and officials in {c} said talks with {d} would "
    "go on. The foreign minister told reporters that {number} soldiers had been sent to the border. "
)


def texts(count: int, spellings: list[str], share: float, seed: int = 1) -> list[str]:
    """Return articles of some 3,000 characters; `share` of their paragraphs name actors."""
    chance = random.Random(seed)
    days = ["Monday", "Tuesday", "Friday"]
    return [
        "\n\n".join(
            (POLITICAL if chance.random() < share else GENERAL).format(
                day=chance.choice(days),
                number=chance.randint(2, 9999),
                **{key: chance.choice(spellings) for key in "abcd"},
            )
            for _ in range(10)
        )
        for _ in range(count)
    ]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=400)
    count = parser.parse_args().articles
    started = time.process_time()
    book = ActorBook.load()
    print(f"load: {time.process_time() - started:.2f} s")
    known = names.compiled(
        [
            named(leaders(Roles.load())),
            names.armed_groups(),
            names.organisations(),
            names.countries(),
            names.places(),
            cities(),
        ]
    )
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab)
    matcher.add("ACTOR", [nlp.make_doc(name) for name in known])
    spellings = [name for name in known if not name.isupper()]
    for kind, share in (("general news", 0.1), ("political news", 0.7)):
        batch = texts(count, spellings, share)
        megabytes = sum(map(len, batch)) / 1e6
        started = time.process_time()
        found = sum(len(book.find(text, DAY)) for text in batch)
        ours = megabytes / (time.process_time() - started)
        started = time.process_time()
        theirs_found = sum(len(matcher(nlp.make_doc(text))) for text in batch)
        theirs = megabytes / (time.process_time() - started)
        print(
            f"{kind}: {len(known):,} names, {megabytes:.1f} MB: find {ours:.2f} MB/s ({found:,} actors), "
            f"PhraseMatcher {theirs:.2f} MB/s ({theirs_found:,} matches), ratio {ours / theirs:.1f}"
        )


if __name__ == "__main__":
    main()
