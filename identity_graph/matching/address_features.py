"""Address attributes to street, house number, postcode, city and region.

Sources with one address line and sources with separate columns meet in the same columns: the line is parsed and
fills what has no column of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.matching.columns import coalesced, map_distinct
from identity_graph.normalise import fold, parse_address, street_key
from identity_graph.roles import Role

__all__ = ["address_features"]

Array: TypeAlias = "pa.Array"

_OWN_COLUMN = {
    "street": Role.STREET, "house_number": Role.HOUSE_NUMBER, "postcode": Role.POSTCODE, "city": Role.CITY,
    "region": Role.REGION,
}  # fmt: skip
_KEYS = {"street": street_key}
"""Comparison forms of parts that need more than folding."""
_LINE_PARTS = ("street", "house_number", "postcode", "city")


def address_features(by_role: Mapping[Role, list[Array]]) -> dict[str, Array]:
    """Compute `street`, `house_number`, `postcode`, `city`, `region`, the whole `address` key and coordinates."""
    features: dict[str, Array] = {
        part: map_distinct(coalesced(by_role[role]), _key(part))
        for part, role in _OWN_COLUMN.items()
        if role in by_role
    }
    for role in (Role.STREET, Role.ADDRESS):
        if role in by_role:
            for part, column in _parsed_line(coalesced(by_role[role])).items():
                own = features.get(part)
                # A street column may hold the house number too; its own parse is then the better street.
                if own is None or (part == "street" and role is Role.STREET):
                    features[part] = column
                else:
                    features[part] = pc.coalesce(own, column)
    if "postcode" in features:
        features["postcode"] = pc.replace_substring(features["postcode"], " ", "")
    if "street" in features and "house_number" in features:
        features["address"] = pc.binary_join_element_wise(features["house_number"], features["street"], " ")
    features.update(_coordinates(by_role))
    return features


def _parsed_line(line: Array) -> dict[str, Array]:
    encoded = line.dictionary_encode()
    parsed = [parse_address(text) for text in encoded.dictionary.to_pylist()]
    columns: dict[str, Array] = {}
    for part in _LINE_PARTS:
        key = _key(part)
        values = pa.array([key(getattr(address, part, None) or "") for address in parsed], pa.string())
        columns[part] = values.take(encoded.indices)
    return columns


def _key(part: str) -> Callable[[str], str | None]:
    form = _KEYS.get(part, fold)
    return lambda text: form(text) or None


def _coordinates(by_role: Mapping[Role, list[Array]]) -> dict[str, Array]:
    """Degrees as numbers; a point at 0, 0 is a missing one."""
    if Role.LATITUDE not in by_role or Role.LONGITUDE not in by_role:
        return {}
    latitude = map_distinct(coalesced(by_role[Role.LATITUDE]), lambda text: _degrees(text, 90.0), pa.float64())
    longitude = map_distinct(coalesced(by_role[Role.LONGITUDE]), lambda text: _degrees(text, 180.0), pa.float64())
    real: Any = pc.or_(pc.not_equal(latitude, 0.0), pc.not_equal(longitude, 0.0))
    return {"latitude": pc.if_else(real, latitude, None), "longitude": pc.if_else(real, longitude, None)}


def _degrees(text: str, limit: float) -> float | None:
    try:
        degrees = float(text)
    except ValueError:
        return None
    return degrees if abs(degrees) <= limit else None
