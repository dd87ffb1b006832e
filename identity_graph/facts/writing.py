"""One batch of facts in one transaction: compares it with what is stored and writes only the difference.

A prepared batch and an open transaction come in; what was written goes out, with its sequence numbers. Runs again
from the start when the engine asks for it, and a batch that is written a second time changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from identity_graph.errors import NotFoundError
from identity_graph.facts.growing import grown, says_more
from identity_graph.facts.holding import hold_touchpoints, touched_devices, users_on
from identity_graph.facts.observing import add_touchpoints, new_touchpoints, observed_pairs, told_records
from identity_graph.facts.prepare import PreparedBatch, RecordRow, stored_row
from identity_graph.graph.port import Row, Transaction
from identity_graph.namespaces import identifier_key

__all__ = ["Written", "delete_batch", "write_batch"]


@dataclass(frozen=True, slots=True)
class Written:
    """What one transaction wrote.

    Attributes:
        graph_id: the id of the graph it went to.
        first_seq: first sequence number taken; above `last_seq` when none was.
        last_seq: last sequence number taken.
        rows: the records as they are now, with `seq` and `identifier_times`, in order of `seq`.
        new: records that were not stored before.
        changed: records that were replaced.
        unchanged: records that were stored with the same content.
        touchpoints: touchpoints that were not stored before.
        identifiers: distinct identifiers that the written records carry.
    """

    graph_id: str
    first_seq: int
    last_seq: int
    rows: Sequence[RecordRow] = ()
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    touchpoints: int = 0
    identifiers: int = 0


@dataclass(slots=True)
class _Difference:
    """The records of a batch that differ from what is stored.

    Attributes:
        new, changed: their rows as they are to be.
        replaced: keys of those whose earlier version must be kept.
        before: of changed records that grow, what they said and held.
        arrived: of changed records that grow, what arrived: when, and with which identifiers.
        shared: records of visitors that several users were seen on -> how many users before.
        unchanged: how many records are stored as they arrived.
    """

    new: list[RecordRow]
    changed: list[RecordRow]
    replaced: list[str]
    before: dict[str, RecordRow]
    arrived: dict[str, tuple[str | None, frozenset[tuple[str, str]]]]
    shared: dict[str, int]
    unchanged: int = 0


def write_batch(transaction: Transaction, batch: PreparedBatch, graph_id: str) -> Written:
    """Write one batch.

    Args:
        transaction: open; everything happens inside it.
        batch: what to store.
        graph_id: id to give the graph when it has none yet.

    Raises:
        NotFoundError: a touchpoint is by a record that is neither in the batch nor stored.
    """
    counter = transaction.run("facts/lock_counter", graph_id=graph_id)[0]
    stored = _stored(transaction, batch)
    difference = _difference(transaction, batch, stored)
    first = int(counter["value"]) + 1
    at = _now()
    rows = [
        ({"stored_at": at, **properties, "seq": seq}, identifiers)
        for seq, (properties, identifiers) in enumerate((*difference.new, *difference.changed), start=first)
    ]
    touchpoints = new_touchpoints(transaction, batch)
    observed = observed_pairs(batch)
    _create(transaction, rows[: len(difference.new)], observed)
    _replace(transaction, rows[len(difference.new) :], difference, observed, at)
    earlier = add_touchpoints(transaction, touchpoints)
    written = _dated(transaction, rows, difference, earlier, first + len(rows))
    last = first + len(written) - 1
    hold_touchpoints(transaction, touched_devices(difference.shared, touchpoints))
    if batch.rejects:
        transaction.run("facts/upsert_rejects", rows=batch.rejects)
    if written:
        transaction.run("facts/advance_counter", value=last)
    return Written(
        graph_id=counter["graph_id"], first_seq=first, last_seq=last, rows=written, new=len(difference.new),
        changed=len(difference.changed), unchanged=difference.unchanged, touchpoints=len(touchpoints),
        identifiers=len({pair for _, identifiers in rows for pair in identifiers}),
    )  # fmt: skip


def delete_batch(transaction: Transaction, keys: Sequence[str], graph_id: str) -> Written:
    """Mark stored records as deleted, keeping them, their versions and their identifiers as history."""
    counter = transaction.run("facts/lock_counter", graph_id=graph_id)[0]
    live = {row["key"] for row in transaction.run("facts/stored_hashes", keys=keys) if not row["deleted"]}
    first = int(counter["value"]) + 1
    at = _now()
    numbered = [{"key": key, "seq": seq, "at": at} for seq, key in enumerate(sorted(live), start=first)]
    last = first + len(numbered) - 1
    if numbered:
        transaction.run("facts/keep_versions", rows=numbered)
        transaction.run("facts/delete_records", rows=numbered)
        transaction.run("facts/advance_counter", value=last)
    found = transaction.run("facts/records_by_keys", keys=sorted(live))
    return Written(counter["graph_id"], first, last, rows=[stored_row(row) for row in found], changed=len(numbered))


def _now() -> str:
    """Return this moment as ISO-8601 UTC text; taken while the counter is held, it follows the sequence numbers."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _stored(transaction: Transaction, batch: PreparedBatch) -> dict[str, Row]:
    """Read which records of a batch are stored, those that grow excepted; every touchpoint must be by a known one."""
    authors = {row["record_key"] for row in batch.touchpoints} - batch.plain.keys() - batch.growing.keys()
    keys = [*batch.plain, *sorted(authors)]
    stored = {row["key"]: row for row in transaction.run("facts/stored_hashes", keys=keys)} if keys else {}
    unknown = sorted(authors - stored.keys())
    if unknown:
        raise NotFoundError(
            f"{len(unknown)} touchpoints are by records that are not stored, such as {unknown[0]!r}.", ids=unknown[:20]
        )
    return stored


