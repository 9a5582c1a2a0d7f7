"""Feed documents → entries. No Beam."""

from transforms.feeds.document import parse_feed, parse_feeds

__all__ = ["parse_feed", "parse_feeds"]
