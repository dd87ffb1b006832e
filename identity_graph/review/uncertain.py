"""Lists the scored pairs that a person should look at, the most uncertain first.

A band of match weights comes in, pages of pairs with their evidence and both records' attributes go out. Pairs that a
decision in force is about are left out; undoing the decision brings them back.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from identity_graph.customers.paging import Page, check_limit, decode_cursor, encode_cursor
from identity_graph.customers.views import attributes_of
from identity_graph.errors import InvalidSettingError
from identity_graph.graph.port import Graph, Row

__all__ = ["Band", "Placement", "ReviewPair", "ReviewRecord", "current_band", "review_record", "uncertain_pairs"]

_AROUND = 5.0
"""Bits to each side of the centre: odds of 32 to 1, beyond which a look rarely changes the answer."""


class Placement(StrEnum):
    """Whether a pair's records are in one customer now."""

    ANY = "any"
    TOGETHER = "together"
    APART = "apart"


@dataclass(frozen=True, slots=True)
class Band:
    """Match weights worth a look, in bits.

    Attributes:
        low: smallest weight.
        high: largest weight.
        centre: the most uncertain weight, between both: where joining and not joining are equally right.
    """

    low: float
    high: float
    centre: float


@dataclass(frozen=True, slots=True)
class ReviewRecord:
    """One side of a pair."""

    key: str
    source: str
    customer_id: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """Two records whose link is uncertain.

    Attributes:
        distance: bits between the weight and the centre of the band; 0 is the most uncertain.
        evidence: comparison -> bits, the strongest for and against among them.
        together: both resolve to one customer now.
    """

    left: ReviewRecord
    right: ReviewRecord
    match_weight: float
    distance: float
    model_version: str
    evidence: Mapping[str, float]
    together: bool


def current_band(graph: Graph) -> Band:
    """Return the band around the threshold of the model in use; around 0 bits (even odds) when it names none."""
    centre = 0.0
    for row in graph.read("review/current_model"):
        threshold = json.loads(row["summary"] or "{}").get("threshold")
        centre = float(threshold) if isinstance(threshold, int | float) else 0.0
    return Band(centre - _AROUND, centre + _AROUND, centre)


def uncertain_pairs(
    graph: Graph,
    band: Band,
    placement: Placement = Placement.ANY,
    cursor: str | None = None,
    limit: int = 20,
) -> Page[ReviewPair]:
    """Return a page of undecided pairs in a band, the most uncertain first, then by keys.

    Cost: one pass over all scored pairs per page.

    Raises:
        InvalidSettingError: the band is empty or its centre is outside it, the limit is not 1 to 200, or the cursor
            is not one of this list.
    """
    check_limit(limit, 200)
    if not band.low <= band.centre <= band.high:
        raise InvalidSettingError(
            f"The band from {band.low} to {band.high} bits with centre {band.centre} is empty.",
            ids=["low", "high", "centre"],
            next_step="Give low <= centre <= high.",
        )
    distance, left, right = decode_cursor(cursor, float, str, str) if cursor else (-1.0, "", "")
    rows = graph.read(
        "review/uncertain_pairs",
        low=float(band.low), high=float(band.high), centre=float(band.centre), placement=placement.value,
        after_distance=distance, after_left=left, after_right=right, limit=limit + 1,
    )  # fmt: skip
    pairs = tuple(_pair(row) for row in rows[:limit])
    last = pairs[-1] if len(rows) > limit else None
    return Page(pairs, encode_cursor(last.distance, last.left.key, last.right.key) if last else None)


def _pair(row: Row) -> ReviewPair:
    return ReviewPair(
        left=review_record(row["left"], row["left_customer"]),
        right=review_record(row["right"], row["right_customer"]),
        match_weight=float(row["match_weight"]),
        distance=float(row["distance"]),
        model_version=row["model_version"] or "",
        evidence=json.loads(row["evidence"] or "{}"),
        together=row["left_customer"] == row["right_customer"],
    )


def review_record(properties: Mapping[str, str], customer_id: str) -> ReviewRecord:
    """Return one side of a pair from the properties of its node."""
    return ReviewRecord(properties["key"], properties["source"], customer_id, attributes_of(properties))
