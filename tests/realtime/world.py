"""A small town on a graph whose records change one by one, and a model that a larger town taught.

Names, e-mails and numbers come from small pools, so that records meet; blocks and limits are small, so that few records
go over them.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from identity_graph.customers.plan import CustomerPlan
from identity_graph.customers.store import CustomerStore
from identity_graph.errors import IdentityGraphError
from identity_graph.explain.evidence import Evidence, Link, StoredEvidence
from identity_graph.explain.joining import EvidenceSource
from identity_graph.facts import FactStore, Handover
from identity_graph.facts.writing import delete_batch
from identity_graph.graph.bolt import BoltGraph
from identity_graph.matching import MatchingOptions, MatchModel
from identity_graph.model import Verdict
from identity_graph.pipeline.linking import LinkingOptions, link_records
from identity_graph.pipeline.resolve import ResolveOptions, ResolveSummary, resolve
from identity_graph.pipeline.stages import Stages
from identity_graph.realtime import LiveResolver, LiveSummary
from identity_graph.realtime.step import StepWriter
from identity_graph.roles import Role
from identity_graph.settings import Settings
from tests.facts.batches import batch, edges, record

__all__ = [
    "FAMILY", "GIVEN", "ROLES", "SAID", "Town", "nothing_is_left_for_a_batch", "row", "town_model", "without_times",
]  # fmt: skip

ROLES = {
    "given_name": Role.GIVEN_NAME, "family_name": Role.FAMILY_NAME, "birth_date": Role.BIRTH_DATE, "email": Role.EMAIL,
    "phone": Role.PHONE, "plan": Role.CATEGORY,
}  # fmt: skip
GIVEN = ("Ada", "Bo", "Cy", "Dee", "Eve", "Flo")
FAMILY = ("Lee", "Kaur", "Moss", "Nash", "Ortiz", "Pugh")
SAID = st.fixed_dictionaries(
    {},
    optional={
        "given_name": st.sampled_from(GIVEN[:3]),
        "family_name": st.sampled_from(FAMILY[:3]),
        "birth_date": st.sampled_from(("1960-01-01", "1971-02-03")),
        "email": st.sampled_from(("a@mail.test", "b@mail.test", "noreply@mail.test")),
        "phone": st.sampled_from(("+49301000001", "+49301000002")),
        "plan": st.sampled_from(("free", "pro")),
    },
)
"""What a record may say: of few people, so that records meet. The model knows nothing of plans."""
_NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def row(key: str, held: tuple[str, ...] = (), minute: int = 0, **said: str) -> dict[str, Any]:
    """Return one record; e-mail and phone are identifiers too."""
    also = [f"{name}:{said[name]}" for name in ("email", "phone") if name in said]
    return record(key, *sorted({*held, *also}), at=_NOON + timedelta(minutes=minute), **said)


@cache
def town_model() -> MatchModel:
    """Return a model whose blocks hold four records at most and whose identifiers two people."""
    rows = [
        row(f"{source}:{number:03d}", given_name=GIVEN[number % 6], family_name=FAMILY[number // 6 % 6],
            birth_date=f"19{50 + number % 40}-0{1 + number % 9}-1{number % 8}", email=f"m{number}@mail.test",
            phone=f"+49301{number:06d}")
        for number in range(36) for source in ("crm", "shop")
    ]  # fmt: skip
    records = batch(sorted(rows, key=lambda one: str(one["key"]))).records
    options = LinkingOptions(matching=MatchingOptions(threads=1))
    model = link_records(records, ROLES, (), None, options, Stages()).model
    small = {rule: 8 if rule == "(all pairs)" else min(cap, 4) for rule, cap in model.blocking.items()}
    return replace(model, blocking=small, people_limits={"email": 2, "phone": 2, "device_id": 2}, largest_group=5)


class _CheckedWriter(StepWriter):
    """Tells lineage from memory, and holds every answer against what the graph has after the step."""

    def write(self, *given: Any) -> CustomerPlan:
        self._told: list[_Remembered] = []
        plan = super().write(*given)
        stored = StoredEvidence(self._graph)
        for one in self._told:
            for keys, found in one.links_of:
                assert _told(found) == _told(stored.links(keys))
            for keys, decided in one.decisions_of:
                assert list(decided) == list(stored.decisions(keys))
        return plan

    def _evidence(self, *given: Any) -> EvidenceSource:
        self._told.append(_Remembered(super()._evidence(*given)))
        return self._told[-1]


@dataclass(frozen=True, slots=True)
class _Remembered:
    """Evidence that remembers what it was asked and said."""

    held: EvidenceSource
    links_of: list[tuple[Sequence[str], Evidence]] = field(default_factory=list)
    decisions_of: list[tuple[Sequence[str], Sequence[Link]]] = field(default_factory=list)

    def links(self, keys: Sequence[str]) -> Evidence:
        self.links_of.append((keys, self.held.links(keys)))
        return self.links_of[-1][1]

    def decisions(self, keys: Sequence[str]) -> Sequence[Link]:
        self.decisions_of.append((keys, self.held.decisions(keys)))
        return self.decisions_of[-1][1]


def _told(found: Evidence) -> tuple[Any, ...]:
    """Return what lineage tells of evidence: not since when, and not the bits of each comparison."""
    shared = [(one.key, one.namespace, one.status, one.strength, sorted(one.first_seen)) for one in found.shared]
    pairs = sorted((one.left, one.right, one.kind, one.strength, one.detail["model_version"]) for one in found.pairs)
    return shared, pairs, found.decisions


@dataclass(slots=True)
class Town:
    """A graph with a model in use, and a resolver of what changes, to which what is put is handed over."""

    graph: BoltGraph
    settings: Settings
    handover: Handover = field(default_factory=Handover, init=False)
    store: FactStore = field(init=False)
    live: LiveResolver = field(init=False)
    decisions: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.store = FactStore(self.graph, self.settings, self.handover)
        for source in ("crm", "shop", "web"):
            self.store.put_source(source, "{}", ROLES, _NOON)
        self.store.put_source("page", "columns: {email: email}", ROLES, _NOON, "public")
        folder: Path = self.settings.data_dir / "town-model"
        town_model().save(folder)
        self.put(row("crm:0", given_name="Zed", family_name="Zorn", birth_date="1911-11-11"))
        resolve(self.graph, self.settings, ResolveOptions(model=str(folder)))
        self.restart()
        self.live.resolve_changes()

    def put(self, *rows: dict[str, Any]) -> None:
        """Write records."""
        self.store.write(batch(rows), ROLES)
        self.keys.update(str(one["key"]) for one in rows)

    def delete(self, key: str) -> None:
        """Delete a record that is there; others are passed over."""
        if key in self.keys:
            self.graph.transaction(partial(delete_batch, keys=[key], graph_id=uuid.uuid4().hex))

    def decide(self, verdict: Verdict, left: str, right: str) -> None:
        """Let a steward decide; what contradicts an earlier word is refused."""
        name = f"d{len(self.decisions)}"
        try:
            self.store.add_decision(verdict, left, right, "ana", "called", _NOON + timedelta(hours=len(name)), name)
        except IdentityGraphError:
            return
        self.decisions.append(name)

    def undo(self, place: int) -> None:
        """Take back one of the decisions, if it is in force."""
        try:
            self.store.undo_decision(self.decisions[place % len(self.decisions)], "ana", "was wrong", _NOON)
        except (IdentityGraphError, ZeroDivisionError):
            return

    def restart(self) -> None:
        """Forget what is in memory."""
        self.live = LiveResolver(self.graph, self.settings, handover=self.handover)
        self.live._writer = _CheckedWriter(self.graph, self.settings)

    def step(self) -> LiveSummary | None:
        """Resolve what changed."""
        return self.live.resolve_changes()

    def batch(self) -> ResolveSummary:
        """Resolve everything."""
        return resolve(self.graph, self.settings)

    def distrust(self) -> None:
        """Let the next resolve of all write every customer anew."""
        customers = CustomerStore(self.graph)
        last = customers.last_run()
        assert last is not None
        customers.finish_run(last.number, "2026-03-01T12:00:00Z", {**last.summary, "last_seq": 0})

    def derived(self) -> set[tuple[Any, ...]]:
        """Return the whole graph but runs, models and counters."""
        return {one for one in edges(self.graph) if one[0] not in ("Run", "Counter", "Model")}


def nothing_is_left_for_a_batch(town: Town) -> None:
    """Assert that resolving everything changes nothing: not a pair, certainty or golden value."""
    before = town.derived()
    summary = town.batch()
    assert (summary.changes, summary.matches_written) == ({}, 0)
    assert town.derived() == before


def without_times(found: set[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Leave out when customers were written last."""
    return {tuple(re.sub(r'"updated_at": "[^"]*"', "", part) for part in one) for one in found}
