"""Knows the segments: one per file of `cypher/segments/`, described by the file's header.

A name comes in, its title, purpose and parameters with their defaults go out. A new file is a new segment.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from identity_graph.errors import InvalidSettingError, NotFoundError
from identity_graph.graph import all_queries

__all__ = ["Segment", "SegmentParameter", "find_segment", "list_segments"]

_FOLDER = "segments/"
_PAGING = frozenset({"after", "limit", "count"})
"""Parameters that every pattern takes for paging and counting; they are not the user's."""


@dataclass(frozen=True, slots=True)
class SegmentParameter:
    """A parameter of a segment; `default` is used when none is given, and its type is the parameter's type."""

    name: str
    description: str
    default: Any


@dataclass(frozen=True, slots=True)
class Segment:
    """A named pattern over customers."""

    name: str
    title: str
    purpose: str
    parameters: tuple[SegmentParameter, ...]

    def values(self, given: Mapping[str, str]) -> dict[str, Any]:
        """Read parameters given as text, and fill in the defaults of the others.

        Raises:
            InvalidSettingError: a parameter is unknown or does not have the type of its default.
        """
        unknown = sorted(set(given) - {parameter.name for parameter in self.parameters})
        if unknown:
            known = ", ".join(parameter.name for parameter in self.parameters)
            raise InvalidSettingError(
                f"The segment {self.name} has no parameter {unknown[0]!r}.",
                ids=unknown,
                next_step=f"It takes {known}." if known else "It takes none.",
            )
        return {
            parameter.name: _read(parameter, given[parameter.name]) if parameter.name in given else parameter.default
            for parameter in self.parameters
        }


def list_segments() -> tuple[Segment, ...]:
    """Return every segment, by name."""
    return tuple(
        Segment(
            name=query.name.removeprefix(_FOLDER),
            title=query.header.title or query.name.removeprefix(_FOLDER),
            purpose=query.header.purpose,
            parameters=tuple(
                SegmentParameter(name, description, query.header.example[name])
                for name, description in query.header.parameters.items()
                if name not in _PAGING
            ),
        )
        for query in all_queries()
        if query.name.startswith(_FOLDER)
    )


def find_segment(name: str) -> Segment:
    """Return the segment of that name.

    Raises:
        NotFoundError: there is none.
    """
    segments = {segment.name: segment for segment in list_segments()}
    if name not in segments:
        raise NotFoundError(
            f"There is no segment {name!r}.", ids=[name], next_step=f"There are {', '.join(sorted(segments))}."
        )
    return segments[name]


def _read(parameter: SegmentParameter, text: str) -> Any:
    """Read a text as the type of the parameter's default; lists are written with commas."""
    kind = type(parameter.default)
    if kind is str:
        return text
    if kind is list:
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind or value != value or value in (float("inf"), float("-inf")):
        names = {int: "a whole number", float: "a number", bool: "true or false"}
        raise InvalidSettingError(
            f"The parameter {parameter.name} is {text[:80]!r}.",
            ids=[parameter.name],
            next_step=f"Give {names.get(kind, kind.__name__)}, such as {json.dumps(parameter.default)}.",
        )
    return value
