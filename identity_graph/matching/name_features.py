"""Names of people and businesses to comparable columns.

Sources that give the parts of a name and sources that give it whole meet in the same columns: parts, into which whole
names are parsed, where the model compares parts; otherwise the whole name, compared by its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from identity_graph.matching.columns import Operations, Values, fold_values, word_lists
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

NAME_PARTS = frozenset(
    {"given", "family", "given_groups", "given_sound", "family_sound", "family_tokens", "generation"}
)
"""Columns that exist together even where one is empty, because comparisons and keys read them together."""


def name_features(do: Operations, by_role: Mapping[Role, list[Values]], in_parts: bool) -> dict[str, Values]:
    """Compute name features from the name attributes present.

    Args:
        do: operations on the values.
        by_role: values of each role.
        in_parts: names are compared by their parts.

    Returns:
        `given`, `family`, `middle` with their groups, sounds and words, or `name`, `name_sorted`, `name_tokens`;
        `generation` beside either, or alone for a suffix without a name.
    """
    whole = do.first(by_role[Role.FULL_NAME]) if Role.FULL_NAME in by_role else None
    if in_parts:
        return _parts(do, by_role, whole) | _generation(do, by_role)
    parts = [role for role in (Role.GIVEN_NAME, Role.FAMILY_NAME) if role in by_role]
    if parts:
        joined = do.mapped(_side_by_side(do, [do.first(by_role[role]) for role in parts]), str.strip)
        whole = joined if whole is None else do.first([whole, joined])
    if whole is None:
        return _generation(do, by_role) if Role.NAME_SUFFIX in by_role else {}
    return _whole(do, whole) | _generation(do, by_role)


def _generation(do: Operations, by_role: Mapping[Role, list[Values]]) -> dict[str, Values]:
    """Compute the generation from the suffix, else from what stands behind the family name or the whole name."""
    readers: dict[Role, Callable[[str], str | None]] = {
        Role.NAME_SUFFIX: generation,
        Role.FAMILY_NAME: lambda text: without_generation(fold(text))[1],
        Role.FULL_NAME: lambda text: generation(parse_full_name(text).suffix or ""),
    }
    found = [do.mapped(do.first(by_role[role]), read) for role, read in readers.items() if role in by_role]
    return {"generation": do.first([*found, do.nothing()])}


def _side_by_side(do: Operations, parts: list[Values]) -> Values:
    """Write the parts of a name as one text; empty without any."""
    return do.joined([do.or_blank(part) for part in parts], " ")


def _parts(do: Operations, by_role: Mapping[Role, list[Values]], whole: Values | None) -> dict[str, Values]:
    given, family, middle = (
        fold_values(do, do.first(by_role[role])) if role in by_role else do.nothing()
        for role in (Role.GIVEN_NAME, Role.FAMILY_NAME, Role.MIDDLE_NAME)
    )
    if whole is not None:
        lacking = do.where_none([given, family], whole)
        parsed = {part: do.mapped(lacking, _part_of_whole(part)) for part in ("given", "family", "middle")}
        given = do.first([given, parsed["given"]])
        family = do.first([family, parsed["family"]])
        middle = do.first([middle, parsed["middle"]])
    family = do.mapped(family, lambda text: without_generation(text)[0])
    words = [given, family] if whole is None else [given, family, fold_values(do, whole)]
    return {
        "given": given,
        "family": family,
        "middle": middle,
        "given_groups": do.mapped(given, _groups, "list"),
        "given_sound": do.mapped(given, _sound),
        "family_sound": do.mapped(family, _sound),
        "family_tokens": word_lists(do, family),
        # Words of all parts together meet however the parts were cut.
        "name_tokens": word_lists(do, _side_by_side(do, words)),
    }


def _part_of_whole(part: str) -> Callable[[str], str | None]:
    return lambda text: fold(getattr(parse_full_name(text), part) or "") or None


def _whole(do: Operations, whole: Values) -> dict[str, Values]:
    name = fold_values(do, whole)
    return {
        "name": name,
        "name_sorted": do.mapped(name, lambda text: " ".join(sorted(text.split(" ")))),
        "name_tokens": word_lists(do, name),
    }


def _groups(given: str) -> list[str] | None:
    groups = sorted({str(group) for group in nickname_groups(given.split(" ")[0])})
    return groups or None


def _sound(text: str) -> str | None:
    return phonetic(text) or None
