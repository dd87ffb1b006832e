"""Bodies about uncertain pairs and decisions."""

from __future__ import annotations

from datetime import datetime

from pydantic import ConfigDict, Field

from identity_graph.model import Verdict
from identity_graph_api.models.base import Question, View

__all__ = [
    "DecisionListModel",
    "DecisionModel",
    "DecisionRequest",
    "ReviewPairModel",
    "ReviewRecordModel",
    "SuggestedPairModel",
    "UndoRequest",
]


class ReviewRecordModel(View):
    """One side of a pair."""

    key: str = Field(description="Record key.", examples=["crm:42"])
    source: str = Field(description="Where it came from.", examples=["crm"])
    customer_id: str = Field(description="The customer it resolves to now.", examples=["c-01hzx3"])
    attributes: dict[str, str] = Field(
        description="Canonical attributes.", examples=[{"given_name": "Jane", "family_name": "Doe"}]
    )


class ReviewPairModel(View):
    """Two records whose link is uncertain."""

    left: ReviewRecordModel = Field(description="One record.")
    right: ReviewRecordModel = Field(description="The other.")
    match_weight: float = Field(description="Bits; 0 is even odds.", examples=[1.7])
    distance: float = Field(description="Bits from the most uncertain weight.", examples=[1.7])
    model_version: str = Field(description="The model that scored it.", examples=["m-20260301"])
    evidence: dict[str, float] = Field(description="Comparison to bits.", examples=[{"name": 6.1, "birth_date": -4.4}])
    together: bool = Field(description="Both resolve to one customer now.", examples=[False])


class SuggestedPairModel(View):
    """Two records of two customers that only what a public key sent would join."""

    left: ReviewRecordModel = Field(description="A record of one customer.")
    right: ReviewRecordModel = Field(description="A record of the other.")
    via_key: str = Field(description="The public record that speaks for it.", examples=["site:anonymous_id=a-1"])
    weight: float = Field(description="Bits of its weaker tie to the two.", examples=[12.0])
    reason: str = Field(description="identifiers, match (the model's weight) or alias.", examples=["identifiers"])


class DecisionRequest(Question):
    """A steward's word on two records."""

    model_config = ConfigDict(extra="forbid")

    id: str | None = Field(
        default=None,
        description="Your own id for it, so that sending it twice stores it once; absent for a new one.",
        examples=["d-7f3a"],
    )
    verdict: Verdict = Field(
        description="must: one person; cannot: two people; undecided: looked at, not clear.", examples=["must"]
    )
    left: str = Field(description="Record key.", examples=["crm:42"])
    right: str = Field(description="Record key.", examples=["shop:7"])
    author: str = Field(description="Who decides.", examples=["ana@company.test"])
    reason: str = Field("", description="Why.", examples=["Called her: both addresses are hers."])


class UndoRequest(Question):
    """Who takes a decision back."""

    model_config = ConfigDict(extra="forbid")

    author: str = Field(description="Who undoes it.", examples=["ben@company.test"])
    reason: str = Field("", description="Why.", examples=["It was her sister."])


class DecisionModel(View):
    """A decision; it takes effect with the next resolve."""

    id: str = Field(description="Id of the decision.", examples=["d-7f3a"])
    verdict: Verdict = Field(description="must, cannot or undecided.", examples=["must"])
    left: str = Field(description="Record key.", examples=["crm:42"])
    right: str = Field(description="Record key.", examples=["shop:7"])
    author: str = Field(description="Who decided.", examples=["ana@company.test"])
    reason: str = Field(description="Why.", examples=["Called her: both addresses are hers."])
    at: datetime = Field(description="When.", examples=["2026-03-01T09:30:00.000000Z"])
    undone_by: str | None = Field(description="Who took it back; null while it is in force.", examples=[None])


class DecisionListModel(View):
    """Decisions, oldest first."""

    items: list[DecisionModel] = Field(description="Oldest first.")
