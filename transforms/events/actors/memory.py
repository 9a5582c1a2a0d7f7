"""What one article has taught so far: who its names are, which country it speaks of, who was last."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from transforms.events.model import Actor

_HOME_SHARE = 0.6  # of all countries named so far, for a country to be the article's own


@dataclass(slots=True)
class Memory:
    """One article's memory; feed it the sentences in order.

    Attributes:
        people: Family names and full names of people introduced, in lower case → who they are.
        countries: How often each country was named.
        dateline: The country the dateline names; None: none.
        person: The last person spoken of; None: none yet.
        state: The last country spoken of as one; None: none yet.
        pair: The last two coordinated actors; empty: none yet.
    """

    people: dict[str, Actor] = field(default_factory=dict)
    countries: Counter[str] = field(default_factory=Counter)
    dateline: str | None = None
    person: Actor | None = None
    state: Actor | None = None
    pair: tuple[Actor, ...] = ()

    def learn(self, name: str, actor: Actor) -> None:
        """Remember a person by full name and by what may be the family name: first or last word."""
        words = name.lower().split()
        if not words:
            return
        self.people[" ".join(words)] = actor
        for word in {words[0], words[-1]}:
            if len(word) > 1:
                self.people[word] = actor

    def recall(self, name: str) -> Actor | None:
        """Return who a name is in this article; None: not introduced."""
        return self.people.get(" ".join(name.lower().split()))

    def note(self, actor: Actor) -> None:
        """Count a country that was named."""
        if actor.country is not None:
            self.countries[actor.country] += 1

    def home(self) -> str | None:
        """Return the country the article is about, where one clearly leads; None otherwise."""
        total = self.countries.total()
        if total:
            country, count = self.countries.most_common(1)[0]
            if count / total >= _HOME_SHARE:
                return country
        return self.dateline if not total or self.dateline in self.countries else None
