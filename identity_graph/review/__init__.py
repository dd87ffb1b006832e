"""The steward's desk: what is uncertain, most uncertain first, and the decisions taken on it."""

from __future__ import annotations

from identity_graph.review.suggested import SuggestedPair, SuggestionStore, suggested_pairs, suggestion_rows
from identity_graph.review.uncertain import (
    Band,
    Placement,
    ReviewPair,
    current_band,
    uncertain_pairs,
)

__all__ = [
    "Band", "Placement", "ReviewPair", "SuggestedPair", "SuggestionStore", "current_band", "suggested_pairs",
    "suggestion_rows", "uncertain_pairs",
]  # fmt: skip
