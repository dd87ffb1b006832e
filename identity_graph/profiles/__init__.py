"""Profiles for applications: the person behind an identifier, now or at an earlier time, one or a thousand at once.

Identifiers come in, traits with their provenance, external ids and touchpoints go out. Nothing is written.
"""

from __future__ import annotations

from identity_graph.profiles.described import Unreadable
from identity_graph.profiles.find import CUSTOMER_ID, Asked
from identity_graph.profiles.freshness import Freshness, Pending
from identity_graph.profiles.placing import PlacedCustomer, Placement, Placer
from identity_graph.profiles.read import MOST_AT_ONCE, MOST_MEMBERS, Answer, ProfileReader
from identity_graph.profiles.touchpoints import TouchpointFilter, touchpoints_of_records
from identity_graph.profiles.views import Counts, ExternalId, LostValue, ProfileView, Question, Trait

__all__ = [
    "CUSTOMER_ID", "MOST_AT_ONCE", "MOST_MEMBERS", "Answer", "Asked", "Counts", "ExternalId", "Freshness", "LostValue",
    "Pending", "PlacedCustomer", "Placement", "Placer", "ProfileReader", "ProfileView", "Question", "TouchpointFilter",
    "Trait", "Unreadable", "touchpoints_of_records",
]  # fmt: skip
