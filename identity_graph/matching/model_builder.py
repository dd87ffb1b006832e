"""Which comparisons a feature table allows: one per aspect, dependent evidence folded together.

Feature columns and the roles come in, comparisons come out in a fixed order. An aspect without values, or with the
same value everywhere, says nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.matching.comparison import Comparison
from identity_graph.matching.contact_comparisons import (
    COMPANY,
    COORDINATES,
    EMAIL,
    PHONE,
    TITLE,
    address_comparison,
    category_comparison,
    identifier_comparison,
    list_comparison,
    number_comparison,
    text_comparison,
)
from identity_graph.matching.features import feature_name
from identity_graph.matching.person_comparisons import (
    BIRTH_DATE,
    FAMILY_NAME,
    GENDER,
    GENERATION,
    GIVEN_NAME,
    MIDDLE_NAME,
    WHOLE_NAME,
)
from identity_graph.roles import IDENTIFIER_ROLES, Role
from identity_graph.tables import Table

__all__ = ["build_comparisons"]

_FIXED = (
    FAMILY_NAME, GIVEN_NAME, MIDDLE_NAME, WHOLE_NAME, GENERATION, BIRTH_DATE, GENDER, EMAIL, PHONE, COMPANY,
    TITLE, COORDINATES,
)  # fmt: skip

_OWN_ATTRIBUTES = 30
"""Attributes with a name of their own that are compared at most; every one costs as much as a name."""


def build_comparisons(features: Table, roles: Mapping[str, Role]) -> tuple[Comparison, ...]:
    """Choose the comparisons for a feature table.

    Args:
        features: feature table of `build_features`.
        roles: role of each attribute.

    Returns:
        Comparisons whose columns all exist and vary, each aspect once.
    """
    varying = {name for name in features.column_names if name not in ("row", "source") and _varies(features, name)}
    present = set(features.column_names)
    offers = [comparison for comparison in _FIXED if comparison.columns[0] in varying]
    address = address_comparison(varying)
    if address is not None:
        offers.append(address)
    for role in sorted(IDENTIFIER_ROLES - {Role.EMAIL, Role.PHONE}):
        if role.value in varying:
            offers.append(identifier_comparison(role.value, role.value.replace("_", " "), role is not Role.WEBSITE))
    telling = _most_telling(features, [name for name in map(feature_name, sorted(roles)) if name in varying])
    for attribute in sorted(roles):
        name, label = feature_name(attribute), attribute.replace("_", " ")
        if name in telling:
            offers.append(_own_comparison(roles[attribute], name, label))
    return tuple(offer for offer in offers if set(offer.columns) <= present)


def _most_telling(features: Table, names: Sequence[str]) -> frozenset[str]:
    """Keep the attributes that tell most: a table of hundreds of measurements must not become hundreds of comparisons.

    What one tells is the share of records that have a value, times the bits an agreement of two strangers is short of
    certain: -log2 of the chance that two values are equal.
    """
    if len(names) <= _OWN_ATTRIBUTES:
        return frozenset(names)
    told = {}
    for name in names:
        column = features.column(name)
        if pa.types.is_list(column.type):
            column = column.combine_chunks().flatten()
        counts = pc.value_counts(column.drop_null()).field("counts").to_numpy(zero_copy_only=False)
        equal = float(((counts / counts.sum()) ** 2).sum())
        told[name] = -float(np.log2(equal)) * int(counts.sum()) / max(features.num_rows, 1)
    return frozenset(sorted(names, key=lambda name: (-told[name], name))[:_OWN_ATTRIBUTES])


def _own_comparison(role: Role, name: str, label: str) -> Comparison:
    if role is Role.ENTITY_LIST:
        return list_comparison(name, label)
    if role is Role.NUMBER:
        return number_comparison(name, label)
    if role is Role.TEXT:
        return text_comparison(name, label)
    return category_comparison(name, label)


def _varies(features: Table, name: str) -> bool:
    column = features.column(name)
    if pa.types.is_list(column.type):
        column = column.combine_chunks().flatten()
    return bool(pc.count_distinct(column, mode="only_valid").as_py() > 1)
