"""Canonical attributes to the columns that comparisons read and blocking keys are made of.

A record table and the roles of its attributes come in, a feature table with one row per record (in the same order)
comes out. Values repeat, so every text is worked on once per distinct value. Pure: what a record's features are
follows from the record and the vocabulary of the model, whatever other records there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from identity_graph.matching.address_features import address_features
from identity_graph.matching.columns import (
    coalesced,
    flat,
    fold_column,
    is_empty,
    map_distinct,
    rare_words,
    words_column,
)
from identity_graph.matching.name_features import NAME_PARTS, name_features
from identity_graph.matching.vocabulary import (
    COLUMN_TYPES,
    Vocabulary,
    common_items,
    common_words,
    words_elsewhere,
)
from identity_graph.normalise import company_key, email_key, fold
from identity_graph.roles import IDENTIFIER_ROLES, Role
from identity_graph.tables import Table

__all__ = ["FEATURES_VERSION", "build_features", "feature_name", "learn_features"]

FEATURES_VERSION = "4"
"""Changes whenever the same records would give other features; a model only scores features of its own version."""

Array: TypeAlias = "pa.Array"

_ALWAYS = NAME_PARTS | {"email_own"}
"""Columns kept even where empty, because comparisons read them beside others."""
_NAMES_OF_WORDS = frozenset({"name", "company", "title"})
"""Columns whose rare words say much; their words are in `<column>_tokens`."""
_PLAIN_IDENTIFIERS = IDENTIFIER_ROLES - {Role.EMAIL, Role.PHONE}


def feature_name(attribute: str) -> str:
    """Return the column name of an attribute that keeps a name of its own: letters, digits and underscores."""
    return "own_" + re.sub(r"\W", "_", attribute.lower())


def build_features(records: Table, roles: Mapping[str, Role], vocabulary: Vocabulary) -> Table:
    """Compute the features a vocabulary knows; a row's features are those of that row alone.

    Args:
        records: record table, attributes as canonical text.
        roles: role of each attribute; attributes without a role, or absent from the table, are ignored.
        vocabulary: what was learnt in training.

    Returns:
        `row` (int32, the position in `records`), `source` (text) and every column of the vocabulary, one row per
        record in the order of `records`.
    """
    by_role, named = _by_role(records, roles)
    features = _plain_features(by_role, named, "given" in vocabulary.columns)
    return _table(records, _with_rare(features, vocabulary), vocabulary)


def learn_features(records: Table, roles: Mapping[str, Role]) -> tuple[Vocabulary, Table]:
    """Learn the vocabulary of a training table, and compute its features on the way.

    Args:
        records: record table, attributes as canonical text.
        roles: role of each attribute.

    Returns:
        The vocabulary and what `build_features` makes of the table with it. Columns without any value are left out.
    """
    by_role, named = _by_role(records, roles)
    # Where any source gives the parts of a name, names are compared by their parts.
    in_parts = Role.GIVEN_NAME in by_role or Role.FAMILY_NAME in by_role
    features = _plain_features(by_role, named, in_parts)
    common = {
        column: common_words(features[f"{column}_tokens"], features[column])
        for column in sorted(_NAMES_OF_WORDS)
        if column in features
    }
    common |= {
        column: common_items(features[column])
        for column in (feature_name(attribute) for attribute, (role, _) in named.items() if role is Role.ENTITY_LIST)
    }
    kinds = {kind: name for name, kind in COLUMN_TYPES.items()}
    every = Vocabulary(
        {name: kinds[column.type] for name, column in features.items()},
        common,
        words_elsewhere(by_role) if common.keys() & _NAMES_OF_WORDS else frozenset(),
    )
    features = _with_rare(features, every)
    said = {name for name, column in features.items() if name in _ALWAYS or not is_empty(column)}
    vocabulary = replace(
        every,
        columns={name: kinds[features[name].type] for name in sorted(said)},
        common={column: words for column, words in common.items() if f"{column}_rare" in said},
    )
    return vocabulary, _table(records, features, vocabulary)


def _by_role(
    records: Table, roles: Mapping[str, Role]
) -> tuple[dict[Role, list[Array]], dict[str, tuple[Role, Array]]]:
    """Return the columns that hold any value, by role and by attribute."""
    by_role: dict[Role, list[Array]] = {}
    named: dict[str, tuple[Role, Array]] = {}
    for attribute in sorted(roles):
        if attribute not in records.column_names:
            continue
        column = pc.cast(flat(records.column(attribute)), pa.string())
        if is_empty(column):
            continue
        by_role.setdefault(roles[attribute], []).append(column)
        named[attribute] = (roles[attribute], column)
    return by_role, named


def _plain_features(
    by_role: Mapping[Role, list[Array]], named: Mapping[str, tuple[Role, Array]], in_parts: bool
) -> dict[str, Array]:
    """Compute the features that need no vocabulary."""
    features: dict[str, Array] = {}
    features.update(name_features(by_role, in_parts))
    features.update(_birth_date(by_role))
    features.update(_contact(by_role))
    features.update(_beyond_the_name(features))
    features.update(address_features(by_role))
    features.update(_identifiers(by_role))
    features.update(_own_attributes(named))
    return features


def _with_rare(features: Mapping[str, Array], vocabulary: Vocabulary) -> dict[str, Array]:
    """Add the words and items that are rare by the vocabulary."""
    rare = {}
    for column in vocabulary.common:
        words = column if vocabulary.columns[column] == "list" else f"{column}_tokens"
        if words in features:
            rare[f"{column}_rare"] = rare_words(features[words], vocabulary.silent(column))
    return {**features, **rare}


def _table(records: Table, features: Mapping[str, Array], vocabulary: Vocabulary) -> Table:
    columns: dict[str, Any] = {"row": pa.array(range(records.num_rows), pa.int32())}
    columns["source"] = _source(records)
    for name, kind in vocabulary.columns.items():
        columns[name] = features[name] if name in features else pa.nulls(records.num_rows, COLUMN_TYPES[kind])
    return pa.table(columns)


def _source(records: Table) -> Array:
    if "source" not in records.column_names:
        return pa.array([""] * records.num_rows, pa.string())
    return pc.fill_null(pc.cast(records.column("source").combine_chunks(), pa.string()), "")


def _birth_date(by_role: Mapping[Role, list[Array]]) -> dict[str, Array]:
    """Birth date as digits: eight for a whole date, six or four for a partial one."""
    if Role.BIRTH_DATE not in by_role:
        return {}
    digits = pc.replace_substring_regex(coalesced(by_role[Role.BIRTH_DATE]), r"\D", "")
    known = pc.is_in(pc.utf8_length(digits), value_set=pa.array([4, 6, 8], pa.int32()))
    return {"birth_date": pc.if_else(known, digits, None)}


def _contact(by_role: Mapping[Role, list[Array]]) -> dict[str, Array]:
    features: dict[str, Array] = {}
    if Role.EMAIL in by_role:
        features["email"] = map_distinct(coalesced(by_role[Role.EMAIL]), lambda text: anyascii(email_key(text)) or None)
        local = pc.replace_substring_regex(features["email"], r"@.*$", "")
        features["email_local"] = pc.if_else(pc.greater(pc.utf8_length(local), 3), local, None)
    if Role.PHONE in by_role:
        digits = pc.replace_substring_regex(coalesced(by_role[Role.PHONE]), r"\D", "")
        features["phone"] = pc.if_else(pc.greater(pc.utf8_length(digits), 4), digits, None)
        tail = pc.utf8_slice_codeunits(features["phone"], -7, None)
        features["phone_tail"] = tail
    if Role.COMPANY in by_role:
        features["company"] = map_distinct(coalesced(by_role[Role.COMPANY]), lambda text: company_key(text) or None)
        features["company_tokens"] = words_column(features["company"])
    if Role.TITLE in by_role:
        features["title"] = fold_column(coalesced(by_role[Role.TITLE]))
        features["title_tokens"] = words_column(features["title"])
    if Role.GENDER in by_role:
        features["gender"] = fold_column(coalesced(by_role[Role.GENDER]))
    return features


def _beyond_the_name(features: Mapping[str, Array]) -> dict[str, Array]:
    """What the local part of an e-mail address says beyond the name of its owner: `4170` of `jane_doe4170`."""
    if "email_local" not in features:
        return {}
    local = features["email_local"]
    names = [features[part] for part in ("given", "family", "name") if part in features]
    texts = [pc.fill_null(pc.cast(column, pa.string()), "") for column in (local, *names)]
    known = pc.is_valid(local)
    joined = pc.if_else(known, pc.binary_join_element_wise(*texts, "\x1f"), None)
    return {"email_own": map_distinct(joined, _own_part)}


def _own_part(text: str) -> str | None:
    local, *names = text.split("\x1f")
    for word in sorted((word for name in names for word in name.split(" ") if len(word) > 2), key=len, reverse=True):
        local = local.replace(word, "", 1)
    local = re.sub(r"[\W_]", "", local)
    return local if len(local) > 2 else None


def _identifiers(by_role: Mapping[Role, list[Array]]) -> dict[str, Array]:
    """Identifiers of one person, letters and digits only."""
    return {
        role.value: map_distinct(coalesced(by_role[role]), lambda text: fold(text).replace(" ", "") or None)
        for role in sorted(_PLAIN_IDENTIFIERS)
        if role in by_role
    }


def _own_attributes(named: Mapping[str, tuple[Role, Array]]) -> dict[str, Array]:
    features: dict[str, Array] = {}
    for attribute, (role, column) in named.items():
        name = feature_name(attribute)
        if role in (Role.PLACE, Role.CATEGORY, Role.TEXT):
            features[name] = fold_column(column)
            if role is Role.TEXT:
                features[f"{name}_tokens"] = words_column(features[name])
        elif role is Role.NUMBER:
            features[name] = map_distinct(column, _number, pa.float64())
        elif role is Role.ENTITY_LIST:
            features[name] = map_distinct(column, _items, pa.list_(pa.string()))
    return features


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e300 else None


def _items(text: str) -> list[str] | None:
    items = {fold(item) for item in text.split("|")}
    return sorted(item for item in items if len(item) > 1 and item != "none") or None
