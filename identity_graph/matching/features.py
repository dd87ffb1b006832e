"""Canonical attributes to the columns that comparisons read and blocking keys are made of.

A record table and the roles of its attributes come in, a feature table with one row per record (in the same order)
comes out. Values repeat, so every text is worked on once per distinct value. Pure: what a record's features are
follows from the record and the vocabulary of the model, whatever other records there are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from anyascii import anyascii

from identity_graph.matching.address_features import address_features
from identity_graph.matching.columns import (
    COLUMN_TYPES,
    Operations,
    SingleValues,
    Values,
    WholeColumns,
    flat,
    fold_values,
    is_empty,
    word_lists,
)
from identity_graph.matching.name_features import NAME_PARTS, name_features
from identity_graph.matching.vocabulary import Vocabulary, common_items, common_words, words_elsewhere
from identity_graph.normalise import company_key, email_key, fold
from identity_graph.roles import IDENTIFIER_ROLES, Role
from identity_graph.tables import Table

__all__ = ["FEATURES_VERSION", "build_features", "feature_name", "learn_features", "record_features"]

FEATURES_VERSION = "6"
"""Changes whenever the same records would give other features; a model only scores features of its own version."""

_ALWAYS = NAME_PARTS | {"email_own"}
"""Columns kept even where empty, because comparisons read them beside others."""
_NAMES_OF_WORDS = frozenset({"name", "company", "title"})
"""Columns whose rare words say much; their words are in `<column>_tokens`."""
_WITH_OWN_NAME = frozenset({Role.PLACE, Role.CATEGORY, Role.TEXT, Role.NUMBER, Role.ENTITY_LIST})
_NO_DIGITS = re.compile(r"[^0-9]")
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
    do = WholeColumns(records.num_rows)
    named = _columns(records, roles)
    features = _plain_features(do, named, roles, vocabulary.names_in_parts)
    return _table(records, _with_rare(do, features, vocabulary), vocabulary)


def record_features(
    attributes: Mapping[str, str | None], roles: Mapping[str, Role], vocabulary: Vocabulary
) -> dict[str, Any]:
    """Compute the features of one record, the same as `build_features` gives it among others.

    Args:
        attributes: canonical text by attribute.
        roles: role of each attribute; attributes without a role are ignored.
        vocabulary: what was learnt in training.

    Returns:
        The features that the record says anything for: text, number or list of texts.
    """
    do = SingleValues()
    named = {name: attributes[name] for name in sorted(attributes) if name in roles and attributes[name] is not None}
    return _with_rare(do, _plain_features(do, named, roles, vocabulary.names_in_parts), vocabulary)


def learn_features(records: Table, roles: Mapping[str, Role]) -> tuple[Vocabulary, Table]:
    """Learn the vocabulary of a training table, and compute its features on the way.

    Args:
        records: record table, attributes as canonical text.
        roles: role of each attribute.

    Returns:
        The vocabulary and what `build_features` makes of the table with it. Columns without any value are left out.
    """
    do = WholeColumns(records.num_rows)
    named = _columns(records, roles)
    by_role = _by_role(named, roles)
    # Where any source gives the parts of a name, names are compared by their parts.
    in_parts = Role.GIVEN_NAME in by_role or Role.FAMILY_NAME in by_role
    features = _plain_features(do, named, roles, in_parts)
    common = {
        column: common_words(features[f"{column}_tokens"], features[column])
        for column in sorted(_NAMES_OF_WORDS)
        if column in features
    }
    common |= {
        column: common_items(features[column])
        for column in (feature_name(attribute) for attribute in named if roles[attribute] is Role.ENTITY_LIST)
    }
    kinds = {kind: name for name, kind in COLUMN_TYPES.items()}
    every = Vocabulary(
        {name: kinds[column.type] for name, column in features.items()},
        common,
        words_elsewhere(by_role) if common.keys() & _NAMES_OF_WORDS else frozenset(),
    )
    features = _with_rare(do, features, every)
    said = {name for name, column in features.items() if name in _ALWAYS or not is_empty(column)}
    vocabulary = replace(
        every,
        columns={name: kinds[features[name].type] for name in sorted(said)},
        common={column: words for column, words in common.items() if f"{column}_rare" in said},
    )
    return vocabulary, _table(records, features, vocabulary)


def _columns(records: Table, roles: Mapping[str, Role]) -> dict[str, Values]:
    """Return the columns with a role that hold any value, sorted by name."""
    present = sorted(roles.keys() & set(records.column_names))
    columns = {attribute: pc.cast(flat(records.column(attribute)), pa.string()) for attribute in present}
    return {attribute: column for attribute, column in columns.items() if not is_empty(column)}


def _by_role(named: Mapping[str, Values], roles: Mapping[str, Role]) -> dict[Role, list[Values]]:
    by_role: dict[Role, list[Values]] = {}
    for attribute, values in named.items():
        by_role.setdefault(roles[attribute], []).append(values)
    return by_role


def _plain_features(
    do: Operations, named: Mapping[str, Values], roles: Mapping[str, Role], in_parts: bool
) -> dict[str, Values]:
    """Compute the features that need no vocabulary."""
    by_role = _by_role(named, roles)
    features = name_features(do, by_role, in_parts)
    features.update(_birth_date(do, by_role))
    features.update(_contact(do, by_role))
    features.update(_beyond_the_name(do, features))
    features.update(address_features(do, by_role))
    features.update(_identifiers(do, by_role))
    features.update(_own_attributes(do, named, roles))
    return features


def _with_rare(do: Operations, features: Mapping[str, Values], vocabulary: Vocabulary) -> dict[str, Values]:
    """Add the words and items that are rare by the vocabulary."""
    rare = {}
    for column in vocabulary.common:
        words = column if vocabulary.columns[column] == "list" else f"{column}_tokens"
        if words in features:
            rare[f"{column}_rare"] = do.rare(features[words], vocabulary.silent(column))
    return {**features, **rare}


def _table(records: Table, features: Mapping[str, Values], vocabulary: Vocabulary) -> Table:
    columns: dict[str, Any] = {"row": pa.array(range(records.num_rows), pa.int32())}
    columns["source"] = _source(records)
    for name, kind in vocabulary.columns.items():
        columns[name] = features[name] if name in features else pa.nulls(records.num_rows, COLUMN_TYPES[kind])
    return pa.table(columns)


def _source(records: Table) -> Values:
    if "source" not in records.column_names:
        return pa.array([""] * records.num_rows, pa.string())
    return pc.fill_null(pc.cast(records.column("source").combine_chunks(), pa.string()), "")


def _birth_date(do: Operations, by_role: Mapping[Role, list[Values]]) -> dict[str, Values]:
    """Birth date as digits: eight for a whole date, six or four for a partial one."""
    if Role.BIRTH_DATE not in by_role:
        return {}
    return {"birth_date": do.mapped(do.first(by_role[Role.BIRTH_DATE]), _date_digits)}


def _date_digits(text: str) -> str | None:
    digits = _NO_DIGITS.sub("", text)
    return digits if len(digits) in (4, 6, 8) else None


def _contact(do: Operations, by_role: Mapping[Role, list[Values]]) -> dict[str, Values]:
    features: dict[str, Values] = {}
    if Role.EMAIL in by_role:
        features["email"] = do.mapped(do.first(by_role[Role.EMAIL]), lambda text: anyascii(email_key(text)) or None)
        features["email_local"] = do.mapped(features["email"], _local_part)
    if Role.PHONE in by_role:
        features["phone"] = do.mapped(do.first(by_role[Role.PHONE]), _phone_digits)
        features["phone_tail"] = do.mapped(features["phone"], lambda digits: digits[-7:])
    if Role.COMPANY in by_role:
        features["company"] = do.mapped(do.first(by_role[Role.COMPANY]), lambda text: company_key(text) or None)
        features["company_tokens"] = word_lists(do, features["company"])
    if Role.TITLE in by_role:
        features["title"] = fold_values(do, do.first(by_role[Role.TITLE]))
        features["title_tokens"] = word_lists(do, features["title"])
    if Role.GENDER in by_role:
        features["gender"] = fold_values(do, do.first(by_role[Role.GENDER]))
    return features


def _local_part(email: str) -> str | None:
    local = email.partition("@")[0]
    return local if len(local) > 3 else None


def _phone_digits(text: str) -> str | None:
    digits = _NO_DIGITS.sub("", text)
    return digits if len(digits) > 4 else None


def _beyond_the_name(do: Operations, features: Mapping[str, Values]) -> dict[str, Values]:
    """What the local part of an e-mail address says beyond the name of its owner: `4170` of `jane_doe4170`."""
    if "email_local" not in features:
        return {}
    names = [do.or_blank(features[part]) for part in ("given", "family", "middle", "name") if part in features]
    return {"email_own": do.mapped(do.joined([features["email_local"], *names], "\x1f"), _own_part)}


def _own_part(text: str) -> str | None:
    local, *names = text.split("\x1f")
    for word in sorted((word for name in names for word in name.split(" ") if len(word) > 1), key=len, reverse=True):
        local = local.replace(word, "", 1)
    local = re.sub(r"[\W_]", "", local)
    return local or None


def _identifiers(do: Operations, by_role: Mapping[Role, list[Values]]) -> dict[str, Values]:
    """Identifiers of one person, letters and digits only."""
    return {
        role.value: do.mapped(do.first(by_role[role]), lambda text: fold(text).replace(" ", "") or None)
        for role in sorted(_PLAIN_IDENTIFIERS & by_role.keys())
    }


def _own_attributes(do: Operations, named: Mapping[str, Values], roles: Mapping[str, Role]) -> dict[str, Values]:
    features: dict[str, Values] = {}
    for attribute, values in named.items():
        role = roles[attribute]
        if role not in _WITH_OWN_NAME:
            continue
        name = feature_name(attribute)
        if role is Role.NUMBER:
            features[name] = do.mapped(values, _number, "number")
        elif role is Role.ENTITY_LIST:
            features[name] = do.mapped(values, _items, "list")
        else:
            features[name] = fold_values(do, values)
            if role is Role.TEXT:
                features[f"{name}_tokens"] = word_lists(do, features[name])
    return features


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number + 0.0 if abs(number) < 1e300 else None  # no minus zero


def _items(text: str) -> list[str] | None:
    items = {fold(item) for item in text.split("|")}
    return sorted(item for item in items if len(item) > 1 and item != "none") or None
