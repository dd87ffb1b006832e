"""What a message says of a group: a company, team or account as its sender knows it.

A message of the tracking protocol comes in, the group's id and traits go out. Traits are kept as the sender wrote
them, because no role explains them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from identity_graph.events.traits import clean_text
from identity_graph.normalise import NormaliseContext, normalise_value
from identity_graph.roles import Role

__all__ = ["SaidGroup", "said_group"]

_CONTEXT = NormaliseContext()
_LONGEST_ID = 512
_LONGEST_NAME = 100
_LONGEST_VALUE = 1_000
"""Characters of a trait's JSON; what is longer stays in the touchpoint alone."""


@dataclass(frozen=True, slots=True)
class SaidGroup:
    """The group that the sender of a message belongs to.

    Attributes:
        group_id: the sender's id of it.
        traits: trait -> value as JSON, of a group call only; None removes it.
    """

    group_id: str
    traits: Mapping[str, str | None]


def said_group(message: Mapping[str, Any]) -> SaidGroup | None:
    """Read the group of a message: that of a group call, or `context.groupId` of any other.

    Returns:
        None where there is none, or where its id is a word for nothing (`null`, `unknown`, ...).
    """
    calls = message["type"] == "group"
    context = message.get("context") or {}
    group_id = _id(message.get("groupId") if calls else context.get("groupId"))
    if group_id is None:
        return None
    return SaidGroup(group_id, _traits(message.get("traits")) if calls else {})


def _id(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int) or len(str(value)) > _LONGEST_ID:
        return None
    return normalise_value(Role.USER_ID, clean_text(str(value)), _CONTEXT).value


def _traits(said: Any) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name, value in sorted(said.items()) if isinstance(said, dict) else ():
        name = clean_text(name).strip()
        text = None if value is None else _as_json(value)
        if 0 < len(name) <= _LONGEST_NAME and (text is None or len(text) <= _LONGEST_VALUE):
            found[name] = text
    return found


def _as_json(value: Any) -> str:
    return clean_text(json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")))
