"""Known customers that only the word of a public key would join: kept as SUGGESTED edges, listed for stewards.

Suggestions of a resolve come in and are written as far as they differ; pages for a steward go out, the surest first. A
must on the two records joins them, a cannot takes the suggestion away with the next resolve.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from identity_graph.clusters import Suggestion
from identity_graph.customers.paging import Page, check_limit, decode_cursor, encode_cursor
from identity_graph.graph.port import Graph, Row, Transaction
from identity_graph.review.uncertain import ReviewRecord, review_record

__all__ = ["SuggestedPair", "SuggestionStore", "suggested_pairs", "suggestion_changes", "suggestion_rows",
           "write_suggestions"]  # fmt: skip

_ABOVE_ALL = 1e9


@dataclass(frozen=True, slots=True)
class SuggestedPair:
    """Two records of two known customers.

    Attributes:
        via_key: key of the public record that speaks for it.
        weight: bits of its weaker tie to the two.
        reason: what the tie rests on: `identifiers`, `match` (the model's weight) or `alias`.
    """

    left: ReviewRecord
    right: ReviewRecord
    via_key: str
    weight: float
    reason: str


class SuggestionStore:
    """The suggestions of one graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def read(self) -> list[dict[str, Any]]:
        """Return all stored suggestions, {left, right, via, weight, reason}."""
        return [dict(row) for row in self._graph.read("review/stored_suggestions")]

    def replace(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Make all stored suggestions equal to these ({left, right, via, weight, reason})."""
        new, gone = suggestion_changes(rows, self.read())
        self._graph.transaction(lambda transaction: write_suggestions(transaction, new, gone))


def suggestion_changes(
    wanted: Iterable[Mapping[str, Any]], stored: Iterable[Mapping[str, Any]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return which suggestions to write and which to delete, to come from the stored ones to the wanted ones."""
    after = {(row["left"], row["right"]): dict(row) for row in wanted}
    before = {(row["left"], row["right"]): dict(row) for row in stored}
    gone = [{"left": left, "right": right} for left, right in sorted(before.keys() - after.keys())]
    return [row for pair, row in sorted(after.items()) if before.get(pair) != row], gone


def write_suggestions(
    transaction: Transaction, new: Sequence[Mapping[str, Any]], gone: Sequence[Mapping[str, Any]]
) -> None:
    """Write and delete what `suggestion_changes` found."""
    if gone:
        transaction.run("review/delete_suggestions", rows=gone)
    if new:
        transaction.run("review/put_suggestions", rows=new)


def suggestion_rows(keys: Sequence[str], suggestions: Iterable[Suggestion]) -> list[dict[str, Any]]:
    """Name the records of suggestions.

    Args:
        keys: record key of each row.
        suggestions: by row.

    Returns:
        {left, right, via, weight (bits, rounded to 0.01), reason}; left is the smaller key.
    """
    return [
        {
            "left": keys[one.left], "right": keys[one.right], "via": keys[one.via], "weight": round(one.weight, 2),
            "reason": one.reason,
        }
        for one in suggestions
    ]  # fmt: skip


def suggested_pairs(graph: Graph, cursor: str | None = None, limit: int = 20) -> Page[SuggestedPair]:
    """Return a page of suggestions that nobody decided on, the surest first, then by keys.

    Raises:
        InvalidSettingError: the limit is not 1 to 200, or the cursor is not one of this list.
    """
    check_limit(limit, 200)
    weight, left, right = decode_cursor(cursor, float, str, str) if cursor else (_ABOVE_ALL, "", "")
    rows = graph.read("review/suggestions", after_weight=weight, after_left=left, after_right=right, limit=limit + 1)
    pairs = tuple(_pair(row) for row in rows[:limit])
    last = pairs[-1] if len(rows) > limit else None
    return Page(pairs, encode_cursor(last.weight, last.left.key, last.right.key) if last else None)


def _pair(row: Row) -> SuggestedPair:
    return SuggestedPair(
        left=review_record(row["left"], row["left_customer"]),
        right=review_record(row["right"], row["right_customer"]),
        via_key=row["via"],
        weight=float(row["weight"]),
        reason=row["reason"],
    )
