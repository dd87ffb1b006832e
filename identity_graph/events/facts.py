"""Many events to one batch of facts: records that grow, touchpoints, and what could not be read.

Events of the journal come in; a fact batch, what each source's attributes mean, and refused events go out. A pure
function of the events and the context: the same events in any batching give the same facts. Values are read column by
column, because events of one source repeat themselves.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from identity_graph.events.message import MessageProblem
from identity_graph.events.observation import Observation, observe
from identity_graph.journal.port import JournalEvent, RefusedEvent
from identity_graph.model import record_key
from identity_graph.normalise import NormaliseContext, normalise_column
from identity_graph.roles import IDENTIFIER_ROLES, Role
from identity_graph.sources.batches import FactBatch
from identity_graph.sources.same_record import merge_same_record
from identity_graph.tables import RECORD_SCHEMA, SEEN_STRUCT, TOUCHPOINT_SCHEMA

__all__ = ["CUSTOM_TRAITS", "EventFacts", "event_facts"]

CUSTOM_TRAITS = 300
"""Attributes a source may have for traits that no role explains; further ones stay in the touchpoints."""

_Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class EventFacts:
    """The facts of some events.

    Attributes:
        batch: records and touchpoints.
        roles: source -> attribute -> role, of the attributes in the batch that have one.
        custom: source -> attributes without a role, those known before included.
        refused: events that are about nobody, and those of which a value could not be read (`applied`).
    """

    batch: FactBatch
    roles: Mapping[str, Mapping[str, Role]]
    custom: Mapping[str, frozenset[str]]
    refused: tuple[RefusedEvent, ...]


@dataclass(slots=True)
class _Rows:
    """Rows of records on their way to columns."""

    keys: list[tuple[str, str]] = field(default_factory=list)
    at: list[Any] = field(default_factory=list)
    event: list[int] = field(default_factory=list)
    texts: dict[tuple[str, Role], dict[int, str]] = field(default_factory=dict)
    custom: dict[str, dict[int, str]] = field(default_factory=dict)
    removed: dict[int, list[str]] = field(default_factory=dict)
    identifiers: dict[tuple[str, Role], list[tuple[int, str]]] = field(default_factory=dict)


def event_facts(
    events: Sequence[JournalEvent], context: NormaliseContext, custom: Mapping[str, frozenset[str]]
) -> EventFacts:
    """Turn events into facts.

    Args:
        events: in order of acceptance.
        context: how values without a country are read.
        custom: source -> attributes without a role that its records have already.

    Returns:
        The facts; each record and each touchpoint once.
    """
    refused: list[RefusedEvent] = []
    seen: list[Observation] = []
    kept: list[JournalEvent] = []
    for event in events:
        found = observe(event)
        if isinstance(found, MessageProblem):
            refused.append(RefusedEvent(event, found.code, found.detail))
        else:
            seen.append(found)
            kept.append(event)
    known = {source: set(names) for source, names in custom.items()}
    roles: dict[str, dict[str, Role]] = {}
    rows = _rows(seen, known, roles)
    attributes, problems = _attributes(rows, context)
    identifiers = _identifiers(rows, attributes, context)
    records = _record_table(rows, attributes, identifiers)
    merged = merge_same_record(records, grows=True)
    batch = FactBatch(
        merged, _touchpoint_table(seen, rows, identifiers), (), records.num_rows, records.num_rows - merged.num_rows
    )
    for number, what in sorted(problems.items()):
        detail = f"Its facts are stored without what cannot be read: {'; '.join(what)}."
        refused.append(RefusedEvent(kept[number], "unreadable_value", detail, applied=True))
    return EventFacts(batch, roles, {name: frozenset(names) for name, names in known.items()}, tuple(refused))


def _rows(seen: Sequence[Observation], custom: dict[str, set[str]], roles: dict[str, dict[str, Role]]) -> _Rows:
    """Lay out the records that observations are about; `custom` and `roles` learn of new attributes."""
    rows = _Rows()
    for number, one in enumerate(seen):
        known = custom.setdefault(one.source, set())
        meanings = roles.setdefault(one.source, {})
        first = len(rows.keys)
        for record_id, held in zip(one.record_ids, one.identifiers, strict=True):
            row = len(rows.keys)
            rows.keys.append((one.source, record_id))
            rows.at.append(one.at)
            rows.event.append(number)
            for raw in held:
                rows.identifiers.setdefault((raw.namespace, raw.role), []).append((row, raw.text))
        for trait in one.traits:
            if trait.role is None:
                if trait.attribute not in known and len(known) >= CUSTOM_TRAITS:
                    continue
                known.add(trait.attribute)
            else:
                meanings[trait.attribute] = trait.role
            if trait.text is None:
                rows.removed.setdefault(first, []).append(trait.attribute)
            elif trait.role is None:
                rows.custom.setdefault(trait.attribute, {})[first] = trait.text
            else:
                rows.texts.setdefault((trait.attribute, trait.role), {})[first] = trait.text
    return rows


def _attributes(
    rows: _Rows, context: NormaliseContext
) -> tuple[dict[str, tuple[Role | None, dict[int, str]]], dict[int, list[str]]]:
    """Read the texts of each attribute; returns attribute -> (role, row -> value), and event -> what is unreadable."""
    attributes: dict[str, tuple[Role | None, dict[int, str]]] = {}
    problems: dict[int, list[str]] = {}
    for (attribute, role), texts in sorted(rows.texts.items()):
        values, found = normalise_column(role, pa.array(list(texts.values()), pa.string()), context)
        read = {row: value for row, value in zip(texts, values.to_pylist(), strict=True) if value is not None}
        attributes[attribute] = (role, read)
        for row, problem in zip(texts, found.to_pylist(), strict=True):
            if problem is not None:
                problems.setdefault(rows.event[row], []).append(f"{attribute} ({problem})")
    attributes |= {name: (None, dict(texts)) for name, texts in rows.custom.items()}
    for names in rows.removed.values():
        for name in names:
            attributes.setdefault(name, (None, {}))
    return attributes, problems


def _identifiers(
    rows: _Rows, attributes: Mapping[str, tuple[Role | None, Mapping[int, str]]], context: NormaliseContext
) -> list[list[_Pair]]:
    """Return (namespace, value) per row, sorted, each once."""
    held: list[set[_Pair]] = [set() for _ in rows.keys]
    for (namespace, kind), found in rows.identifiers.items():
        values, _ = normalise_column(kind, pa.array([text for _, text in found], pa.string()), context)
        for (row, _), value in zip(found, values.to_pylist(), strict=True):
            if value is not None:
                held[row].add((namespace, value))
    for role, read in attributes.values():
        if role is not None and role in IDENTIFIER_ROLES:
            for row, value in read.items():
                held[row].add((role.value, value))
    return [sorted(pairs) for pairs in held]


def _record_table(
    rows: _Rows, attributes: Mapping[str, tuple[Role | None, Mapping[int, str]]], identifiers: Sequence[list[_Pair]]
) -> pa.Table:
    count = len(rows.keys)
    columns: dict[str, Any] = {
        "key": [record_key(source, id) for source, id in rows.keys],
        "source": [source for source, _ in rows.keys],
        "record_id": [id for _, id in rows.keys],
        "observed_at": rows.at,
        "raw": ["{}"] * count,  # the touchpoints hold the messages
        "grows": [True] * count,
        "identifiers": [_structs(pairs) for pairs in identifiers],
    }
    arrays = [pa.array(columns[field.name], field.type) for field in RECORD_SCHEMA]
    table = pa.table(arrays, schema=RECORD_SCHEMA)
    for name in sorted(attributes):
        read = attributes[name][1]
        table = table.append_column(name, pa.array([read.get(row) for row in range(count)], pa.string()))
    if rows.removed:
        table = table.append_column("trait_times", pa.array([_times(rows, row) for row in range(count)], pa.string()))
    return table


def _times(rows: _Rows, row: int) -> str | None:
    """Return when a row's traits were removed, in the form of `trait_times`."""
    names = rows.removed.get(row)
    if names is None:
        return None
    at = rows.at[row].replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"  # of fixed width in any year
    return json.dumps(dict.fromkeys(sorted(names), at), separators=(",", ":"))


