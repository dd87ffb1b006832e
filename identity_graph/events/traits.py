"""What the traits of a message say of a person: which attribute each is, by the lexicon of headers.

The traits of one message come in; per attribute its role and raw text go out. Traits that no role explains have an
attribute of their own that neither matching nor golden values use.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from identity_graph.roles import Role
from identity_graph.sources.lexicon import read_header
from identity_graph.sources.mapping import snake_name

__all__ = ["CUSTOM_PREFIX", "SaidTrait", "clean_text", "said_traits"]

CUSTOM_PREFIX = "trait_"
"""Begins the name of every attribute that is not a role's own."""

_LONGEST = 1_000
_READ_ROLES = frozenset(
    {
        Role.GIVEN_NAME, Role.MIDDLE_NAME, Role.FAMILY_NAME, Role.FULL_NAME, Role.GENDER, Role.BIRTH_DATE, Role.EMAIL,
        Role.PHONE, Role.ADDRESS, Role.STREET, Role.HOUSE_NUMBER, Role.POSTCODE, Role.CITY, Role.REGION, Role.COUNTRY,
        Role.COMPANY, Role.NATIONAL_ID, Role.ACCOUNT_ID, Role.LOYALTY_CARD,
    }
)  # fmt: skip
_PLAIN = frozenset(
    [
        "firstname", "givenname", "middlename", "lastname", "familyname", "name", "fullname", "gender", "birthday",
        "birthdate", "dateofbirth", "email", "phone", "address", "street", "housenumber", "postcode", "postalcode",
        "zip", "city", "state", "region", "country", "company", "companyname", "organization",
    ]
)  # fmt: skip
"""Headers that mean their role's own attribute; others of a role, such as `mobile`, have attributes of their own."""

_OBJECTS = {"address": ("address", "house_number", "postcode", "city", "region", "country"), "company": ("company",)}
_SURROGATE = re.compile("[\ud800-\udfff]")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})T.*")


@dataclass(frozen=True, slots=True)
class SaidTrait:
    """One trait of a message.

    Attributes:
        attribute: what the record calls it.
        role: what it means; None when nobody knows.
        text: the raw value; None says that it is removed.
    """

    attribute: str
    role: Role | None
    text: str | None


def said_traits(traits: Mapping[str, Any]) -> Iterator[SaidTrait]:
    """Read traits, in the order of their names, so that of two that mean the same the same one is last each time.

    Args:
        traits: as the sender wrote them; `address` and `company` may be objects. None as a value removes the trait.
    """
    for name, value in sorted(traits.items()):
        key = name.strip().lower()
        if key in _OBJECTS and isinstance(value, dict):
            for inner, part in sorted(value.items()):
                yield from _said((key, inner), part)
        elif key in _OBJECTS and value is None:
            yield from (SaidTrait(attribute, Role(attribute), None) for attribute in _OBJECTS[key])
        else:
            yield from _said((name,), value)


def _said(path: tuple[str, ...], value: Any) -> Iterator[SaidTrait]:
    attribute, role = _meaning(path)
    if value is None:
        yield SaidTrait(attribute, role, None)
        return
    if isinstance(value, dict | list) and role is not None:
        return  # no text of that role; it stays in the touchpoint
    text = clean_text(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    if role is Role.BIRTH_DATE and (day := _DAY.fullmatch(text)) is not None:
        text = day[1]
    if text.strip() and len(text) <= _LONGEST:
        yield SaidTrait(attribute, role, text)


@lru_cache(maxsize=1 << 14)
def _meaning(path: tuple[str, ...]) -> tuple[str, Role | None]:
    own_name = CUSTOM_PREFIX + snake_name("_".join(path))
    header = read_header(path[-1])
    plain = header.key in _PLAIN and header.number is None
    if path[0] == "company" and len(path) > 1:
        return ("company", Role.COMPANY) if header.key == "name" else (own_name, None)
    if header.role not in _READ_ROLES or not (plain or len(path) == 1):
        return own_name, None
    role = Role.ADDRESS if header.role is Role.STREET else header.role
    return (role.value, role) if plain else (own_name, role)


def clean_text(text: str) -> str:
    """Return text that every engine can store: without NUL, and with the replacement character for lone surrogates."""
    return _SURROGATE.sub("\ufffd", text).replace("\x00", "")
