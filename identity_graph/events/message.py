"""Checks one message of the tracking protocol and writes it as the journal keeps it.

A decoded JSON value comes in; the text to keep and the message id go out, or a problem with a stable code. What is
checked is what facts need: who it is about, what kind it is, and that it can be stored. The rest is the sender's
business and is kept as it came.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

__all__ = ["EVENT_TYPES", "MessageProblem", "ReadMessage", "read_message", "shown_message"]

EVENT_TYPES = frozenset({"identify", "track", "page", "screen", "group", "alias", "merge"})

MESSAGE_ID_CHARACTERS = 100
_ID_CHARACTERS = 512
_DEEPEST = 64
_NO_ID = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
_IDS = ("userId", "anonymousId", "groupId", "previousId")
_OBJECTS = ("context", "integrations", "properties", "traits")
_ENCODER = json.JSONEncoder(separators=(",", ":"), check_circular=False)


@dataclass(frozen=True, slots=True)
class MessageProblem:
    """Why a message cannot be understood.

    Attributes:
        code: stable, such as `missing_user`.
        detail: for people; quotes field names, never values.
    """

    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message as it is kept.

    Attributes:
        message_id: the sender's, else made; empty when there is a problem with it.
        body: the message as ASCII JSON, with what its batch says of all its messages, without the write key.
        problem: why it cannot be understood; None when it can.
    """

    message_id: str
    body: str
    problem: MessageProblem | None = None


_TOO_DEEP = MessageProblem("too_deep", f"The message is nested deeper than {_DEEPEST} levels.")


def read_message(found: Any, type: str | None, shared: Mapping[str, Any], bytes_at_most: int) -> ReadMessage:
    """Check one message.

    Args:
        found: a decoded JSON value.
        type: what the route says the message is; None leaves it to the message.
        shared: fields of the batch; `context` and `integrations` fill what the message's own lack.
        bytes_at_most: largest message, in bytes of UTF-8.

    Returns:
        The message as it is to be kept, with its problem if it has one.
    """
    if not isinstance(found, dict):
        return ReadMessage("", _dumps(found), MessageProblem("not_an_object", "A message must be a JSON object."))
    message = _with_shared(found, shared)
    if type is not None:
        message["type"] = type
    try:
        body = _dumps(message)
        problem = _too_deep(message, body) or _problem(message, body, bytes_at_most)
    except RecursionError:
        # Too deep for the encoder even: what is kept is cut.
        body, problem = _dumps({"type": type, "cut": "too deep"}), _TOO_DEEP
    if problem is not None:
        return ReadMessage("", body, problem)
    return ReadMessage(_message_id(message, body), body)


def shown_message(body: str) -> Any:
    """Return a kept message for others to read.

    Args:
        body: as the journal keeps it.

    Returns:
        What it says, with the replacement character where its sender wrote half a character, which no answer can hold.
        The body itself where others could not read it as JSON: nested too deep, or with numbers that are none.
    """
    try:
        found = json.loads(body, parse_constant=_refuse)
    except (RecursionError, ValueError):
        return body
    if _too_deep(found, body) is not None:
        return body
    text = json.dumps(found, ensure_ascii=False)
    return json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _with_shared(message: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in message.items() if name != "writeKey"}
    for name in ("context", "integrations"):
        common = shared.get(name)
        if isinstance(common, dict) and isinstance(kept.get(name) or {}, dict):
            kept[name] = {**common, **(kept.get(name) or {})}
    if "sentAt" in shared:
        kept.setdefault("sentAt", shared["sentAt"])
    return kept