def _touchpoint_table(seen: Sequence[Observation], rows: _Rows, identifiers: Sequence[list[_Pair]]) -> pa.Table:
    """Return one touchpoint per observation; the later of two with one key counts."""
    rows_of: dict[int, list[int]] = {}
    for row, number in enumerate(rows.event):
        rows_of.setdefault(number, []).append(row)
    found: dict[str, dict[str, Any]] = {}
    for number, one in enumerate(seen):
        keys = [record_key(*rows.keys[row]) for row in rows_of[number]]
        pairs = sorted({pair for row in rows_of[number] for pair in identifiers[row]})
        key = record_key(one.source, one.message_id)
        found[key] = {
            "key": key, "source": one.source, "record_key": keys[0], "type": one.type, "channel": one.channel,
            "at": one.at, "properties": one.properties, "identifiers": _structs(pairs),
            "seen_with": [
                {"record_key": key, "identifiers": _structs(identifiers[row])}
                for key, row in zip(keys, rows_of[number], strict=True)
            ],
            "group_id": one.group and one.group.group_id, "group_traits": one.group and json.dumps(one.group.traits),
        }  # fmt: skip
    further = [("seen_with", pa.list_(SEEN_STRUCT)), ("group_id", pa.string()), ("group_traits", pa.string())]
    schema = pa.schema([*TOUCHPOINT_SCHEMA, *(pa.field(name, type) for name, type in further)])
    return pa.Table.from_pylist(list(found.values()), schema=schema)


def _structs(pairs: Sequence[_Pair]) -> list[dict[str, str]]:
    return [{"namespace": namespace, "value": value} for namespace, value in pairs]
