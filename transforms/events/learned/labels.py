"""What the model's outputs stand for, in their order. Changing an order makes old weights useless."""

from __future__ import annotations

from typing import Final

NO_EVENT: Final = "-"
STATEMENT: Final = "statement"
TYPES: Final = (
    *(NO_EVENT, STATEMENT, "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT"),
    *("REQUEST", "ACCUSE", "REJECT", "THREATEN", "PROTEST", "SANCTION", "MOBILIZE", "COERCE"),
    "ASSAULT",
)
ROOTS: Final = tuple(f"{root:02d}" for root in range(1, 21))
MODALITIES: Final = ("asserted", "alleged", "possible", "intended", "requested", "conditional")
ROLES: Final = ("source", "target", "speaker")
# What a whole sentence is: it holds an event, or why it holds none (as in learning/vocabulary.tsv).
SENTENCES: Final = (
    *("event", "sport", "business", "history", "analysis", "hypothetical", "culture", "science"),
    *("weather", "local", "procedural", "accident"),
)
