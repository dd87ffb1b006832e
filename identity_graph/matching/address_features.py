"""Address attributes to street, house number, postcode, city and region.

Sources with one address line and sources with separate columns meet in the same columns: the line is parsed and
fills what has no column of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from identity_graph.matching.columns import Operations, Values
from identity_graph.normalise import Address, fold, parse_address, street_key
from identity_graph.roles import Role

__all__ = ["address_features"]

_OWN_COLUMN = {
    "street": Role.STREET, "house_number": Role.HOUSE_NUMBER, "postcode": Role.POSTCODE, "city": Role.CITY,
    "region": Role.REGION,
}  # fmt: skip
_KEYS = {"street": street_key}
"""Comparison forms of parts that need more than folding."""
_LINE_PARTS = ("street", "house_number", "postcode", "city")


def address_features(do: Operations, by_role: Mapping[Role, list[Values]]) -> dict[str, Values]:
    """Compute `street`, `house_number`, `postcode`, `city`, `region`, the whole `address` key and coordinates."""
    features: dict[str, Values] = {
        part: do.mapped(do.first(by_role[role]), _key(part)) for part, role in _OWN_COLUMN.items() if role in by_role
    }
    for role in (Role.STREET, Role.ADDRESS):
        if role in by_role:
            for part, values in _parsed_line(do, do.first(by_role[role])).items():
                own = features.get(part)
                # A street column may hold the house number too; its own parse is then the better street.
                if own is None or (part == "street" and role is Role.STREET):
                    features[part] = values
                else:
                    features[part] = do.first([own, values])
    if "postcode" in features:
        features["postcode"] = do.mapped(features["postcode"], lambda text: text.replace(" ", ""))
    if "street" in features and "house_number" in features:
        features["address"] = do.joined([features["house_number"], features["street"]], " ")
    features.update(_coordinates(do, by_role))
    return features


def _parsed_line(do: Operations, line: Values) -> dict[str, Values]:
    parsed: dict[str, Address] = {}

    def reader(part: str) -> Callable[[str], str | None]:
        key = _key(part)

        def read(text: str) -> str | None:
            if text not in parsed:
                parsed[text] = parse_address(text)
            return key(getattr(parsed[text], part) or "")

        return read

    return {part: do.mapped(line, reader(part)) for part in _LINE_PARTS}


def _key(part: str) -> Callable[[str], str | None]:
    form = _KEYS.get(part, fold)
    return lambda text: form(text) or None


def _coordinates(do: Operations, by_role: Mapping[Role, list[Values]]) -> dict[str, Values]:
    """Degrees as numbers; a point at 0, 0 is a missing one."""
    if Role.LATITUDE not in by_role or Role.LONGITUDE not in by_role:
        return {}
    point = do.joined([do.first(by_role[Role.LATITUDE]), do.first(by_role[Role.LONGITUDE])], "\x1f")
    return {
        "latitude": do.mapped(point, lambda text: _degrees(text, 0), "number"),
        "longitude": do.mapped(point, lambda text: _degrees(text, 1), "number"),
    }


def _degrees(point: str, which: int) -> float | None:
    try:
        latitude, longitude = (float(text) for text in point.split("\x1f"))
    except ValueError:
        return None
    if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0) or latitude == longitude == 0.0:
        return None
    return (latitude, longitude)[which] + 0.0
