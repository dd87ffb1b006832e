"""Says how much a stored value looks like what somebody asked for, one attribute at a time.

Canonical values come in, similarities between 0 and 1 with a readable reason go out. Exact values of things that are
issued to one person weigh most, places that many share weigh least.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

from identity_graph.normalise import fold
from identity_graph.roles import Role

__all__ = ["WEIGHTS", "AttributeScore", "score_record", "similarity", "weight_of"]

WEIGHTS: Mapping[str, float] = {
    Role.NATIONAL_ID: 5.0, Role.LOYALTY_CARD: 5.0, Role.ACCOUNT_ID: 5.0, Role.USER_ID: 5.0, Role.DEVICE_ID: 4.0,
    Role.ANONYMOUS_ID: 4.0, Role.EMAIL: 4.0, Role.PHONE: 4.0, Role.BIRTH_DATE: 3.0, Role.FAMILY_NAME: 3.0,
    Role.FULL_NAME: 4.0, Role.GIVEN_NAME: 2.0, Role.COMPANY: 3.0, Role.STREET: 1.5, Role.ADDRESS: 2.0,
    Role.POSTCODE: 1.5, Role.CITY: 1.0,
}  # fmt: skip
"""How much each attribute counts; relative to each other only. Others count as a city does."""

_NAMES = frozenset({Role.GIVEN_NAME, Role.MIDDLE_NAME, Role.FAMILY_NAME})
_ISSUED = frozenset({Role.NATIONAL_ID, Role.LOYALTY_CARD, Role.ACCOUNT_ID, Role.USER_ID, Role.DEVICE_ID,
                     Role.ANONYMOUS_ID})  # fmt: skip

_SWAPPED = 0.9
"""What is left of a name's similarity when it is found in the other name's place."""


@dataclass(frozen=True, slots=True)
class AttributeScore:
    """How one attribute asked for compares.

    Attributes:
        asked: canonical value that was asked for.
        found: the most similar stored value; None when the customer has none.
        similarity: 0 to 1; 0 when nothing is stored.
        reason: in words, such as `same`, `one letter differs`, `sounds alike`.
        weight: how much it counts.
    """

    attribute: str
    asked: str
    found: str | None
    similarity: float
    reason: str
    weight: float


def weight_of(attribute: str) -> float:
    """Return how much an attribute counts."""
    return WEIGHTS.get(attribute, 1.0)


def score_record(asked: Mapping[str, str], stored: Mapping[str, Sequence[str]]) -> tuple[AttributeScore, ...]:
    """Score every attribute asked for against the values that a record (or several) stores.

    Args:
        asked: attribute -> canonical value.
        stored: attribute -> canonical values.

    Returns:
        One score per attribute asked for, in that order.
    """
    straight = tuple(_best(attribute, value, stored.get(attribute, ())) for attribute, value in asked.items())
    # People and forms mix the two up often enough to look both ways.
    if not {Role.GIVEN_NAME, Role.FAMILY_NAME} <= asked.keys():
        return straight
    swapped = tuple(_swapped(entry, stored) for entry in straight)
    return max(straight, swapped, key=lambda scores: sum(entry.similarity * entry.weight for entry in scores))


def similarity(attribute: str, asked: str, found: str) -> tuple[float, str]:
    """Compare two canonical values of one attribute: how similar they are, 0 to 1, and why."""
    one, other = fold(asked), fold(found)
    if asked == found or (one and one == other):
        return 1.0, "same"
    if attribute in _NAMES:
        return _name(one, other)
    if attribute == Role.FULL_NAME:
        return token_sort_ratio(one, other) / 100, "words compared in any order"
    if attribute == Role.BIRTH_DATE:
        return _date(asked, found)
    if attribute == Role.PHONE:
        return (0.9, "same last digits") if asked[-8:] == found[-8:] else _typing(asked, found, 2)
    if attribute == Role.EMAIL:
        return _typing(asked, found, 2)
    if attribute in _ISSUED:
        return _typing(asked, found, 1)
    if attribute == Role.POSTCODE:
        return (0.6, "same area") if one[:2] and one[:2] == other[:2] else (0.0, "different")
    return token_sort_ratio(one, other) / 100, "words compared in any order"


def _swapped(entry: AttributeScore, stored: Mapping[str, Sequence[str]]) -> AttributeScore:
    """Compare a given name with the family names stored, and the other way round; other attributes stay."""
    other = {Role.GIVEN_NAME: Role.FAMILY_NAME, Role.FAMILY_NAME: Role.GIVEN_NAME}.get(Role(entry.attribute))
    if other is None:
        return entry
    crossed = _best(entry.attribute, entry.asked, stored.get(other, ()))
    similarity = round(crossed.similarity * _SWAPPED, 3)
    return replace(crossed, similarity=similarity, reason=f"{crossed.reason}, as {other.value.replace('_', ' ')}")


def _best(attribute: str, asked: str, found: Iterable[str]) -> AttributeScore:
    weight = weight_of(attribute)
    scored = sorted(((*similarity(attribute, asked, value), value) for value in found), key=lambda s: (-s[0], s[2]))
    if not scored:
        return AttributeScore(attribute, asked, None, 0.0, "not stored", weight)
    best, reason, value = scored[0]
    return AttributeScore(attribute, asked, value, round(best, 3), reason, weight)


def _name(one: str, other: str) -> tuple[float, str]:
    if not one or not other:
        return 0.0, "different"
    if one[0] == other[0] and 1 in (len(one), len(other)):
        return 0.8, "initial"
    if one.replace(" ", "") == other.replace(" ", ""):
        return 0.98, "same letters"
    if set(one.split()) & set(other.split()):
        return 0.9, "one name of several"
    alike = JaroWinkler.similarity(one, other)
    return (alike, "similar letters") if alike >= 0.7 else (alike / 2, "different")


def _date(asked: str, found: str) -> tuple[float, str]:
    year, month, day = [*asked.split("-"), "", ""][:3]
    if found == f"{year}-{day}-{month}":
        return 0.85, "day and month swapped"
    if DamerauLevenshtein.distance(asked, found) == 1:
        return 0.8, "one digit differs"
    if asked[5:] and asked[5:] == found[5:]:
        return 0.6, "same day, other year"
    return (0.4, "same year") if found[:4] == year else (0.0, "different")


def _typing(asked: str, found: str, most: int) -> tuple[float, str]:
    slips = DamerauLevenshtein.distance(asked, found, score_cutoff=most)
    if slips > most:
        return 0.0, "different"
    return 1.0 - 0.15 * slips, "one character differs" if slips == 1 else f"{slips} characters differ"
