"""Finds customers by what somebody remembers of them: a name, a birth date, part of an address, an identifier."""

from __future__ import annotations

from identity_graph.search.find import SearchAnswer, SearchHit, search_customers
from identity_graph.search.scoring import AttributeScore

__all__ = ["AttributeScore", "SearchAnswer", "SearchHit", "search_customers"]
