"""Bodies about events that were set aside."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from identity_graph.events import shown_message
from identity_graph.journal import DeadLetter
from identity_graph_api.models.base import Question, View

__all__ = ["DeadLetterModel", "ReplayRequest", "ReplayedModel"]


class DeadLetterModel(View):
    """An event that could not be understood, or not whole; it is kept and can be replayed."""

    id: str = Field(description="Id of the letter.", examples=["9f86d081884c7d65"])
    source: str = Field(description="The source of its write key.", examples=["site"])
    message_id: str = Field(description="The sender's message id; may be empty.", examples=["m-17"])
    received_at: str = Field(description="When it was received.", examples=["2026-01-01T12:00:00+00:00"])
    set_aside_at: str = Field(description="When it was set aside.", examples=["2026-01-01T12:00:01+00:00"])
    reason: str = Field(description="Stable reason code.", examples=["missing_user"])
    detail: str = Field(description="What is wrong.", examples=["A message needs `userId` or `anonymousId`."])
    applied: bool = Field(description="Its facts are stored; only a value waits.", examples=[False])
    event: Any = Field(
        description="The message as it came; as text where it is no JSON that others can read.",
        examples=[{"type": "track", "event": "Opened"}],
    )

    @classmethod
    def of(cls, letter: DeadLetter) -> DeadLetterModel:
        """Read a dead letter."""
        refused = letter.refused
        return cls(
            id=letter.id, source=refused.event.source, message_id=refused.event.message_id,
            received_at=refused.event.received_at.isoformat(), set_aside_at=letter.set_aside_at,
            reason=refused.reason, detail=refused.detail, applied=refused.applied,
            event=shown_message(refused.event.body),
        )  # fmt: skip


class ReplayRequest(Question):
    """Which dead letters wait again."""

    ids: list[str] | None = Field(
        default=None, max_length=10_000, description="Their ids; null for all.", examples=[["9f86d081884c7d65"]]
    )
    source: str | None = Field(default=None, description="Only of this source.", examples=["site"])


class ReplayedModel(View):
    """How many wait again."""

    replayed: int = Field(description="Dead letters that are events again.", examples=[3])
