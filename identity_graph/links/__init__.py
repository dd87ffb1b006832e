"""Links: shared identifiers, quarantine, conflicts, and all evidence combined into one weight per pair.

Records, scored pairs and decisions come in; a LinkSet for clustering goes out.
"""

from __future__ import annotations

from identity_graph.links.combine import LinkOptions, combine, identifier_links
from identity_graph.links.identifiers import IdentifierPairs, IdentifierTable, identifier_table, unusable
from identity_graph.links.quarantine import QuarantinedIdentifier, people_limits, quarantined
from identity_graph.links.types import AliasConflict, Constraints, DecisionConflict, LinkKind, Links, LinkSet, Standing

__all__ = [
    "AliasConflict", "Constraints", "DecisionConflict", "IdentifierPairs", "IdentifierTable", "LinkKind", "LinkOptions",
    "LinkSet", "Links", "QuarantinedIdentifier", "Standing", "combine", "identifier_links", "identifier_table",
    "people_limits", "quarantined", "unusable",
]  # fmt: skip
