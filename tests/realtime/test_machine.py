"""Real time equals batch: what comes in any order, batching and repetition gives what a batch gives for it in another.

Events go through the journal and the applier, which may die between storing and marking; rows, deletions and decisions
come between them, and resolves, restarts and batches at any moment. A failing run prints a smallest case.
"""

from __future__ import annotations

import random
import shutil
import sys
from collections import Counter
from contextlib import closing
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from identity_graph.customers.read import CustomerReader
from identity_graph.errors import JournalError
from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import Applier
from identity_graph.journal import JournalEvent, JournalLimits, SqliteJournal, Submission, open_journal
from identity_graph.model import Verdict
from identity_graph.settings import Settings
from tests.conftest import clear
from tests.events.messages import at, event
from tests.pipeline.company import holdings
from tests.realtime.sent import Sent, outcome
from tests.realtime.world import FAMILY, GIVEN, Town, row

_KEY = st.sampled_from([f"{source}:{number}" for source in ("crm", "shop", "web") for number in range(1, 5)])
_USERS = [f"{source}:user_id={user}" for source in ("site", "app") for user in ("u1", "u2")]
_PAIR = st.lists(st.one_of(_KEY, st.sampled_from(_USERS)), min_size=2, max_size=2, unique=True)
_SAID = st.fixed_dictionaries(
    {},
    optional={
        "given_name": st.sampled_from(GIVEN[:3]),
        "family_name": st.sampled_from(FAMILY[:3]),
        "birth_date": st.sampled_from(("1960-01-01", "1971-02-03")),
        "email": st.sampled_from(("a@mail.test", "b@mail.test", "noreply@mail.test")),
        "phone": st.sampled_from(("+49301000001", "+49301000002")),
    },
)
_HELD = st.sets(st.sampled_from(("device_id:d1", "device_id:d2", "user_id:u1", "user_id:u2")), max_size=2)
_ROWS = st.dictionaries(_KEY, st.tuples(_HELD, st.integers(0, 9), _SAID), min_size=1, max_size=5)
_TRAITS = st.fixed_dictionaries(
    {},
    optional={
        "firstName": st.sampled_from((*GIVEN[:3], None)),
        "lastName": st.sampled_from((*FAMILY[:3], None)),
        "birthday": st.sampled_from(("1960-01-01", "1971-02-03", None)),
        "email": st.sampled_from(("a@mail.test", "b@mail.test", None)),
        "plan": st.sampled_from(("pro", "free", None)),
    },
)
_USER, _VISITOR = st.sampled_from(("u1", "u2")), st.sampled_from(("a1", "a2"))
_WHO = st.one_of(
    st.fixed_dictionaries({"anonymousId": _VISITOR}, optional={"userId": _USER}),
    st.fixed_dictionaries({"userId": _USER}),
)
_SAYS = st.one_of(
    st.fixed_dictionaries({"type": st.just("identify"), "traits": _TRAITS}),
    st.fixed_dictionaries({"type": st.just("page")}, optional={"context": st.just({"groupId": "acme"})}),
    st.fixed_dictionaries({"type": st.just("track"), "event": st.sampled_from(("Seen", "Bought"))}),
    st.fixed_dictionaries({"type": st.just("group"), "groupId": st.just("acme"), "traits": _TRAITS}),
    st.fixed_dictionaries({"type": st.just("alias"), "userId": _USER, "previousId": _VISITOR}),
    st.fixed_dictionaries({
        "type": st.just("merge"),
        "mergeProperties": st.just([{"type": "email", "value": "a@mail.test"}, {"type": "user_id", "value": "u2"}]),
    }),
)  # fmt: skip
_EVENT = st.tuples(st.sampled_from((("site", False), ("app", True))), _WHO, _SAYS, st.integers(0, 9))


class _Dying(SqliteJournal):
    """A journal whose process dies before what was applied is marked so."""

    def mark_applied(self, through: int, refused: Any = ()) -> int:
        raise JournalError("The process died.")


