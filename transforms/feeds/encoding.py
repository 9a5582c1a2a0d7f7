"""Bytes of a feed → text, whatever headers and declarations claim.

The order, and why it is not the order of RFC 7303 throughout:

1. A byte order mark, or the zero bytes that UTF-16 and UTF-32 put between ASCII letters: no document
   in another encoding begins so.
2. Valid UTF-8 that holds at least one multi-byte character is UTF-8, whatever is declared: text in
   another encoding passes for it by chance less than once in thousands of documents, while servers
   that add "charset=iso-8859-1" to everything are common.
3. The Content-Type's charset, then the XML declaration's encoding; reversed where the Content-Type
   says Latin-1 or ASCII, the defaults that servers add without looking.
4. UTF-8 with its few broken bytes read as Windows-1252, where most multi-byte characters are sound
   (one cut-off teaser spoils a whole document otherwise); else Windows-1252, which always works.
"""

from __future__ import annotations

import codecs
import re

# Bytes of a mark or of "<?", "<r", … in each wide encoding → its codec.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = (
    (re.compile(rb"[<{\s]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00[<{\s]"), "utf-32-be"),
    (re.compile(rb"[<{\s]\x00"), "utf-16-le"),
    (re.compile(rb"\x00[<{\s]"), "utf-16-be"),
)
_EBCDIC_XML = b"\x4c\x6f\xa7\x94"  # "<?xm", XML 1.0 appendix F.1
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._:-]+)["']""")
_CHARSET = re.compile(r"""charset\s*=\s*["']?([^\s;"']+)""", re.IGNORECASE)
_MULTI_BYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_LATIN = frozenset({"ascii", "iso8859-1", "cp1252"})  # what servers claim without looking
# What the web means by these names (WHATWG Encoding Standard, section 4.2).
_MEANT = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_TAIL = 4  # bytes of the longest character
_LOST = "\ufffd"


def decoded(body: bytes, content_type: str | None) -> str:
    """Return the document's text, without a byte order mark; never fails.

    Args:
        body: The document as it arrived, decoded of its content coding. A character cut in two at
            its end is left out.
        content_type: The Content-Type header; None where there is none.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _read(body[len(mark) :], codec)
    for pattern, codec in _WIDE:
        if pattern.match(body):
            return _read(body, codec)
    if body.startswith(_EBCDIC_XML):
        return _read(body, "cp037")
    names = _declared(body, content_type)
    try:
        text = _strict(body, "utf-8")
    except UnicodeDecodeError:
        text = None
    if text is not None and not body.isascii():
        return text
    for name in names:
        try:
            return _strict(body, _MEANT.get(name, name))
        except UnicodeDecodeError:
            continue
    return text if text is not None else _mostly_utf8(body)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    """Return the encodings that header and document name, the likelier first; unknown ones left out."""
    header = _CHARSET.search(content_type or "")
    inside = _DECLARED.match(body[:1024])
    claims = [
        codec
        for claim in (header and header[1], inside and inside[1].decode("ascii"))
        if claim and (codec := _codec(claim))
    ]
    return claims[::-1] if claims and claims[0] in _LATIN else claims


def _codec(name: str) -> str | None:
    """Return Python's name of a text encoding that is no wide one; None where it knows none."""
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):  # ValueError: a null character in the name
        return None
    if not info._is_text_encoding or info.name.startswith(("utf-16", "utf-32", "idna", "punycode")):  # noqa: SLF001 # type: ignore[attr-defined]
        return None  # the zero bytes would have shown; "rot13" and "idna" are no encodings of text
    return info.name


def _strict(body: bytes, codec: str) -> str:
    """Decode, leaving out a character cut in two at the end; UnicodeDecodeError for anything else."""
    try:
        return body.decode(codec)
    except UnicodeDecodeError as error:
        if error.start < len(body) - _TAIL or error.end < len(body):
            raise
        return body[: error.start].decode(codec)
    except UnicodeError as error:  # some codecs raise the base class
        raise UnicodeDecodeError(codec, body[:1], 0, 1, str(error)) from error


def _read(body: bytes, codec: str) -> str:
    """Decode, with lost characters marked, but not one cut in two at the end."""
    text = body.decode(codec, "replace").lstrip("\ufeff")
    return text.removesuffix(_LOST) if len(body) % 4 else text


def _mostly_utf8(body: bytes) -> str:
    sound = len(_MULTI_BYTE.findall(body))
    broken = sum(1 for _ in re.finditer(rb"[\x80-\xff]", _MULTI_BYTE.sub(b"", body)))
    if sound > broken:
        return _MULTI_BYTE_OR_NOT.sub(_as_utf8_or_1252, body.decode("latin-1"))
    return _windows_1252(body)


_MULTI_BYTE_OR_NOT = re.compile(
    "[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]"
)


def _as_utf8_or_1252(match: re.Match[str]) -> str:
    data = match[0].encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _windows_1252(data)


def _windows_1252(data: bytes) -> str:
    """Decode as the web does: the five bytes the code page leaves open are control characters."""
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in data)
