"""Names of people and businesses to comparable columns.

Sources that give the parts of a name and sources that give it whole meet in the same columns: parts, into which whole
names are parsed, where the model compares parts; otherwise the whole name, compared by its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.matching.columns import coalesced, fold_column, map_distinct, words_column
from identity_graph.normalise import (
    fold,
    generation,
    nickname_groups,
    parse_full_name,
    phonetic,
    without_generation,
)
from identity_graph.roles import Role

__all__ = ["NAME_PARTS", "name_features"]

Array: TypeAlias = "pa.Array"

NAME_PARTS = frozenset(
    {"given", "family", "given_groups", "given_sound", "family_sound", "family_tokens", "generation"}
)
"""Columns that exist together even where one is empty, because comparisons and keys read them together."""

_TEXTS = pa.list_(pa.string())


def name_features(by_role: Mapping[Role, list[Array]], in_parts: bool) -> dict[str, Array]:
    """Compute name columns from the name attributes present.

    Args:
        by_role: columns of each role.
        in_parts: names are compared by their parts.

    Returns:
        `given`, `family`, `middle` with their groups, sounds and words, or `name`, `name_sorted`, `name_tokens`;
        `generation` beside either; nothing without names.
    """
    whole = coalesced(by_role[Role.FULL_NAME]) if Role.FULL_NAME in by_role else None
    parts = [role for role in (Role.GIVEN_NAME, Role.FAMILY_NAME) if role in by_role]
    if whole is None and not parts:
        return {}
    if in_parts:
        return _parts(by_role, whole) | _generation(by_role)
    if parts:
        joined = _joined([coalesced(by_role[role]) for role in parts])
        whole = joined if whole is None else coalesced([whole, joined])
    return _whole(whole) | _generation(by_role)


def _generation(by_role: Mapping[Role, list[Array]]) -> dict[str, Array]:
    """Compute the generation from the suffix, else from what stands behind the family name or the whole name."""
    readers: dict[Role, Callable[[str], str | None]] = {
        Role.NAME_SUFFIX: generation,
        Role.FAMILY_NAME: lambda text: without_generation(fold(text))[1],
        Role.FULL_NAME: lambda text: generation(parse_full_name(text).suffix or ""),
    }
    found = [map_distinct(coalesced(by_role[role]), read) for role, read in readers.items() if role in by_role]
    nothing = pa.nulls(len(next(columns[0] for columns in by_role.values())), pa.string())
    return {"generation": pc.coalesce(*found, nothing)}


def _joined(parts: list[Array]) -> Array:
    """Write the parts of a name as one text; empty without any."""
    return pc.utf8_trim(pc.binary_join_element_wise(*[pc.fill_null(part, "") for part in parts], " "), " ")


def _parts(by_role: Mapping[Role, list[Array]], whole: Array | None) -> dict[str, Array]:
    length = len(next(columns[0] for role, columns in by_role.items() if columns))
    given, family, middle = (
        fold_column(coalesced(by_role[role])) if role in by_role else pa.nulls(length, pa.string())
        for role in (Role.GIVEN_NAME, Role.FAMILY_NAME, Role.MIDDLE_NAME)
    )
    if whole is not None:
        lacking = pc.and_(pc.is_null(given), pc.is_null(family))
        parsed = {part: _parsed(pc.if_else(lacking, whole, None), part) for part in ("given", "family", "middle")}
        given = pc.coalesce(given, parsed["given"])
        family = pc.coalesce(family, parsed["family"])
        middle = pc.coalesce(middle, parsed["middle"])
    family = map_distinct(family, lambda text: without_generation(text)[0])
    features = {"given": given, "family": family, "middle": middle}
    features["given_groups"] = map_distinct(given, _groups, _TEXTS)
    features["given_sound"] = map_distinct(given, _sound)
    features["family_sound"] = map_distinct(family, _sound)
    features["family_tokens"] = words_column(family)
    features["name_tokens"] = _all_words(given, family, whole)
    return features


def _parsed(whole: Array, part: str) -> Array:
    def parse(text: str) -> str | None:
        return fold(getattr(parse_full_name(text), part) or "") or None

    return map_distinct(whole, parse)


def _whole(whole: Array) -> dict[str, Array]:
    name = fold_column(whole)
    return {
        "name": name,
        "name_sorted": map_distinct(name, lambda text: " ".join(sorted(text.split(" ")))),
        "name_tokens": words_column(name),
    }


def _all_words(given: Array, family: Array, whole: Array | None) -> Array:
    """Words of all parts together, which meet however the parts were cut."""
    parts = [given, family] if whole is None else [given, family, fold_column(whole)]
    return words_column(pc.binary_join_element_wise(*[pc.fill_null(part, "") for part in parts], " "))


def _groups(given: str) -> list[str] | None:
    groups = sorted({str(group) for group in nickname_groups(given.split(" ")[0])})
    return groups or None


def _sound(text: str) -> str | None:
    return phonetic(text) or None
