"""A one-line address taken apart far enough to compare: street, number, unit, postcode, city, region, country.

An address as written comes in, its parts as they are shown go out. The common Western forms are read (number before
or after the street, postcode before or after the city); what cannot be placed stays out. Any text has an answer.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from identity_graph.normalise.address_words import POSTCODES, REGION_CODES, STREET_ENDINGS, STREET_WORDS, UNIT_WORDS
from identity_graph.normalise.cleaning import ascii_digits, tidy
from identity_graph.normalise.countries import COUNTRY_CODES
from identity_graph.normalise.folding import fold
from identity_graph.normalise.places import house_number, place, postcode, region, street

__all__ = ["Address", "parse_address"]

_REMEMBERED = 1 << 15
_LONGEST = 400
"""Characters; longer text is no address, and patterns would take their time over it."""
_BREAKS = re.compile(r"\s*(?:[,;\n\r|]|\s-\s)\s*")
_BOX = re.compile(
    r"\b(?:p\.? ?o\.? ?box|post office box|postbox|postfach|postbus|bo[iî]te postale|b\.?p\.?(?= ?\d)"
    r"|apartado(?: de correos)?|casella postale|caixa postal|gpo box|boks)\.? ?(?:no\.? ?)?#? ?(\d[\d ]*\d|\d+)",
    re.IGNORECASE,
)
_UNIT = re.compile(
    rf"(?:^|(?<=[\s,]))(?:(?:{UNIT_WORDS})\.?:? ?#? ?(?:no\.? ?)?|#)"
    r"(\d+[a-z]?(?:[-/]\d+)?|[a-z]\d*|[a-z]-\d+)(?=$|[\s,])",
    re.IGNORECASE,
)
_FLOOR = re.compile(
    r"(?:^|(?<=[\s,]))\d{1,2}(?:st|nd|rd|th|\.|er|º|ª|e|ème)?"
    r" ?(?:floor|fl|stock|og|piso|étage|etage|verdieping|piano|etg)\b\.?",
    re.IGNORECASE,
)
_NUMBER = (
    r"\d{1,6}(?:[a-z](?![a-z])| [a-df-mo-rt-vx-z](?![a-z.]))?(?: ?[-/–+] ?\d{1,5}[a-z]?)?(?: (?:bis|ter|quater|1/2))?"
)
_NUMBER_FIRST = re.compile(
    rf"(?:(?:no|nr|n°|nº)\.? ?)?({_NUMBER})[ .]+(?=[^\W\d]|\d+(?:st|nd|rd|th)\b)(.+)", re.IGNORECASE
)
_NUMBER_LAST = re.compile(rf"(.*[^\W\d].*?),? (?:(?:no|nr|n°|nº|num)\.? ?)?({_NUMBER})", re.IGNORECASE)
_ONLY_NUMBER = re.compile(rf"(?:(?:no|nr|n°|nº|num)\.? ?)?({_NUMBER})", re.IGNORECASE)
_SLASHED_UNIT = re.compile(r"(\d{1,4}[a-z]?) ?/ ?(\d{1,5}[a-z]?)(?= [^\W\d])", re.IGNORECASE)
_REGION_NAMES = frozenset(name for names in REGION_CODES.values() for name in names)
_STREET_THEN_CITY = re.compile(
    r"(.+ (?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|crescent|terrace|place|boulevard|blvd|court|way)\.?)"
    r" ([^\W\d_][^\d]{2,})",
    re.IGNORECASE,
)


class Address(NamedTuple):
    """The parts of one address; None where it has no such part or the part is not certain.

    Attributes:
        street: street as shown, or `PO Box`.
        house_number: number with its letter or range, or the number of the box.
        unit: flat, apartment, suite or room.
        postcode: in the form of `postcode`.
        city: city as shown.
        region: state code in capitals, or the name of a state or county.
        country: ISO alpha-2.
    """

    street: str | None = None
    house_number: str | None = None
    unit: str | None = None
    postcode: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None


@lru_cache(maxsize=_REMEMBERED)
def parse_address(text: str, country: str | None = None) -> Address:
    """Take an address in one line (or several) apart.

    Args:
        text: the address as written.
        country: ISO alpha-2 country of addresses that name none; None when not known.

    Returns:
        Its parts; all None for text that is no address.
    """
    if len(text) > _LONGEST:
        return Address()
    text = ascii_digits(tidy(_BREAKS.sub(", ", text)))
    parts = [part for part in (piece.strip(" .,") for piece in text.split(",")) if part]
    parts, country = _without_country(parts, country)
    parts, code, after, state = _without_postcode(parts, country)
    box = _BOX.search(", ".join(parts))
    if box is not None:
        rest = [part for part in parts if _BOX.search(part) is None]
        return _address(
            ("PO Box", re.sub(" ", "", box[1])), None, code, after or (rest[-1] if rest else None), state, country
        )
    unit, parts = _without_unit(parts)
    found, rest = _street_of(parts)
    if state is None and rest and (after or len(rest) > 1) and fold(rest[-1]) in REGION_CODES:
        state = rest.pop()
    city = after or (rest.pop() if rest else None)
    if city is None and code is not None:
        found, city = _city_after_street(found)
    if state is None and city is not None and rest and not after and fold(city) in _REGION_NAMES:
        state, city = city, rest.pop()
    return _address(found, unit, code, city, state, country)


def _address(
    found: tuple[str | None, str | None], unit: str | None, code: str | None, city: str | None,
    state: str | None, country: str | None,
) -> Address:  # fmt: skip
    """Write each part in its canonical form."""
    name, number = found
    return Address(
        street(name).value if name else None,
        house_number(number).value if number else None,
        unit.upper() if unit else None,
        postcode(code, country).value if code else None,
        place(city).value if city else None,
        region(state).value if state else None,
        country,
    )


def _without_country(parts: list[str], country: str | None) -> tuple[list[str], str | None]:
    """Take the country off the end: a part of its own, or the last words of the last part."""
    if not parts:
        return parts, country
    folded = fold(parts[-1])
    is_code = len(folded) <= 3
    if folded in COUNTRY_CODES and len(parts) > 1 and not (is_code and folded in REGION_CODES):
        return parts[:-1], COUNTRY_CODES[folded]
    words = parts[-1].split()
    for count in (3, 2, 1):
        tail = fold(" ".join(words[-count:]))
        named = tail in COUNTRY_CODES and (len(tail) > 3 or tail in ("uk", "usa", "gbr", "deu"))
        if named and len(words) > count and any(map(str.isdigit, parts[-1])):
            return [*parts[:-1], " ".join(words[:-count])], COUNTRY_CODES[tail]
    return parts, country


def _without_postcode(parts: list[str], country: str | None) -> tuple[list[str], str | None, str | None, str | None]:
    """Find the postcode from the end; return the other parts, the code, and the city and state around it."""
    for index in range(len(parts) - 1, -1, -1):
        for pattern in POSTCODES:
            for found in reversed(list(pattern.finditer(parts[index]))):
                before, after = parts[index][: found.start()].strip(" -"), parts[index][found.end() :].strip(" -")
                if index == 0 and not before and len(parts) + bool(after) > 1 and found.group().isdigit():
                    continue  # the first digits of an address are a house number
                return _around(parts, index, before, after, found.group())
    return _state_at_end(parts)


def _around(
    parts: list[str], index: int, before: str, after: str, code: str
) -> tuple[list[str], str | None, str | None, str | None]:
    words = before.split()
    state = None
    if words and fold(words[-1]) in REGION_CODES and words[-1].isupper() | (len(words) == 1):
        state = words.pop()
    elif before and fold(before) in _REGION_NAMES and index > 1:
        state, words = before, []
    kept = [*parts[:index], *([" ".join(words)] if words else []), *parts[index + 1 :]]
    return kept, code, after or None, state


def _state_at_end(parts: list[str]) -> tuple[list[str], str | None, str | None, str | None]:
    if len(parts) > 1 and fold(parts[-1]) in REGION_CODES:
        return parts[:-1], None, None, parts[-1]
    return parts, None, None, None


def _without_unit(parts: list[str]) -> tuple[str | None, list[str]]:
    """Take flat, suite and floor out of the parts; `3/12 High Street` is unit 3 at number 12."""
    unit: str | None = None
    kept = []
    for part in parts:
        found = _UNIT.search(part)
        if found is not None and unit is None:
            unit = found[1]
            part = f"{part[: found.start()]} {part[found.end() :]}"
        part = " ".join(_FLOOR.sub(" ", part).split()).strip(" ,")
        if part:
            kept.append(part)
    if unit is None and kept and (slashed := _SLASHED_UNIT.match(kept[0])) is not None:
        unit = slashed[1]
        kept[0] = slashed[2] + kept[0][slashed.end() :]
    return unit, kept


def _street_of(parts: list[str]) -> tuple[tuple[str | None, str | None], list[str]]:
    """Find the street among the parts; return (street, house number) and the parts after it."""
    for index, part in enumerate(parts):
        alone = _ONLY_NUMBER.fullmatch(part)
        if alone is not None and index:
            return (parts[index - 1], alone[1]), parts[index + 1 :]
        if alone is not None and len(parts) > 1:
            return (parts[1], alone[1]), parts[2:]
        first = _NUMBER_FIRST.fullmatch(part)
        if first is not None:
            return (first[2], first[1]), parts[index + 1 :]
        last = _NUMBER_LAST.fullmatch(part)
        if last is not None:
            return (last[1], last[2]), parts[index + 1 :]
    for index, part in enumerate(parts):
        if _has_street_word(part):
            return (part, None), parts[index + 1 :]
    return ((parts[0], None), parts[1:]) if len(parts) > 1 else ((None, None), parts)


def _city_after_street(found: tuple[str | None, str | None]) -> tuple[tuple[str | None, str | None], str | None]:
    """Read `Downing Street London` as street and city, where the English word for a street ends the street."""
    together = _STREET_THEN_CITY.fullmatch(found[0] or "")
    return (found, None) if together is None else ((together[1], found[1]), together[2])


def _has_street_word(part: str) -> bool:
    words = fold(part).split()
    return any(word in STREET_WORDS or word.endswith(STREET_ENDINGS) for word in words)
