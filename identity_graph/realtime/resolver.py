"""Resolves what changed since the last time: the touched records alone, written like a run of all would write them.

A graph with facts and a model in use comes in; customers, lineage, pairs and a LiveSummary go out. What cannot be
resolved alone (`opening.py` says why) is resolved as a whole. A step that dies leaves whole customers; the next start
takes it again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from identity_graph.customers.store import CustomerStore, LastRun
from identity_graph.facts import FactStore
from identity_graph.facts.handover import Handover
from identity_graph.facts.prepare import RecordRow, stored_row
from identity_graph.facts.writers import await_writers
from identity_graph.graph.port import Graph
from identity_graph.pipeline.linking import by_rules, matching_options
from identity_graph.pipeline.resolve import ResolveOptions, decisions_marker, now
from identity_graph.pipeline.turns import step_turn
from identity_graph.realtime.crowds import Status
from identity_graph.realtime.opening import HeldGraph, learn, open_held, roles_and_public, too_many
from identity_graph.realtime.preview import Preview, preview
from identity_graph.realtime.scope import link_scope
from identity_graph.realtime.standing import Standing, StandingState
from identity_graph.realtime.step import Step, StepWriter
from identity_graph.settings import Settings

__all__ = ["LiveResolver", "LiveSummary"]

_log = logging.getLogger("identity_graph.realtime")

_MOST_OF_A_STEP = 2_000
"""Sequence numbers of one step: the first of many changes must not wait for the last."""

_ACTIVE: Status = ("active", None)
"""The status of identifiers that are not marked."""


@dataclass(frozen=True, slots=True)
class LiveSummary:
    """What a step did.

    Attributes:
        records: records that were resolved.
        customers: customers that were written.
        changes: lineage entries by kind.
        whole: everything was resolved, not the touched records alone.
    """

    records: int
    customers: int
    changes: dict[str, int]
    whole: bool = False


class LiveResolver:
    """Resolves changes of one graph as they come. Not safe for several threads at once.

    Args:
        graph: facts are read from it, customers are written to it.
        settings: data folder, threads and memory.
        options: how to resolve, as runs of all records do; None is the defaults.
        handover: has what this process stored last, so that it is not read back; None reads everything.
        anew: resolve everything before the first step, whatever the graph says of itself.
    """

    def __init__(
        self,
        graph: Graph,
        settings: Settings,
        options: ResolveOptions | None = None,
        handover: Handover | None = None,
        anew: bool = False,
    ) -> None:
        self._graph, self._settings, self._handover = graph, settings, handover or Handover()
        self._options = options or ResolveOptions()
        policy = replace(self._options.linking.policy, minimum_certainty=self._options.minimum_certainty)
        matching = matching_options(settings, None)
        self._linking = replace(by_rules(settings, self._options.linking), policy=policy, matching=matching)
        self._facts, self._customers = FactStore(graph, settings), CustomerStore(graph)
        self._writer = StepWriter(graph, settings)
        self._anew = anew
        self._state: HeldGraph | None = None
        self._standing = Standing.now(StandingState.IDLE)

    @property
    def standing(self) -> Standing:
        """Whether it has the records in memory; may be asked by any thread."""
        return self._standing

    def preview(self, record: RecordRow) -> Preview | None:
        """Say whom a record would be with if it arrived now; writes nothing.

        Returns:
            What a step with it would make of it; None while the records are not in memory, or when one has its key.
        """
        state, key = self._state, str(record[0]["key"])
        if state is None or key in state.index:
            return None
        linking, doubts = replace(self._linking, public_sources=state.public), state.index.doubts
        try:
            return preview(state.index, state.holdings, state.decisions, linking, self._customers, record)
        finally:
            if key in state.index:  # it could not be taken out again, so everything is read anew
                self._state = None
            elif doubts:  # they were judged with the record; the step has to see whom that concerns
                state.index.recall(state.marked)

    def resolve_changes(self) -> LiveSummary | None:
        """Resolve what changed since the last step or run; of very many changes those that came first.

        Returns:
            What was done; None when nothing changed, or when no model is in use yet.

        Raises:
            ConflictError: a run is resolving everything just now; what changed waits for the next call.
            ModelError: the model in use does not fit the records.
            EngineError: the engine did not do it; the next call continues.
        """
        while True:
            with step_turn(self._settings):
                last = self._customers.last_run()
                if last is None or not last.model_version:
                    self._standing = self._standing.then(StandingState.IDLE)
                    return None
                state, self._state = self._state, None  # what fails half-way is looked at anew
                why = self._outdated(state, last)
                if state is not None and why is None:
                    changed, seq = self._changed(state)
                    # Looked at after the records: what a source says of its attributes is stored before its records.
                    why = learn(state, roles_and_public(self._facts))
                    if why is None:
                        done = self._step(state, changed, seq)
                        self._state = state
                        return done
            _log.info("all records are read into memory: %s", why)
            state = None  # the old ones go before the new ones come: there is not room for both
            # Others may write meanwhile, even resolve everything, so it is looked at again before a step.
            if self._anew:
                last = replace(last, finished=False)
            self._state, whole = open_held(self._graph, self._settings, self._options, self._linking, last, self._tell)
            self._anew = False
            records = len(self._state.index)
            all_first = "" if whole is None else "; everything was resolved first"
            _log.info("%d records are in memory after %.1f s%s", records, self._standing.seconds, all_first)
            self._standing = Standing.now(StandingState.READY, records)
            if whole is not None:
                return LiveSummary(whole.records, whole.customers, dict(whole.changes), whole=True)

    def _outdated(self, state: HeldGraph | None, last: LastRun) -> str | None:
        """Say why what is in memory cannot be gone on with; None when it can."""
        if state is None:
            return "none are, at the start or after a step that failed"
        if (last.number, last.model_version) != (state.run.number, state.index.version):
            return f"run {last.number} resolved everything meanwhile"
        behind = self._counter()[1] - state.seq
        if too_many(behind, len(state.index)):
            return f"{behind} changes wait, which are sooner resolved with everything"
        return None

    def _tell(self, state: StandingState, part: str | None, records: int | None) -> None:
        self._standing = self._standing.then(state, part, records)

    def _step(self, state: HeldGraph, changed: Sequence[RecordRow], seq: int) -> LiveSummary | None:
        decisions = self._facts.decisions(active_only=True)
        others = set(decisions) ^ set(state.decisions)
        decided = state.decided.union(*((one.left, one.right) for one in others))
        if not changed and not decided:
            return None
        before = self._in_order(state, changed)
        reach = state.index.put(changed, state.holdings.alone)
        for key, order in before.items():
            if key not in reach.touched and order != state.index.records.in_order(state.holdings.fellows(key)):
                reach.touched.add(key)
        fresh = {str(properties["key"]) for properties, _ in changed}
        touched = reach.touched | decided | (state.seen_since & fresh)
        state.seen_since -= fresh
        state.seq, state.decisions, state.decided = seq, decisions, set()
        linking = replace(self._linking, public_sources=state.public)
        scope = link_scope(state.index, touched, decisions, state.holdings, linking)
        self._count_step(state)
        marks = _marks(state, reach.status)
        suggested = _about(state.suggested, touched.union(scope.core_keys()))
        step = Step(
            scope, touched, reach.paired, reach.came, fresh, marks, suggested, decisions, state.run.number, state.step,
            _summary(state),
        )  # fmt: skip
        plan = self._writer.write(state.index, state.holdings, step)
        _remember(state, step)
        return LiveSummary(int(scope.core.sum()), plan.total, plan.changes)

    def _count_step(self, state: HeldGraph) -> None:
        """Number the step that comes; the steps of one process are one run, which begins with the first."""
        if state.step == 0:
            at = now()
            number = self._customers.start_run(at, state.index.version, state.run.summary)
            state.run = LastRun(number, at, True, state.index.version, state.run.summary)
        state.step += 1

    def _in_order(self, state: HeldGraph, changed: Sequence[RecordRow]) -> dict[str, list[tuple[str, bool]]]:
        """Return, per changed record, the order in time of its customer's records: golden values follow from it."""
        records = state.index.records
        keys = (str(properties["key"]) for properties, _ in changed)
        return {key: records.in_order(state.holdings.fellows(key)) for key in keys if records.says_anything(key)}

    def _changed(self, state: HeldGraph) -> tuple[list[RecordRow], int]:
        """Return the records that were written next, each as it is now, and the number up to which these are all.

        A record that is written again while it is looked for is found under neither number. So what came meanwhile is
        read too; of very many changes the next step does that, and until then `passed` says that these are not all.
        """
        graph_id, last = self._counter()
        found: dict[str, RecordRow] = {}
        seq, most = state.seq, state.seq + _MOST_OF_A_STEP
        while seq < last and (not found or seq < min(state.passed, most)):
            end = min(seq + _MOST_OF_A_STEP, last)
            rows, complete = self._between(graph_id, seq + 1, end)
            found |= rows
            seq = end
            if not complete:
                await_writers(self._graph, self._settings.data_dir)  # a record may be seen to move before the counter
                state.passed = last = self._counter()[1]
        return list(found.values()), seq

    def _between(self, graph_id: str, first: int, last: int) -> tuple[dict[str, RecordRow], bool]:
        """Return the records of a range of sequence numbers, and whether every number was found."""
        rows, gaps = self._handover.take(graph_id, first, last)
        found = {str(row[0]["key"]): row for row in rows}
        numbers = len(rows)
        if gaps:
            await_writers(self._graph, self._settings.data_dir)
        for start, end in gaps:
            read = self._graph.read("facts/records_between", first=start, last=end)
            numbers += len(read)
            for properties, identifiers in map(stored_row, read):
                held = found.get(properties["key"])
                if held is None or held[0]["seq"] < properties["seq"]:
                    found[properties["key"]] = (properties, identifiers)
        return found, numbers == last - first + 1

    def _counter(self) -> tuple[str, int]:
        """Return the graph's id and its last sequence number."""
        for row in self._graph.read("facts/read_counter"):
            return row["graph_id"] or "", int(row["value"] or 0)
        return "", 0


