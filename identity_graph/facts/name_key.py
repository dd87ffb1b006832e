"""The property by which search finds records whose name sounds like another.

A record's names come in by their roles; one short key goes out, the same for spellings that sound alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from identity_graph.normalise.folding import fold
from identity_graph.normalise.person_names import parse_full_name
from identity_graph.normalise.phonetic_code import phonetic
from identity_graph.roles import Role

__all__ = ["name_key", "record_name_key"]

_REMEMBERED = 1 << 16


@lru_cache(maxsize=_REMEMBERED)
def name_key(family: str, given: str) -> str | None:
    """Return the key that names sounding alike share; None when the family name has no letters."""
    sound = phonetic(family)
    return f"{sound}.{fold(given)[:1]}" if sound else None


def record_name_key(attributes: Mapping[str, str], names_by_role: Mapping[Role, str]) -> str | None:
    """Return the name key of a record.

    Args:
        attributes: canonical attributes of the record.
        names_by_role: which attribute holds the given, family and full name.

    Returns:
        The key from the family name and the first letter of the given name, taken from the full name where they are
        absent; None when the record has no family name.
    """
    family = attributes.get(names_by_role.get(Role.FAMILY_NAME, ""))
    given = attributes.get(names_by_role.get(Role.GIVEN_NAME, ""))
    full = attributes.get(names_by_role.get(Role.FULL_NAME, ""))
    if full is not None and family is None:
        parsed = parse_full_name(full)
        family, given = parsed.family, given or parsed.given
    return None if family is None else name_key(family, given or "")