def _difference(transaction: Transaction, batch: PreparedBatch, stored: Mapping[str, Row]) -> _Difference:
    difference = _Difference([], [], [], {}, {}, {})
    for key, row in batch.plain.items():
        before = stored.get(key)
        if before is None:
            difference.new.append(row)
        elif before["content_hash"] == row[0]["content_hash"] and not before["deleted"]:
            difference.unchanged += 1
        else:
            difference.changed.append(row)
            difference.replaced.append(key)
    found = transaction.run("facts/records_by_keys", keys=list(batch.growing)) if batch.growing else []
    told = told_records(batch)
    earlier = {row["properties"]["key"]: stored_row(row) for row in found}
    for key, row in batch.growing.items():
        before_growing = earlier.get(key)
        united = grown(before_growing, row, batch.names_by_role)
        if users_on(united[1]) > 1:
            difference.shared[key] = 0 if before_growing is None else users_on(before_growing[1])
        if before_growing is None:
            difference.new.append(united)
            continue
        properties = before_growing[0]
        same = properties["content_hash"] == united[0]["content_hash"] and not properties["deleted"]
        if same and not _seen_earlier(before_growing, row, key in told):
            difference.unchanged += 1
            continue
        difference.changed.append(united)
        difference.before[key] = before_growing
        difference.arrived[key] = row[0].get("observed_at"), frozenset(row[1])
        if says_more(before_growing, united):
            difference.replaced.append(key)
        else:
            united[0]["stored_at"] = properties.get("stored_at")
    return difference


def _create(transaction: Transaction, rows: Sequence[RecordRow], observed: frozenset[tuple[str, str]]) -> None:
    if not rows:
        return
    parameters = []
    for properties, identifiers in rows:
        seen = []
        for namespace, value in identifiers:
            key = identifier_key(namespace, value)
            at = None if (properties["key"], key) in observed else properties.get("observed_at")
            seen.append(
                {"key": key, "namespace": namespace, "value": value, "first_seen": at, "last_seen": at, "count": 1}
            )
        parameters.append({"properties": properties, "identifiers": seen})
    transaction.run("facts/create_records", rows=parameters)


