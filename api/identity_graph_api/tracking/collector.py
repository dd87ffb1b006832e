"""From a decoded request to the journal: whose key it is, which messages it brings, and what each becomes.

The route, the body and the keys a request names come in; a submission for the journal and the reasons of what was
refused go out. Knows nothing of HTTP beside the status of a refused request.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from identity_graph.events import MessageProblem, read_message
from identity_graph.journal import JournalEvent, KeyKind, RefusedEvent, Submission, WriteKey, WriteKeys
from identity_graph_api.tracking.bodies import REQUEST_BYTES, BodyProblem
from identity_graph_api.tracking.routes import Shape, TrackingRoute

__all__ = ["Collected", "Collector", "basic_user"]

_MESSAGES_A_BATCH = 2_500
_ITEMS_A_BATCH = 4 * _MESSAGES_A_BATCH
"""What is over the limit is set aside, message by message; a list far over it is none that an SDK makes."""

_BYTES_A_BATCH = 16 * REQUEST_BYTES
"""With what a batch says of all its messages written into each: a small body could fill the memory otherwise."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What a request brings.

    Attributes:
        submission: for the journal.
        refused: per refused message its place in the batch, `code` and `message`.
    """

    submission: Submission
    refused: tuple[Mapping[str, Any], ...]


class Collector:
    """Turns requests into submissions.

    Args:
        keys: the write keys that are good.
        event_bytes: largest message, in bytes.
    """

    def __init__(self, keys: WriteKeys, event_bytes: int) -> None:
        self._keys = keys
        self._event_bytes = event_bytes

    def key_of(self, named: Sequence[str]) -> WriteKey:
        """Return the first good key of those that a request names.

        Raises:
            BodyProblem: it names none, or none that is good.
        """
        texts = [text for text in named if text]
        for text in texts:
            key = self._keys.find(text)
            if key is not None:
                return key
        if not texts:
            raise BodyProblem(401, "missing_write_key", "The request names no write key.")
        raise BodyProblem(401, "unknown_write_key", "The write key is not known, or revoked.")

    def collect(self, route: TrackingRoute, body: Any, header_key: str, query_key: str) -> Collected:
        """Read the messages of a request.

        Args:
            route: where it was sent.
            body: decoded JSON.
            header_key: write key of the Authorization header; empty without one.
            query_key: write key of the address; empty without one.

        Raises:
            BodyProblem: the request as a whole cannot be understood, or its key is not good.
        """
        said = body if isinstance(body, dict) else {}
        body_key = said.get("writeKey")
        key = self.key_of([header_key, body_key if isinstance(body_key, str) else "", query_key])
        if not isinstance(body, dict):
            raise BodyProblem(400, "not_an_object", "The body must be a JSON object.")
        if route.shape is not Shape.BATCH:
            return self._read(key, [body], route.type, {})
        batch = body.get("batch")
        if not isinstance(batch, list) or not batch:
            raise BodyProblem(400, "empty_batch", "`batch` must be a list of messages, and not empty.")
        if len(batch) > _ITEMS_A_BATCH:
            raise BodyProblem(413, "too_large", f"The batch holds more than {_ITEMS_A_BATCH:,} messages.")
        return self._read(key, batch, None, body)

    def _read(self, key: WriteKey, found: Sequence[Any], type: str | None, shared: Mapping[str, Any]) -> Collected:
        received = datetime.now(UTC)
        public = key.kind is KeyKind.PUBLIC
        events: list[JournalEvent] = []
        refused: list[RefusedEvent] = []
        reasons: list[Mapping[str, Any]] = []
        size = 0
        for place, item in enumerate(found):
            read = read_message(item, type, shared, self._event_bytes)
            problem = read.problem
            size += len(read.body)
            if size > _BYTES_A_BATCH:
                raise BodyProblem(413, "too_large", f"The batch is larger than {_BYTES_A_BATCH:,} bytes, written out.")
            if place >= _MESSAGES_A_BATCH:
                problem = MessageProblem("batch_too_long", f"A batch may hold {_MESSAGES_A_BATCH:,} messages.")
            event = JournalEvent(key.source, public, read.message_id, received, read.body)
            if problem is None:
                events.append(event)
            else:
                refused.append(RefusedEvent(event, problem.code, problem.detail))
                reasons.append({"index": place, "code": problem.code, "message": problem.detail})
        return Collected(Submission(tuple(events), tuple(refused)), tuple(reasons))


def basic_user(authorization: str) -> str:
    """Return the user of a Basic Authorization header, which is the write key; empty for anything else."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        text = base64.b64decode(credentials.strip(), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
    return text.partition(":")[0]
