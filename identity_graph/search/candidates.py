"""Finds the records that a search may mean, by indexed equality only, so that a search costs the same on any graph.

Canonical attributes come in, record keys go out. Each key is read with a limit; a limit that was reached is told, so
that the asker knows that another attribute would help.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from identity_graph.facts import name_key
from identity_graph.graph.port import Graph
from identity_graph.namespaces import identifier_key
from identity_graph.normalise import phonetic
from identity_graph.roles import IDENTIFIER_ROLES, Role

__all__ = ["MOST_PER_KEY", "candidate_keys"]

MOST_PER_KEY = 500
"""Records read per key; a key that many more records share says too little about one of them."""


def candidate_keys(graph: Graph, asked: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Find the records that a search may mean.

    Args:
        asked: attribute -> canonical value.

    Returns:
        Record keys, those found by the strongest attribute first, each once; and the attributes whose key so many
        records share that some were left out.
    """
    found: dict[str, None] = {}
    crowded: list[str] = []

    def take(attributes: Sequence[str], query: str, **parameters: Any) -> None:
        rows = graph.read(f"search/{query}", limit=MOST_PER_KEY + 1, **parameters)
        found.update((row["key"], None) for row in rows[:MOST_PER_KEY])
        if len(rows) > MOST_PER_KEY:
            crowded.extend(attributes)

    identifiers = {name: value for name, value in asked.items() if name in IDENTIFIER_ROLES}
    if identifiers:
        keys = [identifier_key(name, value) for name, value in identifiers.items()]
        take(tuple(identifiers), "records_by_identifiers", keys=keys)
    family, given = asked.get(Role.FAMILY_NAME), asked.get(Role.GIVEN_NAME)
    if family and given:
        # Given and family name are swapped often enough to look both ways.
        keys = [key for key in (name_key(family, given), name_key(given, family)) if key]
        take((Role.FAMILY_NAME, Role.GIVEN_NAME), "records_by_name_key", name_keys=keys)
    elif family and phonetic(family):
        take((Role.FAMILY_NAME,), "records_by_name_prefix", prefix=f"{phonetic(family)}.")
    if Role.BIRTH_DATE in asked:
        take((Role.BIRTH_DATE,), "records_by_birth_date", birth_date=asked[Role.BIRTH_DATE])
    if Role.POSTCODE in asked and (len(asked) == 1 or not found):
        take((Role.POSTCODE,), "records_by_postcode", postcode=asked[Role.POSTCODE])
    return tuple(found), tuple(crowded)
