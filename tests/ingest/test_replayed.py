"""Letters that are replayed are checked again, whatever they hold."""

from __future__ import annotations

import json

from identity_graph.ingest.replayed import check_again
from identity_graph.journal import JournalEvent
from tests.events.messages import NOON

_DEEP = '{"type": "track", "userId": "u1", "event": "Seen", "properties": ' + '{"a": ' * 100_000 + "1" + "}" * 100_001


def test_a_letter_too_deep_to_be_read_is_refused_again_and_the_others_go_on() -> None:
    plain = json.dumps({"type": "page", "userId": "u1", "messageId": "m2"})
    letters = [JournalEvent("site", True, "", NOON, body) for body in (_DEEP, plain)]
    good, refused = check_again(letters, 10**7)
    assert [one.message_id for one in good] == ["m2"]
    assert [(one.event, one.reason) for one in refused] == [(letters[0], "too_deep")]
