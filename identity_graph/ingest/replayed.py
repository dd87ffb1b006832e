"""Dead letters that wait again: the gate refused them once, so they are checked again before they are applied.

Events come in; those that can be applied, and the refused ones with their reason, go out. An event that has passed the
gate has a message id, one that has not has none.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b

from identity_graph.events import read_message
from identity_graph.journal import JournalEvent, RefusedEvent

__all__ = ["check_again"]


def check_again(events: Sequence[JournalEvent], bytes_at_most: int) -> tuple[list[JournalEvent], list[RefusedEvent]]:
    """Check the events that the gate has not let through.

    Args:
        events: waiting ones, of both kinds.
        bytes_at_most: largest message, in bytes.

    Returns:
        The events that can be applied, in order; and the refused ones.
    """
    good: list[JournalEvent] = []
    refused: list[RefusedEvent] = []
    for event in events:
        if event.message_id:
            good.append(event)
            continue
        try:
            found = json.loads(event.body)
        except RecursionError:  # a letter of an earlier version, or of a larger interpreter
            refused.append(RefusedEvent(event, "too_deep", "The message is nested too deep."))
            continue
        read = read_message(found, None, {}, bytes_at_most)
        if read.problem is not None:
            refused.append(RefusedEvent(event, read.problem.code, read.problem.detail))
            continue
        # One that is made up would be another one when a crash lets the event be applied again.
        id = f"letter-{_digest(event)}" if read.message_id.startswith("made-") else read.message_id
        good.append(replace(event, message_id=id, body=read.body))
    return good, refused


def _digest(event: JournalEvent) -> str:
    return blake2b(f"{event.received_at.isoformat()}\x00{event.body}".encode(), digest_size=16).hexdigest()
