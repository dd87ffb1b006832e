"""Whose a touchpoint is on a device that changes hands: of the user who was signed in on it at that time.

Devices (records of visitors that several users were seen on) and an open transaction come in; HELD_BY edges are made
equal to what the touchpoints say. They follow from the touchpoints alone, so any order of arrival gives the same
(docs/decisions/0013).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from identity_graph.graph.port import Row, Transaction

__all__ = ["Device", "hold_touchpoints", "holders", "signs_out", "touched_devices", "users_on"]

_SIGN_OUT = re.compile(r"(user|account|customer|member)?(signed|sign|logged|log)(out|off)")


@dataclass(frozen=True, slots=True)
class Device:
    """A device that several users were seen on.

    Attributes:
        key: record key of its visitor.
        since: ISO-8601 time from which its touchpoints are looked at; empty is all of them.
    """

    key: str
    since: str = ""


def users_on(identifiers: Iterable[tuple[str, str]]) -> int:
    """Return how many users a visitor's record was seen with; 0 when it is no visitor's."""
    held = set(identifiers)
    visitor = any(namespace == "anonymous_id" for namespace, _ in held)
    return sum(namespace == "user_id" for namespace, _ in held) if visitor else 0


def touched_devices(shared: Mapping[str, int], touchpoints: Iterable[Mapping[str, Any]]) -> list[Device]:
    """Return the shared devices that new touchpoints happened on, from the first of them on.

    A device that only now has several users is looked at as a whole.

    Args:
        shared: record of a visitor that several users were seen on -> how many users before.
        touchpoints: {record_key, witnesses, properties}.
    """
    since: dict[str, str] = {}
    for row in touchpoints:
        at = row["properties"].get("at")
        for key in (row["record_key"], *row["witnesses"]) if at is not None else ():
            if key in shared:
                since[key] = min(at, since.get(key, at)) if shared[key] > 1 else ""
    return [Device(key, since[key]) for key in sorted(since)]


def hold_touchpoints(transaction: Transaction, devices: Sequence[Device]) -> None:
    """Note whose the touchpoints of devices are, from each device's time on.

    Cost: a device's touchpoints since its time are read, and its others passed over.
    """
    if not devices:
        return
    asked = [{"key": device.key, "since": device.since} for device in devices]
    before = {row["device"]: row["last"] for row in _last(transaction, asked)}
    rows: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in transaction.run("facts/touchpoints_on_devices", devices=asked):
        rows[row["device"]][row["key"]] = row  # one touchpoint may have observed the device by several identifiers
    released, held = [], []
    for key in sorted(rows):
        done = list(rows[key].values())
        wanted = holders(key, done, _holder_after(key, before.get(key)))
        for row in done:
            if row["record_key"] == key and wanted[row["key"]] != row["held_by"]:
                if row["held_by"] is not None:
                    released.append({"key": row["key"]})
                if wanted[row["key"]] is not None:
                    held.append({"key": row["key"], "record_key": wanted[row["key"]]})
    if released:
        transaction.run("facts/release_touchpoints", rows=released)
    if held:
        transaction.run("facts/hold_touchpoints", rows=held)


def holders(device: str, done: Iterable[Mapping[str, Any]], holder: str | None = None) -> dict[str, str | None]:
    """Say who held a device when each of its own touchpoints happened.

    Args:
        device: record key of its visitor.
        done: its touchpoints in any order: `key`, `at`, `type`, `record_key`.
        holder: who held it before the first of them; None is nobody.

    Returns:
        Touchpoint key -> record key of the user, or None; of the touchpoints that are by the visitor.
    """
    found: dict[str, str | None] = {}
    for row in sorted(done, key=lambda each: (each["at"], each["key"])):
        if row["record_key"] == device:
            found[row["key"]] = holder
        else:
            holder = row["record_key"]
        if signs_out(row["type"]):
            holder = None
    return found


def signs_out(type: str) -> bool:
    """Say whether a touchpoint of this type ends what its user does on the device."""
    return _SIGN_OUT.fullmatch("".join(letter for letter in type.casefold() if letter.isalnum())) is not None


def _last(transaction: Transaction, asked: Sequence[Mapping[str, str]]) -> list[Row]:
    late = [device for device in asked if device["since"]]
    return transaction.run("facts/last_touchpoints_on_devices", devices=late) if late else []


def _holder_after(device: str, last: Sequence[Mapping[str, Any]] | None) -> str | None:
    """Return who held a device after the last thing that was done on it."""
    if not last or signs_out(last[0]["type"]):
        return None
    holder: str | None = last[0]["held_by"] if last[0]["record_key"] == device else last[0]["record_key"]
    return holder
