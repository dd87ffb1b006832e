"""Bodies about why records are together."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import BeforeValidator, Field

from identity_graph_api.models.base import View

__all__ = ["ExplanationModel", "LinkModel", "ObstacleModel", "StepModel", "SubjectModel"]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


Bits = Annotated[float | None, BeforeValidator(_finite)]


class SubjectModel(View):
    """One side of the question."""

    asked: str = Field(description="The record key or customer id that was given.", examples=["crm:42"])
    kind: str = Field(description="record or customer.", examples=["record"])
    customer_id: str | None = Field(description="The customer it is, or resolves to now.", examples=["c-01hzx3"])


class LinkModel(View):
    """One reason between two records."""

    left: str = Field(description="Record key.", examples=["crm:42"])
    right: str = Field(description="Record key.", examples=["shop:7"])
    kind: str = Field(description="shared_identifier, scored_pair, decision or suggestion.", examples=["scored_pair"])
    strength: Bits = Field(description="Bits; null for a decision, which is not measured.", examples=[8.4])
    identifier: str | None = Field(description="The identifier they share.", examples=["email:jane.doe@mail.test"])
    status: str | None = Field(description="Status of that identifier; only active ones join.", examples=["active"])
    since: str | None = Field(
        description="When both had been seen with it, or when the decision was taken.",
        examples=["2026-03-01T09:30:00.000000Z"],
    )
    evidence: dict[str, float] = Field(
        description="Comparison to bits, of a scored pair.", examples=[{"name": 9.1, "birth_date": 6.2, "city": -0.7}]
    )
    detail: dict[str, str] = Field(
        description="Model version, author, reason, verdict.", examples=[{"model_version": "m-20260301"}]
    )


class StepModel(View):
    """Two records that hold together directly."""

    left: str = Field(description="Record key.", examples=["crm:42"])
    right: str = Field(description="Record key.", examples=["shop:7"])
    strength: Bits = Field(description="Bits of the link that carries the step; null for a decision.", examples=[8.4])
    links: list[LinkModel] = Field(description="Every link between the two, decisions first, then the strongest first.")


class ObstacleModel(View):
    """One thing that keeps two sides apart."""

    kind: str = Field(
        description="What sort of thing, such as decision_cannot, unique_conflict, scored_apart or no_shared_key.",
        examples=["unique_conflict"],
    )
    text: str = Field(description="What it is.", examples=["a person has one user_id only, and they have u-1 and u-2"])
    links: list[LinkModel] = Field(description="The links it is about.")


class ExplanationModel(View):
    """Why two are together or not."""

    left: SubjectModel = Field(description="One side.")
    right: SubjectModel = Field(description="The other.")
    together: bool = Field(description="They are one customer.", examples=[True])
    sentence: str = Field(
        description="The answer in words.",
        examples=["crm:42 and shop:7 are one customer (c-01hzx3) because they share an email."],
    )
    chain: list[StepModel] = Field(description="The strongest chain from left to right; empty when they are apart.")
    weakest: StepModel | None = Field(description="The step of the chain that would break first.")
    obstacles: list[ObstacleModel] = Field(description="What keeps them apart, the hardest first.")
    speaks_for: list[LinkModel] = Field(description="Links that join records of both sides although they are apart.")
    cut: bool = Field(description="A customer has more records than were looked at.", examples=[False])