def _replace(
    transaction: Transaction,
    rows: Sequence[RecordRow],
    difference: _Difference,
    observed: frozenset[tuple[str, str]],
    stored_at: str,
) -> None:
    if not rows:
        return
    seqs = {properties["key"]: properties["seq"] for properties, _ in rows}
    if difference.replaced:
        versions = [{"key": key, "seq": seqs[key], "at": stored_at} for key in difference.replaced]
        transaction.run("facts/keep_versions", rows=versions)
    whole: list[Mapping[str, Any]] = []
    grown_by: list[Mapping[str, Any]] = []
    seen: list[Mapping[str, Any]] = []
    for properties, identifiers in rows:
        key = properties["key"]
        before, held = difference.before.get(key, ({}, ()))
        keys = [identifier_key(namespace, value) for namespace, value in identifiers]
        if key in difference.before:
            grown_by.append({"key": key, "properties": _differing(before, properties)})
        else:
            whole.append({"key": key, "seq": properties["seq"], "properties": properties, "identifier_keys": keys})
        # Of a growing record only what arrived was seen now; what it held before was not, and only touchpoints count.
        arrived_at, arrived = difference.arrived.get(key, (properties.get("observed_at"), frozenset(identifiers)))
        for pair, its_key in zip(identifiers, keys, strict=True):
            at = None if (key, its_key) in observed else arrived_at
            if pair in arrived and (pair not in held or at is not None):
                seen.append(
                    {"record_key": key, "key": its_key, "namespace": pair[0], "value": pair[1],
                     "first_seen": at, "last_seen": at, "count": 0 if pair in held else 1}
                )  # fmt: skip
    if whole:
        transaction.run("facts/replace_records", rows=whole)
    if grown_by:
        transaction.run("facts/grow_records", rows=grown_by)
    if seen:
        transaction.run("facts/add_identifiers", rows=seen)


def _dated(
    transaction: Transaction, rows: Sequence[RecordRow], difference: _Difference, earlier: Collection[str], first: int
) -> list[RecordRow]:
    """Note in rows since when their identifiers were seen, and add the records of which only that has changed.

    Args:
        transaction: all else is written.
        rows: what was written, in order of `seq`.
        difference: where they are from.
        earlier: records that touchpoints saw with an identifier earlier than was known; each gets a sequence number,
            because limits per time window follow from these times.
        first: the first sequence number that is free.
    """
    rows_of = {row[0]["key"]: row for row in rows}
    keys = list(rows_of)
    others = sorted(set(earlier).difference(keys))
    if others:
        numbered = [{"key": key, "properties": {"seq": seq}} for seq, key in enumerate(others, start=first)]
        transaction.run("facts/grow_records", rows=numbered)
    # A new record was seen with its identifiers when it was observed, unless touchpoints say otherwise.
    plain = {row[0]["key"] for row in difference.new if "trait_times" not in row[0]}
    known = {key: difference.before[key] for key in keys if _keeps_times(difference, key, rows_of[key], earlier)}
    asked = [key for key in keys if key not in known and (key not in plain or key in earlier)]
    found = transaction.run("facts/identifier_times", keys=asked) if asked else []
    times = {row["key"]: {(one["namespace"], one["value"]): one["first_seen"] for one in row["seen"]} for row in found}
    dated = []
    for properties, identifiers in rows:
        key = properties["key"]
        if key in known:
            properties = {**properties, "identifier_times": known[key][0]["identifier_times"]}
        elif key in times:
            properties = {**properties, "identifier_times": tuple(times[key][pair] for pair in identifiers)}
        dated.append((properties, identifiers))
    more = transaction.run("facts/records_by_keys", keys=others) if others else []
    return dated + [stored_row(row) for row in more]


def _keeps_times(difference: _Difference, key: str, row: RecordRow, earlier: Collection[str]) -> bool:
    """Say whether a record that grows was seen with the same identifiers, none of them earlier than was known.

    Most events are of such records, and need not be asked about again.
    """
    before = difference.before.get(key)
    if before is None or key in earlier or before[1] != row[1]:
        return False
    at, arrived = difference.arrived[key]
    return not _earlier_than_known(before, at, arrived)


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties that differ; None for one that is no longer there."""
    gone = {name: None for name in before if name not in after and name != "identifier_times"}
    return gone | {name: value for name, value in after.items() if before.get(name) != value}


def _seen_earlier(stored: RecordRow, arrived: RecordRow, told: bool) -> bool:
    """Say whether a row without a touchpoint saw a growing record with an identifier earlier than was known."""
    return not told and _earlier_than_known(stored, arrived[0].get("observed_at"), arrived[1])


def _earlier_than_known(stored: RecordRow, at: str | None, pairs: Iterable[tuple[str, str]]) -> bool:
    """Say whether a moment is before a stored record was first seen with one of some identifiers."""
    if at is None:
        return False
    known = dict(zip(stored[1], stored[0]["identifier_times"], strict=True))
    return any(known[pair] is None or at < known[pair] for pair in pairs if pair in known)
