"""Mappings as YAML files: written for people, read with every mistake named.

A path or text comes in and a SourceMapping goes out, or the other way round; what is written reads back as the same
mapping.
"""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from identity_graph.errors import InvalidMappingError
from identity_graph.roles import IDENTIFIER_ROLES, STRUCTURE_ROLES, Role
from identity_graph.sources.mapping import (
    ColumnMapping,
    SourceMapping,
    TouchpointMapping,
    check_source_name,
    is_attribute_name,
    is_snake_name,
    name_attributes,
)  # fmt: skip

__all__ = ["mapping_from_text", "mapping_to_text", "read_mapping", "write_mapping"]


class _Column(BaseModel):
    model_config = ConfigDict(extra="forbid")

    role: str
    attribute: str | None = None
    namespace: str | None = None


class _Touchpoint(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: str | None = None
    at: str | None = None
    type: str = "event"
    type_column: str | None = None
    channel: str = "unknown"
    channel_column: str | None = None


class _Mapping(BaseModel):
    model_config = ConfigDict(extra="forbid")

    source: str | None = None
    source_column: str | None = None
    record_id: str | Annotated[list[str], Field(min_length=1)] | None = None
    grows: bool = False
    default_region: str | None = Field(None, pattern=r"^[A-Z]{2}$")
    day_first: bool = True
    placeholder_dates: list[date] | None = None
    encoding: str | None = None
    delimiter: str | None = Field(None, min_length=1, max_length=1)
    columns: dict[str, _Column | str] = Field(min_length=1)
    touchpoint: _Touchpoint | None = None


def read_mapping(path: Path) -> SourceMapping:
    """Read a mapping file.

    Raises:
        InvalidMappingError: there is no such file, it is no YAML, or it names something that does not exist.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as problem:
        raise InvalidMappingError(
            f"There is no mapping file {str(path)!r}.",
            ids=[str(path)],
            next_step="Check the path; `identity-graph mapping FILE -o FOLDER` writes one to begin with.",
        ) from problem
    except (OSError, UnicodeDecodeError) as problem:
        raise InvalidMappingError(
            f"The mapping {path} cannot be read: {problem}.", ids=[str(path)], next_step="It must be a UTF-8 text file."
        ) from problem
    return mapping_from_text(text, str(path))


def write_mapping(mapping: SourceMapping, path: Path) -> None:
    """Write a mapping file; what stands there is replaced."""
    path.write_text(mapping_to_text(mapping), encoding="utf-8")


def mapping_from_text(text: str, name: str = "the mapping") -> SourceMapping:
    """Read a mapping from YAML text.

    Args:
        text: YAML; `columns` maps a column to a role, or to `{role, attribute, namespace}`.
        name: what to call it in messages.

    Raises:
        InvalidMappingError: it is no YAML, or it names something that does not exist.
    """
    try:
        found = yaml.safe_load(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as problem:
        raise InvalidMappingError(f"{name} is no YAML: {problem}.", ids=[name]) from problem
    if not isinstance(found, dict):
        raise InvalidMappingError(f"{name} is no mapping of names to values.", ids=[name])
    lines = _lines(node)
    try:
        parsed = _Mapping.model_validate(found)
    except ValidationError as problem:
        raise _explained(problem, name, lines) from problem
    columns = {
        column: _column(column, said, _place(name, lines, ("columns", column)))
        for column, said in parsed.columns.items()
    }
    _check_attributes(columns, name, lines)
    touchpoint = None if parsed.touchpoint is None else TouchpointMapping(**parsed.touchpoint.model_dump())
    return SourceMapping(
        columns=name_attributes(columns),
        source=None if parsed.source is None else check_source_name(parsed.source),
        touchpoint=touchpoint,
        record_id=_id_columns(parsed.record_id),
        placeholder_dates=_iso_dates(parsed.placeholder_dates),
        **parsed.model_dump(include={"source_column", "grows", "default_region", "day_first", "encoding", "delimiter"}),
    )  # fmt: skip


def mapping_to_text(mapping: SourceMapping) -> str:
    """Write a mapping as YAML text; a column whose names follow from its role is written as the role alone."""
    plain = name_attributes({name: ColumnMapping(mapped.role) for name, mapped in mapping.columns.items()})
    written: dict[str, Any] = {}
    for field in (
        "source",
        "source_column",
        "record_id",
        "default_region",
        "placeholder_dates",
        "encoding",
        "delimiter",
    ):
        if getattr(mapping, field) is not None:
            said = getattr(mapping, field)
            written[field] = list(said) if isinstance(said, tuple) else said
    written |= {"grows": mapping.grows, "day_first": mapping.day_first}
    written["columns"] = {
        name: mapped.role.value if mapped == plain[name] else _written(mapped)
        for name, mapped in mapping.columns.items()
    }
    if mapping.touchpoint is not None:
        fields = ("id", "at", "type", "type_column", "channel", "channel_column")
        values = {field: getattr(mapping.touchpoint, field) for field in fields}
        written["touchpoint"] = {field: value for field, value in values.items() if value is not None}
    return yaml.safe_dump(written, sort_keys=False, allow_unicode=True, width=10_000)


def _id_columns(said: str | list[str] | None) -> str | tuple[str, ...] | None:
    """Read a list of one column as that column, so that its ids carry no column name."""
    if said is None or isinstance(said, str):
        return said
    return said[0] if len(said) == 1 else tuple(said)


def _iso_dates(dates: list[date] | None) -> tuple[str, ...] | None:
    return None if dates is None else tuple(sorted(found.isoformat() for found in dates))


def _written(mapped: ColumnMapping) -> dict[str, str]:
    fields = {"role": mapped.role.value, "attribute": mapped.attribute, "namespace": mapped.namespace}
    return {field: value for field, value in fields.items() if value is not None}


def _column(column: str, said: _Column | str, place: str) -> ColumnMapping:
    said = _Column(role=said) if isinstance(said, str) else said
    try:
        role = Role(said.role)
    except ValueError as problem:
        known = [role.value for role in Role]
        near = get_close_matches(said.role, known, n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known roles: {', '.join(known)}."
        raise InvalidMappingError(
            f"{place}: column {column!r} has the unknown role {said.role!r}.", ids=[column, said.role], next_step=hint
        ) from problem
    if said.namespace is not None and (":" in said.namespace or not is_snake_name(said.namespace)):
        raise InvalidMappingError(
            f"{place}: the namespace {said.namespace!r} of column {column!r} is not lower snake case.", ids=[column]
        )
    if said.namespace is not None and role in STRUCTURE_ROLES:
        raise InvalidMappingError(
            f"{place}: column {column!r} has the role {role.value!r}, which holds no identifiers.", ids=[column],
            next_step=f"Roles with identifiers: {', '.join(sorted(IDENTIFIER_ROLES))}.",
        )  # fmt: skip
    return ColumnMapping(role, None if role in STRUCTURE_ROLES else said.attribute, said.namespace)


def _check_attributes(columns: dict[str, ColumnMapping], name: str, lines: dict[tuple[str, ...], int]) -> None:
    used: dict[str, str] = {}
    for column, mapped in columns.items():
        if mapped.attribute is None:
            continue
        place = _place(name, lines, ("columns", column))
        if not is_attribute_name(mapped.attribute):
            raise InvalidMappingError(
                f"{place}: the attribute {mapped.attribute!r} of column {column!r} is taken or not lower snake case.",
                ids=[column],
            )
        if mapped.attribute in used:
            raise InvalidMappingError(
                f"{place}: columns {used[mapped.attribute]!r} and {column!r} are both called {mapped.attribute!r}.",
                ids=[used[mapped.attribute], column],
            )
        used[mapped.attribute] = column


def _lines(node: yaml.Node | None, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], int]:
    """Return the 1-based line of every key, by its path."""
    found: dict[tuple[str, ...], int] = {}
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            found[here] = key.start_mark.line + 1
            found |= _lines(value, here)
    return found


def _place(name: str, lines: dict[tuple[str, ...], int], path: tuple[str, ...]) -> str:
    line = lines.get(path)
    return f"{name}, line {line}" if line else name


def _explained(problem: ValidationError, name: str, lines: dict[tuple[str, ...], int]) -> InvalidMappingError:
    """Say the first thing that is wrong, where, and what was probably meant."""
    error = problem.errors()[0]
    path = tuple(str(part) for part in error["loc"] if str(part) not in ("_Column", "str", "list[str]"))
    while path and path not in lines:
        path = path[:-1]
    if error["type"] == "extra_forbidden":
        models: dict[int, type[BaseModel]] = {1: _Mapping, 2: _Touchpoint}
        model = models.get(len(path), _Column)
        near = get_close_matches(path[-1], list(model.model_fields), n=1, cutoff=0.5)
        hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(model.model_fields)}."
        return InvalidMappingError(
            f"{_place(name, lines, path)}: there is no {path[-1]!r}.", ids=[path[-1]], next_step=hint
        )
    said = ".".join(path) or "it"
    return InvalidMappingError(f"{_place(name, lines, path)}: {said}: {error['msg']}.", ids=[said])
