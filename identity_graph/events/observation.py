"""What one event says, before values are read: about whom, when, with which identifiers and traits.

An event of the journal comes in, an Observation goes out, or the problem that makes it none. Raw texts stay raw: values
are read for many events at once (`events.facts`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Any

from identity_graph.events.clock import happened_at
from identity_graph.events.groups import SaidGroup, said_group
from identity_graph.events.message import MessageProblem
from identity_graph.events.traits import SaidTrait, clean_text, said_traits
from identity_graph.journal.port import JournalEvent
from identity_graph.normalise import NormaliseContext, normalise_value
from identity_graph.roles import IDENTIFIER_ROLES, Role
from identity_graph.sources.mapping import snake_name

__all__ = ["Observation", "RawIdentifier", "observe"]

_CONTEXT = NormaliseContext()
_NOT_OF_THE_EVENT = frozenset(
    {"type", "userId", "anonymousId", "messageId", "event", "integrations", "sentAt", "writeKey", "_metadata"}
)
_MOBILE = frozenset({"ios", "android"})


@dataclass(frozen=True, slots=True)
class RawIdentifier:
    """An identifier as the sender wrote it."""

    namespace: str
    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Observation:
    """What one event says.

    Attributes:
        source: the source of its write key.
        message_id: the sender's id.
        at: when it happened.
        type, channel: of the touchpoint.
        properties: of the touchpoint, JSON.
        record_ids: the records it is about: the one that did it first, then those that were seen with it.
        identifiers: per record, what it was seen with.
        traits: of the first record.
        group: what the first record belongs to; None where the event names none.
    """

    source: str
    message_id: str
    at: datetime
    type: str
    channel: str
    properties: str
    record_ids: tuple[str, ...]
    identifiers: tuple[tuple[RawIdentifier, ...], ...]
    traits: tuple[SaidTrait, ...]
    group: SaidGroup | None


def observe(event: JournalEvent) -> Observation | MessageProblem:
    """Read one event.

    Returns:
        What it says; a problem when it is about nobody (`placeholder_user`: its ids are words such as `null`).
    """
    message = json.loads(event.body)
    context = message.get("context") or {}
    user, anonymous = _id(message, "userId"), _id(message, "anonymousId")
    devices = tuple(_device_identifiers(context))
    stated = tuple(_external_identifiers(context))
    records: list[tuple[str, tuple[RawIdentifier, ...]]] = []
    if message["type"] == "merge":
        pair = tuple(_named(one["type"], one["value"]) for one in message["mergeProperties"])
        records.append((f"merge={_digest(pair)}", _merged(pair)))
    if user is not None:
        own = (RawIdentifier("user_id", Role.USER_ID, user), *stated, *_previous(message))
        records.append((f"user_id={user}", own if anonymous is not None else (*own, *devices)))
    if anonymous is not None:
        own = (RawIdentifier("anonymous_id", Role.ANONYMOUS_ID, anonymous), *devices)
        # The observation that ties the two; traits and e-mails are the user's, who may share the device with others.
        tie = (RawIdentifier("user_id", Role.USER_ID, user),) if user is not None else stated
        records.append((f"anonymous_id={anonymous}", (*own, *tie)))
    if not records:
        return MessageProblem("placeholder_user", "Its ids are words that stand for nobody, such as `null`.")
    return Observation(
        source=event.source, message_id=event.message_id, at=happened_at(message, event.received_at),
        type=_type(message), channel=_channel(message, context), properties=_properties(message),
        record_ids=tuple(id for id, _ in records), identifiers=tuple(held for _, held in records),
        traits=tuple(said_traits(_traits(message, context))), group=said_group(message),
    )  # fmt: skip


def _id(message: Mapping[str, Any], name: str) -> str | None:
    """Return an id, or None where there is none or a word that stands for none."""
    value = message.get(name)
    return None if value is None else normalise_value(Role.USER_ID, str(value), _CONTEXT).value


def _traits(message: Mapping[str, Any], context: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the user's traits; those of a group call are the group's."""
    around = context.get("traits")
    own = message.get("traits") if message["type"] == "identify" else None
    return {**(around if isinstance(around, dict) else {}), **(own if isinstance(own, dict) else {})}


