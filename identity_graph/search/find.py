"""Searches customers by attributes, best first, each hit with a readable breakdown of its score.

Attributes as people remember them come in, ranked customers go out. Candidates are found by indexed keys and compared
value by value over all records of a customer, so an old address still finds the person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from identity_graph.customers.paging import check_limit
from identity_graph.customers.views import CustomerView, attributes_of, customer_view
from identity_graph.errors import InvalidSettingError
from identity_graph.graph.port import Graph, Row
from identity_graph.normalise import NormaliseContext, normalise_value, parse_full_name
from identity_graph.roles import IDENTIFIER_ROLES, RECORD_FIELDS, STRUCTURE_ROLES, Role
from identity_graph.search.candidates import candidate_keys
from identity_graph.search.scoring import AttributeScore, score_record

__all__ = ["SEARCHABLE", "SearchAnswer", "SearchHit", "search_customers"]

SEARCHABLE = tuple(sorted(role.value for role in Role if role not in STRUCTURE_ROLES and role not in RECORD_FIELDS))
"""Attributes that can be asked for."""

_KEYED = IDENTIFIER_ROLES | {Role.FAMILY_NAME, Role.BIRTH_DATE, Role.POSTCODE}
_KEYS_NEEDED = "an identifier, a family name, a birth date or a postcode"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A customer that may be meant.

    Attributes:
        score: 0 to 1, the weighted mean of the similarities; 1 when all that was asked for is stored just so.
        breakdown: one entry per attribute asked for, in that order.
        record_keys: its records that were compared, the most similar first.
    """

    customer: CustomerView
    score: float
    breakdown: tuple[AttributeScore, ...]
    record_keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """Hits, best first.

    Attributes:
        understood: attribute -> canonical value that was looked for.
        unreadable: attribute -> reason code of values that could not be read, and so were left out.
        crowded: attributes that so many records share that some were not looked at.
    """

    hits: tuple[SearchHit, ...]
    understood: Mapping[str, str]
    unreadable: Mapping[str, str]
    crowded: tuple[str, ...]


def search_customers(
    graph: Graph,
    attributes: Mapping[str, str],
    limit: int = 10,
    minimum_score: float = 0.5,
    default_region: str | None = None,
) -> SearchAnswer:
    """Search customers by attributes.

    Args:
        attributes: attribute -> text as people write it; blank ones are ignored.
        limit: hits at most, 1 to 100.
        minimum_score: hits below this are left out, 0 to 1.
        default_region: two-letter region of phone numbers without a country code; None when unknown.

    Returns:
        Hits ordered by score, then by customer id.

    Raises:
        InvalidSettingError: an attribute is unknown, or none of them can be looked up.
    """
    check_limit(limit, 100)
    asked, unreadable = _understood(attributes, NormaliseContext(default_region=default_region))
    keys, crowded = candidate_keys(graph, asked)
    rows = graph.read("search/candidate_records", keys=list(keys)) if keys else []
    hits = [hit for hit in _hits(asked, rows) if hit.score >= minimum_score]
    hits.sort(key=lambda hit: (-hit.score, hit.customer.id))
    return SearchAnswer(tuple(hits[:limit]), asked, unreadable, crowded)


def _understood(attributes: Mapping[str, str], context: NormaliseContext) -> tuple[dict[str, str], dict[str, str]]:
    given = {name: text.strip() for name, text in attributes.items() if text and text.strip()}
    unknown = sorted(set(given) - set(SEARCHABLE))
    if unknown:
        raise InvalidSettingError(
            f"There is no attribute {unknown[0]!r} to search by.",
            ids=unknown,
            next_step=f"Use {', '.join(SEARCHABLE)}.",
        )
    asked: dict[str, str] = {}
    unreadable: dict[str, str] = {}
    for name, text in given.items():
        read = normalise_value(Role(name), text, context)
        if read.value is not None:
            asked[name] = read.value
        else:
            unreadable[name] = read.problem or "no_value"
    _split_full_name(asked)
    if not _KEYED & asked.keys():
        raise InvalidSettingError(
            "Nothing was asked for that can be looked up.",
            ids=sorted(attributes),
            next_step=f"Give {_KEYS_NEEDED}; the other attributes refine the order.",
        )
    return asked, unreadable


def _split_full_name(asked: dict[str, str]) -> None:
    """Take a full name apart, because the parts are what is stored and indexed."""
    full = asked.pop(Role.FULL_NAME, None)
    if full is None or Role.FAMILY_NAME in asked:
        return
    parts = parse_full_name(full)
    for name, part in ((Role.GIVEN_NAME, parts.given), (Role.FAMILY_NAME, parts.family)):
        if part:
            asked.setdefault(name, part)


def _hits(asked: Mapping[str, str], rows: list[Row]) -> list[SearchHit]:
    by_customer: dict[str, list[Row]] = {}
    for row in rows:
        by_customer.setdefault(row["customer"]["id"], []).append(row)
    return [_hit(asked, of_one) for of_one in by_customer.values()]


def _hit(asked: Mapping[str, str], rows: list[Row]) -> SearchHit:
    stored: dict[str, list[str]] = {}
    for row in rows:
        for name, found in _values(row):
            stored.setdefault(name, []).append(found)
    breakdown = score_record(asked, stored)
    alone = {row["record"]["key"]: _total(score_record(asked, _grouped(row))) for row in rows}
    return SearchHit(
        customer=customer_view(rows[0]["customer"]),
        score=_total(breakdown),
        breakdown=breakdown,
        record_keys=tuple(sorted(alone, key=lambda key: (-alone[key], key))),
    )


def _values(row: Row) -> list[tuple[str, str]]:
    attributes = attributes_of(row["record"])
    # A second column of a role (`email_2`) is as good as the first.
    values = [(name.rstrip("0123456789").removesuffix("_"), value) for name, value in attributes.items()]
    return values + [(held["namespace"], held["value"]) for held in row["identifiers"]]


def _grouped(row: Row) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = {}
    for name, found in _values(row):
        grouped.setdefault(name, []).append(found)
    return grouped


def _total(breakdown: tuple[AttributeScore, ...]) -> float:
    weights = sum(entry.weight for entry in breakdown)
    return round(sum(entry.similarity * entry.weight for entry in breakdown) / weights, 4) if weights else 0.0