def _problem(message: Mapping[str, Any], body: str, bytes_at_most: int) -> MessageProblem | None:
    if len(body) > bytes_at_most and _utf8_bytes(message) > bytes_at_most:
        return MessageProblem("too_large", f"The message is larger than {bytes_at_most:,} bytes.")
    if not _is_finite(body):
        return MessageProblem("invalid_number", "The message holds a number that JSON cannot express.")
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in EVENT_TYPES:
        return MessageProblem("unknown_type", f"`type` must be one of {', '.join(sorted(EVENT_TYPES))}.")
    for name in _OBJECTS:
        if not isinstance(message.get(name) or {}, dict):
            return MessageProblem("invalid_object", f"`{name}` must be an object.")
    for name in (*_IDS, "messageId"):
        if not _is_id(message.get(name), MESSAGE_ID_CHARACTERS if name == "messageId" else _ID_CHARACTERS):
            return MessageProblem("invalid_identifier", f"`{name}` must be a text without control characters.")
    return _missing(kind, message)


def _missing(kind: str, message: Mapping[str, Any]) -> MessageProblem | None:
    """Name what a message of its kind must have and this one lacks."""
    if kind == "merge":
        return None if _is_merge(message.get("mergeProperties")) else MessageProblem(
            "missing_merge_properties", "A merge needs `mergeProperties`: two objects with `type` and `value`."
        )  # fmt: skip
    if kind == "alias":
        if not (_has(message, "userId") and _has(message, "previousId")):
            return MessageProblem("missing_previous_id", "An alias needs `userId` and `previousId`.")
        return None
    if not (_has(message, "userId") or _has(message, "anonymousId")):
        return MessageProblem("missing_user", "A message needs `userId` or `anonymousId`.")
    if kind == "track" and not (isinstance(message.get("event"), str) and message["event"].strip()):
        return MessageProblem("missing_event", "A track needs `event`, the name of what happened.")
    if kind == "group" and not _has(message, "groupId"):
        return MessageProblem("missing_group_id", "A group needs `groupId`.")
    return None


def _has(message: Mapping[str, Any], name: str) -> bool:
    value = message.get(name)
    return value is not None and str(value).strip() != ""


def _is_id(value: Any, longest: int) -> bool:
    if value is None:
        return True
    if isinstance(value, bool) or not isinstance(value, str | int):
        return False
    text = str(value)
    return len(text) <= longest and _NO_ID.search(text) is None


def _is_merge(found: Any) -> bool:
    return (
        isinstance(found, list)
        and len(found) == 2
        and all(isinstance(one, dict) and isinstance(one.get("type"), str) for one in found)
        and all(_is_id(one.get("value"), _ID_CHARACTERS) and _has(one, "value") for one in found)
        and all(_is_id(one["type"], MESSAGE_ID_CHARACTERS) and one["type"].strip() for one in found)
    )


def _too_deep(message: Any, body: str) -> MessageProblem | None:
    """Refuse what is nested so deep that storing it or writing it again could fail."""
    if body.count("{") + body.count("[") <= _DEEPEST:
        return None
    level: list[Any] = [message]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return None
    return _TOO_DEEP


def _message_id(message: Mapping[str, Any], body: str) -> str:
    """Return the sender's message id; else one of the content, if that says when it happened: a repeat is the same.

    Without either nobody can tell a repeat from a second event, so it is taken for a second event.
    """
    if _has(message, "messageId"):
        return str(message["messageId"]).strip()
    if message.get("originalTimestamp") or message.get("timestamp"):
        said = {name: value for name, value in message.items() if name != "sentAt"}
        return "content-" + blake2b(json.dumps(said, sort_keys=True).encode(), digest_size=16).hexdigest()
    return "made-" + uuid.uuid4().hex


def _dumps(value: Any) -> str:
    # ASCII keeps every text exactly, also lone surrogates, which no encoding of the disk has.
    return _ENCODER.encode(value)


def _is_finite(body: str) -> bool:
    """Say whether the text is JSON: numbers too large to be one are read, and written as words."""
    if "Infinity" not in body and "NaN" not in body:
        return True
    try:
        json.loads(body, parse_constant=_refuse)
    except ValueError:
        return False
    return True


def _refuse(word: str) -> None:
    raise ValueError(word)


def _utf8_bytes(message: Mapping[str, Any]) -> int:
    text = json.dumps(message, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-8", "surrogatepass"))