def _about(suggested: Mapping[tuple[str, str], Mapping[str, Any]], keys: Collection[str]) -> list[Mapping[str, Any]]:
    """Return the suggestions about some records; suggestions are few."""
    return [row for (left, right), row in suggested.items() if left in keys or right in keys]


def _marks(state: HeldGraph, status: Mapping[str, Status]) -> list[dict[str, str | None]]:
    """Return {key, status, reason} of the identifiers that the graph shows otherwise."""
    return [
        {"key": key, "status": word, "reason": reason}
        for key, (word, reason) in sorted(status.items())
        if state.marked.get(key, _ACTIVE) != (word, reason)
    ]


def _summary(state: HeldGraph) -> dict[str, Any]:
    """Return what the run says of itself after a step; a start reads from it what the customers were made of."""
    return {
        **state.run.summary, "last_seq": state.seq, "decisions": decisions_marker(state.decisions), "live": True,
        "records": len(state.index), "public_sources": sorted(state.public), "passed_over": state.seq < state.passed,
        "roles": {name: role.value for name, role in sorted(state.index.roles.items())},
    }  # fmt: skip


def _remember(state: HeldGraph, step: Step) -> None:
    """Keep in memory what a step has written of identifiers and suggestions."""
    for mark in step.marks:
        key, status = str(mark["key"]), (str(mark["status"]), mark["reason"])
        if status == _ACTIVE:
            state.marked.pop(key, None)
        else:
            state.marked[key] = status
    for row in step.suggested:
        del state.suggested[row["left"], row["right"]]
    state.suggested.update({(row["left"], row["right"]): row for row in step.scope.suggestions})
