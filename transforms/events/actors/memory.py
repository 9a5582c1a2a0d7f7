"""What one article has taught so far: who its names are, which country it speaks of, who was last."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from transforms.events.model import Actor

_HOME_TIMES = 2  # named
_HOME_SHARE = 0.6  # of all countries named so far, for a country to be the article's own
# Papers call people of these countries by the first word of their name.
_FIRST_WORD = frozenset({"PRK", "KOR", "CHN", "TWN", "HKG", "MAC", "SGP"})
# ... and of these by either.
_ANY_WORD = frozenset({"ETH", "ERI", "ISL", "THA", "MYS", "IDN", "MMR", "VNM", "KHM", "LAO", "SOM"})
_PARTICLES = frozenset(
    {"al", "el", "de", "da", "di", "van", "von", "bin", "ibn", "le", "la", "der"}
)
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii"})


@dataclass(slots=True)
class Memory:
    """One article's memory; feed it the sentences in order.

    Attributes:
        people: Names of people introduced, in lower case → who they are.
        titles: Role phrases of people introduced → who held them last.
        countries: How often each country was named.
        recent: Actors spoken of, the latest last.
        dateline: The country the dateline names; None: none.
        person: The last person spoken of; None: none yet.
        subject: The last country, organisation or group that did something; None: none yet.
        pair: The last two coordinated actors; empty: none yet.
        plural: The several that the sentence before was about; empty: it was not about several.
    """

    people: dict[str, Actor] = field(default_factory=dict)
    titles: dict[str, Actor] = field(default_factory=dict)
    countries: Counter[str] = field(default_factory=Counter)
    recent: dict[Actor, None] = field(default_factory=dict)
    dateline: str | None = None
    person: Actor | None = None
    subject: Actor | None = None
    pair: tuple[Actor, ...] = ()
    plural: tuple[Actor, ...] = ()

    def learn(self, name: str, actor: Actor, family: str | None = None) -> None:
        """Remember a person by the full name and by what the article will go on to call them.

        Args:
            name: The name without titles.
            actor: Who it is.
            family: What the person is called for short; None: guess it from the name.

        >>> memory = Memory()
        >>> memory.learn("Shin Won-sik", Actor(country="KOR", sector="GOV"))
        >>> memory.recall("Shin").code
        'KORGOV'
        """
        words = [word for word in name.lower().split() if word not in _SUFFIXES]
        if not words:
            return
        self.people[" ".join(words)] = actor
        if family is not None:
            self.people[family.lower()] = actor
            return
        if actor.country in _FIRST_WORD or actor.country in _ANY_WORD:
            self.people[words[0]] = actor
        if actor.country not in _FIRST_WORD or len(words) == 2:  # noqa: PLR2004 - "Carrie Lam"
            self.people[words[-1]] = actor
            for number in range(1, len(words) - 1):
                if words[number] in _PARTICLES:
                    self.people[" ".join(words[number:])] = actor
                    break

    def recall(self, name: str) -> Actor | None:
        """Return who a name is in this article; None: not introduced."""
        return self.people.get(" ".join(name.lower().split()))

    def note(self, actor: Actor) -> None:
        """Remember that an actor was spoken of."""
        if actor.country is not None:
            self.countries[actor.country] += 1
        if actor.country is not None or actor.org is not None:
            self.recent.pop(actor, None)
            self.recent[actor] = None

    def home(self) -> str | None:
        """Return the country the article is about, where one clearly leads; None otherwise."""
        total = self.countries.total()
        if not total:
            return self.dateline
        country, count = self.countries.most_common(1)[0]
        if count >= _HOME_TIMES and count / total >= _HOME_SHARE:
            return country
        return self.dateline
