"""Which customers a record that is only described has to do with, and why, in words.

Its links in a partition come in, one entry per customer goes out: those it would join first, then who is near but
apart. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from identity_graph.explain.evidence import Link, LinkKind
from identity_graph.explain.sentences import say_link
from identity_graph.matching import OneRecordMatcher
from identity_graph.namespaces import NamespaceRule, identifier_key, rule_for
from identity_graph.realtime.holders import Pair

__all__ = ["Found", "PlacedCustomer", "Speaker", "Tie", "placed_customers", "rivals"]

_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class PlacedCustomer:
    """A customer that the description has to do with.

    Attributes:
        customer_id: the customer.
        joins: the description would be a record of it.
        strength: bits of the strongest link between them; 0 when it joins through others only.
        record_key: its record at that link.
        reasons: what speaks for and against, in words, the strongest first.
    """

    customer_id: str
    joins: bool
    strength: float
    record_key: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """What there is between the described record and another one: its strength in bits, and that in words."""

    key: str
    strength: float
    text: str


@dataclass(frozen=True, slots=True)
class Found:
    """Whom the described record would be with.

    Attributes:
        joined: keys of the records in its cluster, itself left out.
        ties: its links, in no order.
        threshold: bits that a link needs to join.
        rivals: records that have another value of a namespace of which a person has one -> that namespace.
    """

    joined: frozenset[str]
    ties: tuple[Tie, ...]
    threshold: float
    rivals: Mapping[str, str]

    def why_apart(self, tie: Tie) -> str:
        """Say why a tie does not join."""
        if tie.key in self.rivals:
            return f"apart, because {tie.key} has another {self.rivals[tie.key].replace('_', ' ')}"
        if tie.strength <= self.threshold:
            return f"apart, because more than {self.threshold:.1f} bits are needed"
        return "apart, because another customer is closer, or a decision or a rule keeps them apart"


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says in words what two records have in common.

    Attributes:
        matcher: holds both.
        identifiers: returns the identifiers of a record.
        rules: namespace rules.
        left_out: keys of the identifiers that stand for nobody.
    """

    matcher: OneRecordMatcher
    identifiers: Callable[[str], Iterable[Pair]]
    rules: Mapping[str, NamespaceRule]
    left_out: Collection[str]

    def tie(self, own: str, key: str, strength: float) -> Tie:
        """Put the link between the described record and another one into words."""
        said = []
        for namespace, value in sorted({*self.identifiers(own)} & {*self.identifiers(key)}):
            identifier, rule = identifier_key(namespace, value), rule_for(namespace, self.rules)
            if identifier not in self.left_out and not rule.is_blocked(value):
                said.append(Link(key, key, LinkKind.SHARED_IDENTIFIER, rule.strength, identifier=identifier))
        score, bits = self.matcher.explain(own, key)
        if not said or score > 0:
            evidence = dict(zip(self.matcher.names, bits, strict=True))
            said.append(Link(key, key, LinkKind.SCORED_PAIR, score, evidence=evidence))
        return Tie(key, strength, "; ".join(say_link(link) for link in said))


def rivals(
    held: Iterable[Pair], others: Iterable[tuple[str, Collection[Pair]]], rules: Mapping[str, NamespaceRule]
) -> dict[str, str]:
    """Return the records with another value of a namespace of which a person has one, and that namespace.

    Args:
        held: identifiers of the described record.
        others: key and identifiers of other records.
        rules: namespace rules.
    """
    unique = {namespace: value for namespace, value in held if rule_for(namespace, rules).unique}
    return {
        key: namespace
        for key, its in others
        for namespace, value in unique.items()
        if (namespace, value) not in its and any(one == namespace for one, _ in its)
    }


def placed_customers(found: Found, customer_of: Mapping[str, str]) -> tuple[PlacedCustomer, ...]:
    """Sum up links by customer, those that it joins first, then the strongest.

    Args:
        found: whom the description would be with.
        customer_of: customer of each record of it.
    """
    by_customer: dict[str, list[Tie]] = {}
    for tie in found.ties:
        by_customer.setdefault(customer_of[tie.key], []).append(tie)
    joined: dict[str, str] = {}
    for key in sorted(found.joined, reverse=True):
        joined[customer_of[key]] = key
    placed = [
        PlacedCustomer(customer, True, 0.0, key, ("joined by what others have in common with both",))
        for customer, key in joined.items()
        if customer not in by_customer
    ]
    for customer, ties in by_customer.items():
        ties.sort(key=lambda tie: (-tie.strength, tie.key))
        best, joins = ties[0], customer in joined
        reasons = [f"{tie.key}: {tie.text}" for tie in ties[:_MOST_REASONS]]
        if not joins:
            reasons.append(found.why_apart(best))
        placed.append(PlacedCustomer(customer, joins, round(best.strength, 2), best.key, tuple(reasons)))
    return tuple(sorted(placed, key=lambda one: (not one.joins, -one.strength, one.customer_id)))
