"""What is known about some records and each other, from memory: what the graph holds after a step's pairs are written.

The records in memory, the pairs of a step and the decisions in force come in; evidence as `explain` reads it from the
graph goes out, so that lineage tells the same without a question to the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from identity_graph.explain.evidence import Evidence, Link, LinkKind, SharedIdentifier, decision_link
from identity_graph.facts.decisions import time_as_text
from identity_graph.model import Decision
from identity_graph.namespaces import identifier_key, rule_for
from identity_graph.realtime.holders import Pair
from identity_graph.realtime.index import LiveIndex

__all__ = ["HeldEvidence"]


class HeldEvidence:
    """The evidence among the resolved records of one step.

    Args:
        index: the records as they are now.
        pairs: (smaller key, larger key) -> weight as it is stored, and model version; of all resolved records.
        decisions: decisions in force, earliest first.
    """

    def __init__(
        self, index: LiveIndex, pairs: Mapping[tuple[str, str], tuple[float, str]], decisions: Sequence[Decision]
    ) -> None:
        self._index, self._pairs, self._decisions = index, pairs, decisions

    def links(self, keys: Sequence[str]) -> Evidence:
        """Return the identifiers that some records share, and the pairs and decisions among them."""
        wanted = set(keys)
        pairs = tuple(
            Link(left, right, LinkKind.SCORED_PAIR, weight, detail={"model_version": version})
            for (left, right), (weight, version) in self._pairs.items()
            if left in wanted and right in wanted
        )
        return Evidence(self._shared(keys), {}, pairs, self.decisions(keys))

    def decisions(self, keys: Sequence[str]) -> tuple[Link, ...]:
        """Return the decisions in force among some records, earliest first."""
        wanted = set(keys)
        return tuple(_link(one) for one in self._decisions if one.left in wanted and one.right in wanted)

    def _shared(self, keys: Sequence[str]) -> tuple[SharedIdentifier, ...]:
        holders: dict[Pair, list[str]] = defaultdict(list)
        for key in keys:
            for pair in self._index.records.identifiers(key):
                holders[pair].append(key)
        return tuple(self._identifier(pair, held) for pair, held in sorted(holders.items()) if len(held) > 1)

    def _identifier(self, pair: Pair, holders: Sequence[str]) -> SharedIdentifier:
        status, reason = self._index.status(pair)
        strength = rule_for(pair[0], self._index.rules).strength
        unseen = dict.fromkeys(holders, "")  # when is not kept in memory, and no lineage tells it
        return SharedIdentifier(identifier_key(*pair), pair[0], status, reason or "", strength, unseen)


def _link(decision: Decision) -> Link:
    left, right = sorted((decision.left, decision.right))
    return decision_link(
        {"left": left, "right": right, "at": time_as_text(decision.at), "id": decision.id,
         "verdict": decision.verdict.value, "author": decision.author, "reason": decision.reason}
    )  # fmt: skip