class Stream(RuleBasedStateMachine):
    """A town that gets events, rows and decisions, and resolves them as they come.

    Attributes:
        held: customer -> every record that ever resolved to it.
        last: customer -> the records that resolved to it last.
    """

    def __init__(self, graph: BoltGraph, shared: Settings) -> None:
        super().__init__()
        self.folder = shared.data_dir / "journals"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.town = _new_town(graph, shared)
        self.sent = Sent()
        self.journals = 0
        self.held: dict[str, set[str]] = {}
        self.last: dict[str, set[str]] = {}
        self.chance = random.Random(0)
        self.journal = self._next_journal()

    @initialize(seed=st.integers(0, 99))
    def shuffle(self, seed: int) -> None:
        self.chance = random.Random(seed)

    @rule(found=st.lists(_EVENT, min_size=1, max_size=6))
    def events(self, found: list[tuple[tuple[str, bool], dict[str, Any], dict[str, Any], int]]) -> None:
        new = []
        for (source, public), who, says, minute in found:
            made = event(f"m{len(self.sent.events)}", **{**who, **says}, timestamp=at(minute))
            new.append(JournalEvent(source, public, made.message_id, made.received_at, made.body))
            self.sent.events.append(new[-1])
        self.journal.append([Submission(tuple(new))])

    @precondition(lambda self: self.sent.events)
    @rule(place=st.integers(0, 20), forgotten=st.booleans())
    def repeat(self, place: int, forgotten: bool) -> None:
        if forgotten:
            self.apply(500)
            self.journal.close()
            self.journal = self._next_journal()
        self.journal.append([Submission((self.sent.events[place % len(self.sent.events)],))])

    @rule(limit=st.sampled_from((1, 2, 500)))
    def apply(self, limit: int) -> None:
        Applier(self.town.graph, self.town.settings, self.journal).apply_next(limit)

    @rule(limit=st.sampled_from((1, 2, 500)))
    def die_while_applying(self, limit: int) -> None:
        path = self._settings().data_dir / "events" / "journal.sqlite"
        with closing(_Dying(path, JournalLimits())) as journal:
            try:
                Applier(self.town.graph, self.town.settings, journal).apply_next(limit)
            except JournalError:
                return

    @rule(rows=_ROWS)
    def write(self, rows: dict[str, tuple[set[str], int, dict[str, str]]]) -> None:
        made = {key: row(key, tuple(sorted(held)), minute, **said) for key, (held, minute, said) in rows.items()}
        self.sent.written.extend(made.items())
        self.town.put(*made.values())

    @rule(key=_KEY)
    def delete(self, key: str) -> None:
        if key in self.town.keys:
            self.sent.written.append((key, None))
            self.town.delete(key)

    @rule(verdict=st.sampled_from((Verdict.MUST, Verdict.CANNOT)), pair=_PAIR)
    def decide(self, verdict: Verdict, pair: list[str]) -> None:
        before = len(self.town.decisions)
        self.town.decide(verdict, *pair)
        if len(self.town.decisions) > before:
            self.sent.decided.append((verdict, *pair))

    @precondition(lambda self: self.town.decisions)
    @rule(place=st.integers(0, 5))
    def undo(self, place: int) -> None:
        self.sent.decided.append(place % len(self.town.decisions))
        self.town.undo(place)

    @rule(how=st.sampled_from(("step", "step", "step", "restart", "batch")))
    def resolve(self, how: str) -> None:
        getattr(self.town, how)()
        self._ids_keep_their_meaning()

    def teardown(self) -> None:
        with closing(self.journal):
            if sys.exc_info()[0] is not None:
                return  # it has failed already
            while Applier(self.town.graph, self.town.settings, self.journal).apply_next():
                pass
        self.town.step()
        self._ids_keep_their_meaning()
        self._ids_answer()
        found = outcome(self.town.graph)
        again = self.town.batch()
        assert (again.changes, again.matches_written) == ({}, 0)
        other = _new_town(self.town.graph, self.town.settings)
        self.sent.send_to(other, self.folder / "again", self.chance)
        other.batch()
        assert found == outcome(other.graph)

    def _ids_keep_their_meaning(self) -> None:
        """A customer has a record that stood under its id before, unless the id is new."""
        groups: dict[str, set[str]] = {}
        for key, customer in holdings(self.town.graph).items():
            groups.setdefault(customer, set()).add(key)
        for customer, keys in groups.items():
            assert customer not in self.held or self.held[customer] & keys
            self.held.setdefault(customer, set()).update(keys)
            self.last[customer] = keys

    def _ids_answer(self) -> None:
        """An id that was given out answers with the customer of most records that it stood for last."""
        now, reader = holdings(self.town.graph), CustomerReader(self.town.graph)
        for customer, keys in self.last.items():
            votes = Counter(now[key] for key in keys if key in now)
            found = reader.current_id(customer)
            assert not votes or votes[found] == max(votes.values())

    def _settings(self) -> Settings:
        return self.town.settings.model_copy(update={"data_dir": self.folder / str(self.journals)})

    def _next_journal(self) -> SqliteJournal:
        self.journals += 1
        return open_journal(self._settings())


def _new_town(graph: BoltGraph, shared: Settings) -> Town:
    clear(graph)
    for name in ("records", "derived", "models"):
        shutil.rmtree(shared.data_dir / name, ignore_errors=True)
    return Town(graph, shared)


def test_any_order_and_any_batches_give_the_same(graph: BoltGraph, engine_settings: Settings) -> None:
    run_state_machine_as_test(
        lambda: Stream(graph, engine_settings),
        settings=settings(
            max_examples=6,
            stateful_step_count=10,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
            phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
        ),
    )
