"""Events as a site sends them, over a population that a graph already knows in part: the load of `live.py`.

A number of records and a seed come in; the records and events of the past, and an endless stream of new events, go out.
The same size and seed give the same events. Of N records two fifths are rows of a CRM file, one fifth users with
traits, two fifths visitors, every second of whom is a user's; their past is two touchpoints a record, or as many as
are asked for. Users, CRM rows
and those who come later are drawn from one population of generated people (`people.py`), about three records each.

Of the new events
    60 % are pages and calls of `track` by known visitors and users (a third with both ids),
    15 % the first page of a new visitor,
    10 % logins: a visitor whom nobody has signed in on, in time one of the new, and a user,
    10 % identify calls of known users with a trait that is new or has changed: half of them a trait that no rule reads,
         a quarter a phone number, a quarter an address,
     5 % identify calls of new customers, with all their traits.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.dedupe import WORK
from benchmarks.people import write_people
from identity_graph.journal import JournalEvent

__all__ = ["SOURCE", "LiveEvent", "Population"]

SOURCE = "site"

_NEWCOMERS = 20_000
_PAST = datetime(2026, 1, 1, tzinfo=UTC)
_PRESENT = datetime(2026, 7, 1, tzinfo=UTC)
_CONTEXT = {
    "library": {"name": "analytics.js", "version": "npm:next-1.84.3"}, "locale": "en-GB", "timezone": "Europe/Paris",
    "page": {"path": "/shoes/trail", "referrer": "https://search.test/", "search": "?utm_source=mail",
             "title": "Trail shoes", "url": "https://shop.test/shoes/trail?utm_source=mail"},
    "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0",
    "campaign": {"source": "mail", "medium": "email", "name": "spring"},
}  # fmt: skip
_TRAITS = {"first_name": "firstName", "last_name": "lastName", "birth_date": "birthday", "email": "email",
           "phone": "phone"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """An event, and what a profile shows once it is resolved.

    Attributes:
        event: as the journal takes it.
        shows: (namespace, value) of an identifier, and the key of a record that its profile then has; None for events
            that a profile of records does not show.
    """

    event: JournalEvent
    shows: tuple[tuple[str, str], str] | None = None


class Population:
    """The people, users and visitors around a graph of so many records."""

    def __init__(self, records: int, seed: int = 1) -> None:
        self.users, self.visitors = records // 5, 2 * records // 5
        rows = _people(records, records - self.visitors + _NEWCOMERS)
        order = np.random.default_rng(seed).permutation(len(rows))
        at_crm = records - self.users - self.visitors
        self._crm = [rows[place] for place in np.sort(order[:at_crm])]
        self._traits = [rows[place] for place in order[at_crm:]]
        self._records = records
        self._dice = random.Random(seed)
        self._numbers = {"event": 0, "user": self.users, "visitor": self.visitors, "login": self.visitors // 2}

    def write_crm(self, path: Path) -> Path:
        """Write the rows of the CRM as a Parquet file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(self._crm), path)
        return path

    def past(self, touchpoints: int | None = None) -> Iterator[JournalEvent]:
        """Yield what happened before, that of one visitor one after the other.

        Args:
            touchpoints: at least one for each visitor; None is two for each record.
        """
        total = 2 * self._records if touchpoints is None else touchpoints
        number = 0
        for visitor in range(self.visitors):
            ids = {"anonymousId": f"visitor-{visitor}"}
            if visitor < self.users:
                known = {**ids, "userId": f"user-{visitor}", "traits": self._said(visitor)}
                yield self._event(f"past-{number}", _PAST, number, "identify", **known)
                number += 1
            for _ in range(total * (visitor + 1) // self.visitors - number):
                yield self._event(f"past-{number}", _PAST, number, "page", **ids)
                number += 1

    def next(self) -> LiveEvent:
        """Return the next event of the stream."""
        chance, at = self._dice.random(), self._take("event")
        if chance < 0.6:
            return LiveEvent(self._seen_again(at))
        if chance < 0.75:
            visitor = f"visitor-{self._take('visitor')}"
            found = self._event(f"new-{at}", _PRESENT, at, "page", anonymousId=visitor)
            return LiveEvent(found, (("anonymous_id", visitor), f"{SOURCE}:anonymous_id={visitor}"))
        if chance < 0.85:
            visitor, user = f"visitor-{self._take('login')}", f"user-{self._dice.randrange(self.users)}"
            found = self._event(f"new-{at}", _PRESENT, at, "identify", anonymousId=visitor, userId=user)
            return LiveEvent(found, (("anonymous_id", visitor), f"{SOURCE}:user_id={user}"))
        if chance < 0.95:
            return LiveEvent(self._changed(at))
        number = self._take("user")
        traits = self._said(number)
        found = self._event(f"new-{at}", _PRESENT, at, "identify", userId=f"user-{number}", traits=traits)
        return LiveEvent(found, (("user_id", f"user-{number}"), f"{SOURCE}:user_id=user-{number}"))

    def on_address(self, address: str, **ids: str) -> LiveEvent:
        """Return an identify call that says nothing but an e-mail address."""
        at = self._take("event")
        return LiveEvent(self._event(f"hub-{at}", _PRESENT, at, "identify", traits={"email": address}, **ids))

    def with_a_new_trait(self) -> LiveEvent:
        """Return an identify call of a known user with a trait that means something and that no record had before."""
        at, user = self._take("event"), self._dice.randrange(self.users)
        return LiveEvent(
            self._event(f"new-{at}", _PRESENT, at, "identify", userId=f"user-{user}", traits={"gender": "female"})
        )

    def _seen_again(self, at: int) -> JournalEvent:
        """Return a page or a track call of a known visitor, a known user, or a user's known visitor."""
        user, kind = self._dice.randrange(self.users), self._dice.randrange(3)
        visitor = user if kind == 2 else self._dice.randrange(self.visitors)
        ids = {"userId": f"user-{user}"} if kind else {}
        if kind != 1:
            ids["anonymousId"] = f"visitor-{visitor}"
        said = {"sku": f"SKU-{at % 900}", "price": at % 300, "currency": "EUR"}
        more: dict[str, Any] = {"event": "Product Viewed"} if at % 2 else {}
        return self._event(f"new-{at}", _PRESENT, at, "track" if more else "page", properties=said, **ids, **more)

    def _changed(self, at: int) -> JournalEvent:
        user, kind = f"user-{self._dice.randrange(self.users)}", self._dice.randrange(4)
        traits: dict[str, Any] = {"plan": f"plan {self._dice.randrange(9)}"}
        if kind == 2:
            traits = {"phone": f"+49151{self._dice.randrange(10**8):08d}"}
        if kind == 3:
            traits = {"address": {"city": f"Town {self._dice.randrange(500)}", "postalCode": f"{at % 90_000 + 10_000}"}}
        return self._event(f"new-{at}", _PRESENT, at, "identify", userId=user, traits=traits)

    def _take(self, name: str) -> int:
        number = self._numbers[name]
        self._numbers[name] = number + 1
        return number

    def _said(self, number: int) -> dict[str, Any]:
        """Return the traits of a user, as a site sends them."""
        row = self._traits[number % len(self._traits)]
        traits: dict[str, Any] = {name: row[column] for column, name in _TRAITS.items() if row[column]}
        home = {"city": row["city"], "postalCode": row["postcode"]}
        return {**traits, "address": {name: value for name, value in home.items() if value}}

    def _event(self, id: str, since: datetime, second: int, type: str, **message: Any) -> JournalEvent:
        at = since + timedelta(seconds=second)
        body = {"messageId": id, "type": type, "timestamp": at.isoformat(), "context": _CONTEXT, **message}
        return JournalEvent(SOURCE, False, id, at + timedelta(seconds=1), json.dumps(body))


def _people(records: int, count: int) -> list[dict[str, Any]]:
    path = WORK / f"live-people-{records}.parquet"
    if not path.exists():
        WORK.mkdir(exist_ok=True)
        write_people(path, count)
    found: list[dict[str, Any]] = pq.read_table(path).to_pylist()
    return found
