"""Builds small record tables for the tests of links."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from identity_graph.model import Decision, Verdict
from identity_graph.roles import Role
from identity_graph.tables import PAIR_SCHEMA, RECORD_SCHEMA

ROLES = {
    "given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME, "email": Role.EMAIL, "phone": Role.PHONE,
    "user_id": Role.USER_ID, "account": Role.USER_ID,
}  # fmt: skip
START = datetime(2026, 1, 1, tzinfo=UTC)


def record(key: str, name: str = "", *identifiers: str, day: int = 0) -> dict[str, Any]:
    """A record called `name` ("given family", empty for a cookie) with identifiers written `namespace:value`."""
    given, _, family = name.partition(" ")
    pairs = [identifier.split(":", 1) for identifier in identifiers]
    return {
        "key": key,
        "source": key.split(":")[0],
        "record_id": key.split(":")[1],
        "observed_at": START + timedelta(days=day),
        "raw": "{}",
        "grows": False,
        "identifiers": [{"namespace": namespace, "value": value} for namespace, value in pairs],
        "given_name": given or None,
        "family_name": family or None,
        **{name: dict(pairs).get(name) if family else None for name in ("email", "phone")},
    }


def table(*records: dict[str, Any]) -> pa.Table:
    """A record table sorted by key."""
    attributes = [pa.field(name, pa.string()) for name in ROLES]
    return pa.Table.from_pylist(
        sorted(records, key=lambda one: str(one["key"])), schema=pa.schema([*RECORD_SCHEMA, *attributes])
    )


def pairs(*rows: tuple[int, int, float]) -> pa.Table:
    """Scored pairs."""
    return pa.Table.from_pylist(
        [{"left": left, "right": right, "match_weight": weight} for left, right, weight in rows], schema=PAIR_SCHEMA
    )


def decision(verdict: Verdict, left: str, right: str, minute: int = 0, undone_by: str | None = None) -> Decision:
    """A steward's decision taken at `minute`."""
    at = START + timedelta(minutes=minute)
    return Decision(f"d{minute}", verdict, left, right, "ann", "because", at, undone_by)
