"""Which comparisons a feature table allows: one per aspect, dependent evidence folded together.

Feature columns and the roles come in, comparisons come out in a fixed order. An aspect without values, or with the
same value everywhere, says nothing and is left out.
"""

from __future__ import annotations

from collections.abc import Mapping

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
    for attribute in sorted(roles):
        name, label = feature_name(attribute), attribute.replace("_", " ")
        if name in varying:
            offers.append(_own_comparison(roles[attribute], name, label))
    return tuple(offer for offer in offers if set(offer.columns) <= present)


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
