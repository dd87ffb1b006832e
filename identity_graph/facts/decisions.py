"""What stewards said about pairs of records: stored for ever, undone by a further word, never deleted.

Verdicts come in; the decisions in force, or all of them, go out. Only a contradiction on one pair is refused here;
one over several records is the business of clustering.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from identity_graph.errors import ConflictError, InvalidSettingError, NotFoundError
from identity_graph.facts.change_log import append_changes
from identity_graph.graph.port import Graph, Row, Transaction
from identity_graph.model import ChangeKind, Decision, Verdict

__all__ = ["add_decision", "all_decisions", "time_as_text", "undo_decision"]

_OPPOSITE = {Verdict.MUST: Verdict.CANNOT, Verdict.CANNOT: Verdict.MUST}


def time_as_text(at: datetime) -> str:
    """Write a moment as ISO-8601 UTC text of fixed width; one without a zone is taken as UTC."""
    moment = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def add_decision(graph: Graph, decision: Decision) -> Decision:
    """Store a decision; the same one (by id) a second time changes nothing.

    Raises:
        InvalidSettingError: both sides are the same record.
        NotFoundError: one of the records is not stored.
        ConflictError: a decision in force says the opposite of the same pair.
    """
    if decision.left == decision.right:
        raise InvalidSettingError(f"{decision.left!r} cannot be decided against itself.", ids=[decision.left])
    left, right = sorted((decision.left, decision.right))
    properties = {
        "id": decision.id, "verdict": decision.verdict.value, "author": decision.author, "reason": decision.reason,
        "at": time_as_text(decision.at),
    }  # fmt: skip

    def work(transaction: Transaction) -> None:
        transaction.run("facts/lock_decisions")
        stored = {row["key"] for row in transaction.run("facts/stored_hashes", keys=[left, right])}
        for key in (left, right):
            if key not in stored:
                raise NotFoundError(f"There is no record {key!r}.", ids=[key])
        if transaction.run("facts/decision", id=decision.id):
            return
        for other in transaction.run("facts/decisions_on_pair", left=left, right=right):
            if other["verdict"] == _OPPOSITE.get(decision.verdict):
                raise ConflictError(
                    f"{left!r} and {right!r} are already decided: {other['verdict']} (decision {other['id']}).",
                    ids=[other["id"], left, right],
                    next_step=f"Undo decision {other['id']} first.",
                )
        transaction.run("facts/add_decision", left=left, right=right, properties=properties)
        said = {"verdict": decision.verdict.value, "left": left, "right": right}
        said |= {"author": decision.author, "reason": decision.reason}
        append_changes(transaction, [_change(ChangeKind.DECIDED, decision.id, properties["at"], said)])

    graph.transaction(work)
    return Decision(
        decision.id, decision.verdict, left, right, decision.author, decision.reason, decision.at, decision.undone_by
    )


def undo_decision(graph: Graph, decision_id: str, author: str, reason: str, at: datetime) -> Decision:
    """Take back a decision and return it.

    Raises:
        NotFoundError: there is no such decision.
        ConflictError: it was undone before.
    """
    when = time_as_text(at)

    def work(transaction: Transaction) -> Row:
        transaction.run("facts/lock_decisions")
        found = transaction.run("facts/decision", id=decision_id)
        if not found:
            raise NotFoundError(f"There is no decision {decision_id!r}.", ids=[decision_id])
        undone = (found[0]["undone_by"], found[0]["undone_at"])
        # The very same word again is this call, repeated after a lost connection.
        if undone[0] is not None and undone != (author, when):
            raise ConflictError(
                f"Decision {decision_id!r} was undone by {undone[0]} at {undone[1]}.", ids=[decision_id]
            )
        row = transaction.run("facts/undo_decision", id=decision_id, author=author, reason=reason, at=when)[0]
        left, right = sorted(row["keys"])
        said = {"verdict": row["verdict"], "left": left, "right": right, "author": author, "reason": reason}
        append_changes(transaction, [_change(ChangeKind.UNDONE, decision_id, when, said)])
        return row

    return _decision(graph.transaction(work))


def all_decisions(graph: Graph, active_only: bool) -> tuple[Decision, ...]:
    """Return the decisions, those in force or all, oldest first."""
    return tuple(_decision(row) for row in graph.read("facts/decisions", active_only=active_only))


def _change(kind: ChangeKind, decision_id: str, at: str, said: Mapping[str, str]) -> dict[str, Any]:
    """Build the entry of the change log; a decision is recorded once and undone once."""
    data = {"decision_id": decision_id, **said}
    properties = {
        "kind": kind.value, "subject": decision_id, "at": at, "cause": f"decision {decision_id}",
        "data": json.dumps(data, ensure_ascii=False),
    }  # fmt: skip
    return {"id": f"decision:{decision_id}:{kind.value}", "properties": properties}


def _decision(row: Row) -> Decision:
    left, right = sorted(row["keys"])
    return Decision(
        row["id"], Verdict(row["verdict"]), left, right, row["author"], row["reason"],
        datetime.fromisoformat(row["at"]), row["undone_by"],
    )  # fmt: skip
