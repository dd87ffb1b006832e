"""Says an explanation in one sentence.

Steps and obstacles come in, English goes out; used by the API, the command line and the demo alike.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from identity_graph.explain.apart import Obstacle
from identity_graph.explain.evidence import Link, LinkKind
from identity_graph.explain.strongest import Step

__all__ = ["say_link", "sentence_apart", "sentence_together"]

_SAID = 3
"""Steps or obstacles said in full; the rest is counted."""


def say_link(link: Link) -> str:
    """Say one link, without naming its records."""
    if link.kind is LinkKind.SHARED_IDENTIFIER:
        namespace, _, value = (link.identifier or "").partition(":")
        since = f" since {link.since[:10]}" if link.since else ""
        return f"share the {namespace.replace('_', ' ')} {value}{since}"
    if link.kind is LinkKind.DECISION:
        author = link.detail.get("author") or "a steward"
        return f"belong together by decision of {author}"
    if link.kind is LinkKind.SUGGESTION:
        return f"would be joined by the public record {link.detail['via']} only"
    best = sorted(((bits, name) for name, bits in link.evidence.items() if bits > 0), reverse=True)[:3]
    because = f" ({', '.join(f'{name} {bits:+.1f}' for bits, name in best)})" if best else ""
    return f"match with {link.strength:.1f} bits{because}"


def sentence_together(
    left: str, right: str, customer_id: str, record_count: int, chain: Sequence[Step], weakest: Step | None
) -> str:
    """Say why two are one customer."""
    if not chain or weakest is None:
        if record_count == 1:
            return f"Customer {customer_id} has one record only, so there is nothing to join."
        return (
            f"{left} and {right} are customer {customer_id}, but no link in force between its records says why; "
            "the next resolve will look at them again."
            if left != right
            else f"{left} is one record of customer {customer_id}."
        )
    said = [f"{step.left} and {step.right} {say_link(_carrier(step))}" for step in chain[:_SAID]]
    more = f", and {len(chain) - _SAID} more" if len(chain) > _SAID else ""
    subject = f"{left} and {right} are" if left != right else f"{left} is"
    text = f"{subject} one customer ({customer_id}) because {'; '.join(said)}{more}."
    if len(chain) > 1:
        text += f" The weakest step is {weakest.left} to {weakest.right} ({_bits(weakest.strength)})."
    return text


def sentence_apart(left: str, right: str, obstacles: Sequence[Obstacle], speaks_for: int) -> str:
    """Say why two are not one customer."""
    said = "; ".join(obstacle.text.rstrip(".") for obstacle in obstacles[:_SAID])
    more = f", and {len(obstacles) - _SAID} more reasons" if len(obstacles) > _SAID else ""
    links = f" {speaks_for} link{'s' if speaks_for > 1 else ''} between them would speak for it." if speaks_for else ""
    return f"{left} and {right} are not one customer: {said}{more}.{links}"


def _carrier(step: Step) -> Link:
    """Return the link that carries the step: the one with its strength."""
    return next((link for link in step.links if link.strength == step.strength), step.links[0])


def _bits(strength: float) -> str:
    return "a decision" if strength == math.inf else f"{strength:.1f} bits"
