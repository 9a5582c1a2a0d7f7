"""What the coder's parts hand to each other. Neither Beam nor spaCy is named here.

A *sentence* is parsed as one `Doc` of its own, so all offsets below are characters of that
sentence (`char_*`) or tokens of its Doc (`start`, `end`, `head`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

IGO, NGO, IMG, MNC = "IGO", "NGO", "IMG", "MNC"
INTERNATIONAL = (IGO, NGO, IMG, MNC)


@dataclass(frozen=True, slots=True)
class Actor:
    """A resolved political actor.

    Attributes:
        country: ISO 3166-1 alpha-3, also of armed groups and sub-national actors; None: none.
        org: Code of an organisation (UNO, NAT, EUR, HMS, …); None: none.
        sector: One sector code (GOV, MIL, REB, …); None: the country as such.
        kind: IGO, NGO, IMG or MNC for international actors without a country; None otherwise.
    """

    country: str | None = None
    org: str | None = None
    sector: str | None = None
    kind: str | None = None

    @property
    def code(self) -> str | None:
        """CAMEO style: PRKGOV, IGOUNO, PSEREBHMS; None where nothing is known.

        >>> Actor(country="PSE", sector="REB", org="HMS").code
        'PSEREBHMS'
        >>> Actor(org="UNO", kind="IGO").code
        'IGOUNO'
        """
        head = self.country or self.kind or ""
        return f"{head}{self.sector or ''}{self.org or ''}" or None

    def with_sector(self, sector: str | None) -> Actor:
        """Return the actor in another sector."""
        return replace(self, sector=sector)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One actor mentioned in one sentence.

    Attributes:
        char_start, char_end: The name or noun phrase that names the actor, in the sentence.
        text: Those characters.
        actor: Who it is.
        how: How it was resolved, for `explain` ("country", "demonym+role", "leader 2012-", "memory",
            "apposition", "pronoun", "epithet", …).
        head: Token index of the phrase's syntactic head; -1 before the sentence is parsed.
        generic: A role or group without a country of its own ("protesters", "the army").
    """

    char_start: int
    char_end: int
    text: str
    actor: Actor
    how: str
    head: int = -1
    generic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an article.

    Attributes:
        index: Its number; -1 is the title.
        text: Its characters, exactly as in the article (text[char_start:char_end]) or the title.
        char_start: Where it begins in the article's text; None for the title.
        paragraph: Number of its paragraph.
        quoted: It stands wholly inside a quotation that began in an earlier sentence.
    """

    index: int
    text: str
    char_start: int | None
    paragraph: int = 0
    quoted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a lexicon entry and a construction found: one action with its arguments.

    Attributes:
        trigger: Token index of the word that carries the action.
        action: Token indices of the words that name it, in order (verb with particle, light verb
            with its noun).
        sources, targets: Mentions that fill the roles; empty where none is named. Coordinated actors
            are separate mentions.
        object: Token span (start, end) of the object phrase; None: none.
        lemma: The trigger's lemma, with particle or noun ("call on", "pay visit").
        cameo: CAMEO code, as deep as the text supports.
        plover: PLOVER type; None for a mere statement (CAMEO 01x).
        mode: PLOVER mode; None: none.
        context: PLOVER contexts, comma-separated; None: none.
        entry: Name of the lexicon entry.
        construction: Name of the construction (active, passive, nominal, …).
        reciprocal: Holds both ways (met, agreed, clashed).
        weight: 0-1, how reliable this entry in this construction is.
        forced_modality: The modality the construction itself gives (the content of an accusation is
            "alleged", of a request "requested", of a threat or promise "intended"); None: judge it.
        speaker: The mention whose saying, accusing, asking this frame is the content of; None.
    """

    trigger: int
    action: tuple[int, ...]
    sources: tuple[Mention, ...]
    targets: tuple[Mention, ...]
    object: tuple[int, int] | None
    lemma: str
    cameo: str
    plover: str | None
    mode: str | None
    context: str | None
    entry: str
    construction: str
    reciprocal: bool = False
    weight: float = 0.7
    forced_modality: str | None = None
    speaker: Mention | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """How sure the text is of a frame."""

    polarity: str  # positive, negative
    modality: str  # asserted, alleged, possible, intended, requested, conditional
    tense: str  # past, present, future
    reason: str  # the words or the construction that decided, for `explain`


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says so."""

    text: str
    actor: Actor | None
    verb: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDate:
    """When: the date and its precision (day, month, year, published)."""

    date: dt.date | None
    precision: str
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where."""

    text: str
    country: str | None
    geonameid: int | None
    latitude: float | None
    longitude: float | None
