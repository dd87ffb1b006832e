"""Driver values to plain ones: nodes and relationships become maps of their properties, times ISO-8601 text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["plain_row", "plain_value"]

_PLAIN = (str, int, float, bool, type(None))


def plain_row(record: Mapping[str, Any]) -> dict[str, Any]:
    """Turn one result record into a row of plain values."""
    return {key: value if isinstance(value, _PLAIN) else plain_value(value) for key, value in record.items()}


def plain_value(value: Any) -> Any:
    """Turn one driver value into text, number, bool, None, bytes, list or map.

    Raises:
        TypeError: the engine sent a type that no query of ours returns, such as a path.
    """
    if isinstance(value, (*_PLAIN, bytes)):
        return value
    if isinstance(value, list | tuple) and not hasattr(value, "iso_format"):
        return [plain_value(item) for item in value]
    if hasattr(value, "iso_format"):
        return value.iso_format()
    if hasattr(value, "items"):
        return {key: plain_value(item) for key, item in value.items()}
    raise TypeError(f"A query returned a {type(value).__name__}; return its properties instead.")
