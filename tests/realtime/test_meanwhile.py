"""While one process applies and another resolves, nothing is passed over: a run of all then finds nothing to do."""

from __future__ import annotations

import random
import time
from contextlib import closing
from typing import Any

import pytest

from identity_graph.cli.applying import applier_process
from identity_graph.customers.store import CustomerStore
from identity_graph.journal import JournalEvent, Submission, open_journal
from identity_graph.settings import Settings
from tests.events.messages import at, event
from tests.realtime.world import FAMILY, GIVEN, Town, nothing_is_left_for_a_batch

_EVENTS, _AT_ONCE = 1_200, 40


def _message(number: int, chance: random.Random) -> JournalEvent:
    """Return an event of somebody new, or of one of two hundred who come again and again."""
    ids: dict[str, Any] = {"anonymousId": f"a{chance.choice((number, chance.randrange(200)))}"}
    traits: dict[str, Any] = {"plan": f"p{number}"}
    if chance.random() < 0.5:
        user = chance.randrange(200)
        ids["userId"] = f"u{user}"
        traits |= {"firstName": GIVEN[user % 6], "lastName": FAMILY[user // 6 % 6], "email": f"m{user}@mail.test"}
    return event(f"m{number}", "identify", timestamp=at(number / 60), traits=traits, **ids)


def test_a_run_of_all_finds_nothing_after_events_were_applied_and_resolved_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in _environment(town.settings).items():
        monkeypatch.setenv(f"IDENTITY_GRAPH_{name}", value)
    chance = random.Random(7)
    with closing(open_journal(town.settings)) as journal, closing(applier_process()):
        for start in range(0, _EVENTS, _AT_ONCE):
            some = tuple(_message(number, chance) for number in range(start, start + _AT_ONCE))
            journal.append([Submission(some)])
            time.sleep(0.02)  # so that batches are applied while others are resolved
        _wait_until_resolved(town, journal)
    nothing_is_left_for_a_batch(town)


def _environment(settings: Settings) -> dict[str, str]:
    told = {"DATA_DIR": str(settings.data_dir), "ENGINE_HEAP": settings.engine_heap or ""}
    return told | {"URI": settings.uri or "", "PASSWORD": settings.password.get_secret_value()}


def _wait_until_resolved(town: Town, journal: Any) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        stored = town.graph.read("facts/read_counter")[0]["value"]
        last = CustomerStore(town.graph).last_run()
        if journal.backlog().events == 0 and last is not None and last.summary.get("last_seq") == stored:
            return
        time.sleep(0.1)
    pytest.fail("The events were not resolved within two minutes.")