def _previous(message: Mapping[str, Any]) -> Iterator[RawIdentifier]:
    """Return the id that an alias gives up: of a visitor, as it mostly is, or of a user."""
    previous = _id(message, "previousId") if message["type"] == "alias" else None
    if previous is not None:
        yield RawIdentifier("anonymous_id", Role.ANONYMOUS_ID, previous)
        yield RawIdentifier("previous_id", Role.USER_ID, previous)


def _merged(pair: tuple[RawIdentifier, ...]) -> tuple[RawIdentifier, ...]:
    """Return what a merge says of a record of its own: of two users that the one, in order of text, was the other."""
    if any(one.namespace != "user_id" for one in pair):
        return pair
    first, *others = sorted(pair, key=lambda one: one.text)
    return (RawIdentifier("previous_id", Role.USER_ID, first.text), *others)


def _device_identifiers(context: Mapping[str, Any]) -> Iterator[RawIdentifier]:
    device = context.get("device")
    if isinstance(device, dict):
        kind = str(device.get("type") or "").lower()
        found = {"device_id": device.get("id")}
        if device.get("adTrackingEnabled") is True:
            found["advertising_id"] = device.get("advertisingId")
        if kind in _MOBILE:
            found[f"{kind}_push_token"] = device.get("token")
        for namespace, value in found.items():
            if _is_text(value):
                yield RawIdentifier(namespace, Role.DEVICE_ID, clean_text(str(value)))
    analytics = (context.get("integrations") or {}) if isinstance(context.get("integrations") or {}, dict) else {}
    client = analytics.get("Google Analytics")
    if isinstance(client, dict) and _is_text(client.get("clientId")):
        yield RawIdentifier("ga_client_id", Role.USER_ID, clean_text(str(client["clientId"])))


def _external_identifiers(context: Mapping[str, Any]) -> Iterator[RawIdentifier]:
    """Return the external ids that are whole: id, type, collection `users` and encoding `none`."""
    stated = context.get("externalIds")
    for one in stated if isinstance(stated, list) else ():
        if (
            isinstance(one, dict)
            and one.get("collection") == "users"
            and one.get("encoding") == "none"
            and isinstance(one.get("type"), str)
            and _is_text(one.get("id"))
        ):
            yield _named(one["type"], one["id"])


def _named(type: str, value: Any) -> RawIdentifier:
    """Make an identifier of the namespace that a sender names, in camel or snake case."""
    namespace = snake_name(clean_text(type))
    role = next((role for role in IDENTIFIER_ROLES if role.value == namespace), Role.USER_ID)
    return RawIdentifier(namespace, role, clean_text(str(value)))


def _is_text(value: Any) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool) and 0 < len(str(value)) <= 512


def _type(message: Mapping[str, Any]) -> str:
    return clean_text(message["event"]).strip() if message["type"] == "track" else str(message["type"])


def _channel(message: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """Return where it happened: as the sender says, else by the SDK's name."""
    for said in (message.get("channel"), context.get("channel")):
        if isinstance(said, str) and said.strip():
            return clean_text(said).strip().lower()
    device, library = context.get("device"), context.get("library")
    name = str(library.get("name") or "") if isinstance(library, dict) else ""
    if name.startswith("analytics.js"):
        return "web"
    if isinstance(device, dict) and str(device.get("type") or "").lower() in _MOBILE:
        return "mobile"
    return "server" if name else "unknown"


def _properties(message: Mapping[str, Any]) -> str:
    """Return the message without what stands elsewhere; JSON that every engine can store and every reader decode."""
    kept = {name: value for name, value in message.items() if name not in _NOT_OF_THE_EVENT and value not in (None, {})}
    return clean_text(json.dumps(kept, ensure_ascii=False, separators=(",", ":")))


def _digest(pair: tuple[RawIdentifier, ...]) -> str:
    text = "\x00".join(sorted(f"{one.namespace}:{one.text}" for one in pair))
    return blake2b(text.encode(), digest_size=8).hexdigest()
