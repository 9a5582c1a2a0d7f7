"""Who acts: names, roles and references in a text → actors with country, organisation, sector.

`ActorBook.find` is a quick pass over raw text, `ActorBook.resolve` works on a parsed sentence, and
`Memory` carries what one article has taught. No Beam.
"""

from transforms.events.actors.book import ActorBook
from transforms.events.actors.memory import Memory

__all__ = ["ActorBook", "Memory"]
