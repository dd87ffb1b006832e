"""Finds what keeps the records of two customers apart.

Evidence about the records of both sides comes in; obstacles go out, the hardest first, with the links that speak for
joining all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from identity_graph.explain.evidence import Evidence, Link, SharedIdentifier

__all__ = ["Obstacle", "obstacles"]

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that keeps two sides apart.

    Attributes:
        kind: `decision_cannot`, `decision_undecided`, `unique_conflict`, `only_public`, `scored_apart`,
            `inactive_identifier`, `no_shared_key`, `not_strong_enough` or `not_resolved`, from the hardest to the
            softest.
        text: what it is, as the end of a sentence.
        links: the links it is about; may be empty.
    """

    kind: str
    text: str
    links: tuple[Link, ...]


def obstacles(
    evidence: Evidence, left: Sequence[str], right: Sequence[str], asked: frozenset[str]
) -> tuple[tuple[Obstacle, ...], tuple[Link, ...]]:
    """Find what keeps two groups of records apart, and what speaks for joining them.

    Args:
        evidence: about all records of both sides.
        left: record keys of one side.
        right: record keys of the other.
        asked: the records the question is about; links between them come first.

    Returns:
        Obstacles, the hardest first, and at most 20 links that speak for joining, the strongest first.
    """
    sides = frozenset(left), frozenset(right)

    def order(link: Link) -> tuple[int, float, str, str]:
        return (-len(asked & {link.left, link.right}), -link.strength, link.left, link.right)

    pairs = sorted(_crossing(evidence.pairs, *sides), key=order)
    decisions = sorted(_crossing(evidence.decisions, *sides), key=order)
    shared = [(identifier, _between(identifier, *sides, asked)) for identifier in evidence.shared]
    crossing = [(identifier, link) for identifier, link in shared if link is not None]
    active = [link for identifier, link in crossing if identifier.status == "active"]
    speaks_for = [link for link in (*active, *pairs) if link.strength > 0][:_SHOWN]
    found = (
        *_decided(decisions),
        *_unique_conflicts(evidence, *sides),
        *_only_public(sorted(_crossing(evidence.suggested, *sides), key=order)),
        *_scored_apart([link for link in pairs if link.strength <= 0]),
        *_inactive([(identifier, link) for identifier, link in crossing if identifier.status != "active"]),
    )
    if found:
        return found, tuple(speaks_for)
    if speaks_for:
        text = (
            "the links between them are weaker than what speaks for other groups, lead to several people alike, are "
            "less certain than was asked for, or await the next resolve"
        )
        return (Obstacle("not_strong_enough", text, ()),), tuple(speaks_for)
    text = "they share no identifier and were never similar enough to be compared"
    return (Obstacle("no_shared_key", text, ()),), ()


def _crossing(links: Iterable[Link], left: frozenset[str], right: frozenset[str]) -> Iterator[Link]:
    for link in links:
        if (link.left in left and link.right in right) or (link.left in right and link.right in left):
            yield link


def _between(
    identifier: SharedIdentifier, left: frozenset[str], right: frozenset[str], asked: frozenset[str]
) -> Link | None:
    """Return one link of an identifier across the sides, between the records asked about when they hold it."""
    ends = []
    for side in (left, right):
        holders = sorted(side & identifier.first_seen.keys(), key=lambda key: (key not in asked, key))
        if not holders:
            return None
        ends.append(holders[0])
    return identifier.between(*ends)


def _decided(decisions: Sequence[Link]) -> Iterator[Obstacle]:
    for verdict, text in (
        ("cannot", "{author} decided that {left} and {right} cannot be one person{reason}"),
        ("undecided", "{author} left open whether {left} and {right} are one person{reason}"),
    ):
        links = [link for link in decisions if link.detail["verdict"] == verdict]
        for link in links[:_SHOWN]:
            reason = f" ({link.detail['reason']})" if link.detail["reason"] else ""
            words = {"author": link.detail["author"] or "a steward", "left": link.left, "right": link.right}
            yield Obstacle(f"decision_{verdict}", text.format(**words, reason=reason), (link,))


def _unique_conflicts(evidence: Evidence, left: frozenset[str], right: frozenset[str]) -> Iterator[Obstacle]:
    def values(side: frozenset[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for record in side & evidence.unique_values.keys():
            for namespace, held in evidence.unique_values[record].items():
                found.setdefault(namespace, set()).update(held)
        return found

    ours, theirs = values(left), values(right)
    for namespace in sorted(ours.keys() & theirs.keys()):
        if not ours[namespace] & theirs[namespace]:
            one, other = min(ours[namespace]), min(theirs[namespace])
            text = f"a person has one {namespace} only, and they have {one} and {other}"
            yield Obstacle("unique_conflict", text, ())


def _only_public(suggested: Sequence[Link]) -> Iterator[Obstacle]:
    for link in suggested[:_SHOWN]:
        text = (
            f"only {link.detail['via']} would join {link.left} and {link.right}, and anybody can send what is of its "
            "source: it waits as a suggestion for a steward"
        )
        yield Obstacle("only_public", text, (link,))


def _scored_apart(pairs: Sequence[Link]) -> Iterator[Obstacle]:
    if pairs:
        best = max(pairs, key=lambda link: link.strength)
        against = sorted((bits, name) for name, bits in best.evidence.items() if bits < 0)[:2]
        because = ", mostly " + " and ".join(f"{name} ({bits:+.1f})" for bits, name in against) if against else ""
        text = f"{best.left} and {best.right} were compared and score {best.strength:+.1f} bits{because}"
        yield Obstacle("scored_apart", text, tuple(pairs[:_SHOWN]))


def _inactive(crossing: Sequence[tuple[SharedIdentifier, Link]]) -> Iterator[Obstacle]:
    for identifier, link in crossing[:_SHOWN]:
        reason = f" ({identifier.status_reason})" if identifier.status_reason else ""
        text = f"both hold {identifier.key}, which is {identifier.status}{reason} and joins nobody"
        yield Obstacle("inactive_identifier", text, (link,))
