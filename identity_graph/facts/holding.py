"""Whose a touchpoint is on a device that changes hands: of the user who was signed in on it at that time.

Devices (records of visitors that several users were seen on) and an open transaction come in; HELD_BY edges are made
equal to what the touchpoints say. They follow from the touchpoints alone, so any order of arrival gives the same
(docs/decisions/0013).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from identity_graph.graph.port import Row, Transaction

__all__ = ["Device", "device_of", "hold_touchpoints", "holders", "place_on", "signs_out", "touched_devices", "users_on"]

_SIGN_OUT = re.compile(r"(user|account|customer|member)?(signed|sign|logged|log)(out|off)")


_FIRST_PAGE = 50
_LARGEST_PAGE = 5_000


@dataclass(frozen=True, slots=True)
class Device:
    """A device that several users were seen on.

    Attributes:
        key: record key of its visitor.
        new: places of the touchpoints that are new on it, ascending; none looks at everything that was done on it.
    """

    key: str
    new: tuple[str, ...] = ()


def device_of(source: str, author: str, seen: Iterable[str]) -> str | None:
    """Return the visitor on whose device something was done by itself or by a user; None where there is none.

    Args:
        source: the source of the touchpoint.
        author: key of the record that did it.
        seen: keys of the records that it is about.
    """
    visitor = f"{source}:anonymous_id="
    if author.startswith(visitor):
        return author
    if not author.startswith(f"{source}:user_id="):
        return None
    return next((key for key in seen if key.startswith(visitor)), None)


def place_on(device: str, at: str, key: str) -> str:
    """Return a text by which the touchpoints of a device stand together, in order of time and then key.

    Args:
        device: record key of its visitor.
        at: ISO-8601 time of the touchpoint.
        key: of the touchpoint.
    """
    return f"{_prefix(device)}{at} {key}"


def _prefix(device: str) -> str:
    """Return what the places on a device begin with; a hash, so that no name can be the beginning of another's."""
    return blake2b(device.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest() + " "


def users_on(identifiers: Iterable[tuple[str, str]]) -> int:
    """Return how many users a visitor's record was seen with; 0 when it is no visitor's."""
    held = set(identifiers)
    visitor = any(namespace == "anonymous_id" for namespace, _ in held)
    return sum(namespace == "user_id" for namespace, _ in held) if visitor else 0


def touched_devices(shared: Mapping[str, int], touchpoints: Iterable[Mapping[str, Any]]) -> list[Device]:
    """Return the shared devices that new touchpoints happened on, with their places.

    A device that only now has several users is looked at as a whole.

    Args:
        shared: record of a visitor that several users were seen on -> how many users before.
        touchpoints: {device, properties}.
    """
    new: dict[str, list[str]] = defaultdict(list)
    for row in touchpoints:
        if row["device"] in shared and "place" in row["properties"]:
            new[row["device"]].append(row["properties"]["place"])
    return [Device(key, tuple(sorted(new[key])) if shared[key] > 1 else ()) for key in sorted(new)]


def hold_touchpoints(transaction: Transaction, devices: Sequence[Device]) -> None:
    """Note whose the touchpoints of devices are.

    Cost: of a device with new touchpoints, what was done from each of them to the next old one by which its holder is
    known is read; of the others everything.
    """
    changes = _Changes()
    whole = [{"key": device.key, "prefix": _prefix(device.key)} for device in devices if not device.new]
    rows: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in transaction.run("facts/touchpoints_on_devices", devices=whole) if whole else ():
        rows[row["device"]][row["key"]] = row  # one touchpoint may have observed the device by several identifiers
    for key in sorted(rows):
        wanted = holders(key, rows[key].values())
        for name, holder in wanted.items():
            changes.note(name, rows[key][name]["held_by"], holder)
    for device in devices:
        if device.new:
            _follow(transaction, device, changes)
    changes.write(transaction)


class _Changes:
    """Edges to add and to take away."""

    def __init__(self) -> None:
        self._released: list[Mapping[str, str]] = []
        self._held: list[Mapping[str, str]] = []

    def note(self, key: str, stored: str | None, wanted: str | None) -> None:
        if stored == wanted:
            return
        if stored is not None:
            self._released.append({"key": key})
        if wanted is not None:
            self._held.append({"key": key, "record_key": wanted})

    def write(self, transaction: Transaction) -> None:
        if self._released:
            transaction.run("facts/release_touchpoints", rows=self._released)
        if self._held:
            transaction.run("facts/hold_touchpoints", rows=self._held)


def _follow(transaction: Transaction, device: Device, changes: _Changes) -> None:
    """Note whose the touchpoints are from each new one to the next old sign-in or sign-out, where nothing changes."""
    done = ""
    for place in device.new:
        if place <= done:
            continue
        before, first = _around(transaction, device.key, place)
        holder = None if before is None else _after(device.key, before, before["held_by"])
        for row in _from(transaction, device.key, first):
            if row["record_key"] == device.key:
                changes.note(row["key"], row["held_by"], holder)
            holder, done = _after(device.key, row, holder), row["place"]
            if _tells(device.key, row) and done not in device.new:
                break


def _around(transaction: Transaction, device: str, place: str) -> tuple[Row | None, list[Row]]:
    """Return the last thing done on a device before a place, if any, and the first from it on."""
    rows = _page(transaction, device, _prefix(device), place, _FIRST_PAGE)
    if rows and rows[0]["place"] < place:
        return rows[0], rows[1:]
    return None, rows


def _from(transaction: Transaction, device: str, rows: Sequence[Row]) -> Iterator[Row]:
    """Yield rows, and page by page what was done on the device after them."""
    limit = _FIRST_PAGE
    yield from rows
    while len(rows) == limit:
        limit, following = min(4 * limit, _LARGEST_PAGE), rows[-1]["place"] + " "
        rows = _page(transaction, device, following, following, limit)
        yield from rows


def _page(transaction: Transaction, device: str, lowest: str, place: str, limit: int) -> list[Row]:
    end = _prefix(device)[:-1] + "!"  # the character after the blank
    found = transaction.run("facts/touchpoints_around", lowest=lowest, place=place, end=end, limit=limit)
    return [
        {**row, "record_key": row["authors"][0], "held_by": next(iter(row["holders"]), None)}
        for row in sorted(found, key=lambda each: str(each["place"]))
    ]


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
        holder = _after(device, row, holder)
    return found


def _after(device: str, row: Mapping[str, Any], holder: str | None) -> str | None:
    """Return who holds a device after something was done on it that `holder` held it at."""
    if signs_out(row["type"]):
        return None
    return holder if row["record_key"] == device else str(row["record_key"])


def _tells(device: str, row: Mapping[str, Any]) -> bool:
    """Say whether who holds a device after something is known from that alone."""
    return row["record_key"] != device or signs_out(row["type"])


def signs_out(type: str) -> bool:
    """Say whether a touchpoint of this type ends what its user does on the device."""
    return _SIGN_OUT.fullmatch("".join(letter for letter in type.casefold() if letter.isalnum())) is not None
