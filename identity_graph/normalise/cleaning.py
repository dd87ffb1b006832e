"""The first step of every normaliser: Unicode put in order, spaces collapsed, certain mojibake repaired.

Raw text comes in, tidy text goes out; no letter is ever dropped.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["ascii_digits", "repair_mojibake", "tidy"]

_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def _byte_of(character: str) -> int | None:
    """Return the byte that Windows-1252 (or Latin-1 where it has a gap) reads as this character."""
    try:
        return character.encode("cp1252")[0]
    except UnicodeEncodeError:
        return ord(character) if ord(character) < 256 else None


_BYTES = {
    character: byte
    for character in (
        *map(chr, range(0x80, 0x100)),
        *(bytes([b]).decode("cp1252", "ignore") for b in range(0x80, 0xA0)),
    )
    if character and (byte := _byte_of(character)) is not None
}
_TRAILING = "".join(re.escape(character) for character, byte in _BYTES.items() if 0x80 <= byte <= 0xBF)
_QUOTES = "“”„‘’‚"
_SURE = re.compile(
    f"[ÃÂ][{_TRAILING}]"  # the two-byte letters of Western Europe
    f"|[ÄÅ](?:[{_TRAILING}](?<![{_QUOTES}])|[{_QUOTES}](?=\\w))"  # Central Europe; a quote after Ä may be a quote
    f"|â€[{_TRAILING}]"  # dashes and curly quotes
)
_LIKELY = re.compile(f"[Ã-ß][{_TRAILING}]|[à-ï][{_TRAILING}]{{2}}|[ð-ô][{_TRAILING}]{{3}}")


def _decoded(text: str) -> str:
    """Read the bytes behind misread text as UTF-8, or give the text back."""
    try:
        return bytes(_BYTES.get(character, ord(character)) for character in text).decode("utf-8")
    except ValueError:
        return text


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 (`MÃ¼ller`), where no other reading is sensible.

    A pair that no language writes is repaired alone. Scripts outside Latin come out as pairs that might be meant
    (`Ð˜Ð²Ð°Ð½`), so there the whole text must decode and hold at least three of them.
    """
    repaired = _SURE.sub(lambda found: _decoded(found.group()), text)
    if len(_LIKELY.findall(repaired)) >= 3:
        repaired = _decoded(repaired)
    return repaired


def tidy(text: str) -> str:
    """Put text in order: NFC, one space between words, invisible characters gone, mojibake repaired.

    ZERO WIDTH JOINER and NON-JOINER stay, because Persian and Indic spelling needs them.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    while True:
        done = " ".join(unicodedata.normalize("NFC", repair_mojibake(_INVISIBLE.sub("", text))).split())
        if done == text:
            return done
        text = done


def ascii_digits(text: str) -> str:
    """Write the decimal digits of every script (Arabic, Devanagari, full width) as 0 to 9."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(character, character)) for character in text)
