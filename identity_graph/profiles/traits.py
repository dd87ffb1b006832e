"""The traits of a profile: golden values with where each comes from, and what sources say in words of their own; pure.

Members and the customer's stored golden values, or the roles to choose them anew, come in; traits by name go out.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import Any

from identity_graph.customers.golden import golden_values
from identity_graph.customers.views import customer_view
from identity_graph.events.traits import CUSTOM_PREFIX
from identity_graph.profiles.members import Member
from identity_graph.profiles.views import LostValue, Trait
from identity_graph.roles import RECORD_FIELDS, Role

__all__ = ["chosen_traits", "stored_traits"]


def stored_traits(customer: Mapping[str, Any], members: Sequence[Member]) -> dict[str, Trait]:
    """Return the traits as the last resolve chose them, with the custom ones of the members.

    Args:
        customer: properties of the Customer node.
        members: its records.
    """
    view = customer_view(customer)
    by_key = {member.key: member for member in members}
    traits = {}
    for name, value in view.attributes.items():
        told = view.provenance.get(name) or {}
        key = str(told.get("record_key") or "")
        traits[name] = _trait(name, value, key, str(told.get("rule") or ""), told.get("lost") or (), by_key)
    return {**traits, **_custom_traits(members, view.attributes)}


def chosen_traits(members: Sequence[Member], roles: Mapping[str, Role]) -> dict[str, Trait]:
    """Choose the traits of some members by the rules of golden values, with the custom ones.

    Args:
        roles: role of each attribute.
    """
    by_key = {member.key: member for member in members}
    golden = golden_values([member.said for member in members], roles)
    traits = {
        name: _trait(name, found.value, found.record_key, found.rule, found.lost, by_key)
        for name, found in sorted(golden.items())
    }
    return {**traits, **_custom_traits(members, roles)}


def _trait(
    name: str, value: str, key: str, rule: str, lost: Sequence[Sequence[str]], by_key: Mapping[str, Member]
) -> Trait:
    member = by_key.get(key)
    others = tuple(LostValue(str(other), str(record), _source(str(record))) for other, record in lost)
    return Trait(value, key, _source(key), None if member is None else member.when(name), rule, others)


def _custom_traits(members: Sequence[Member], taken: Container[str]) -> dict[str, Trait]:
    """Return what no role explains: of each trait what was said last, at equal times the greater value.

    Names are those of the senders again, without the prefix, unless a role is called so.
    """
    said: dict[str, list[tuple[str, str, str]]] = {}
    for member in members:
        for name, value in member.said.items():
            if name.startswith(CUSTOM_PREFIX) and name not in RECORD_FIELDS and name not in taken:
                said.setdefault(name, []).append((member.when(name) or "", str(value), member.key))
    traits = {}
    for name, found in sorted(said.items()):
        found.sort(reverse=True)
        when, best, key = found[0]
        first: dict[str, str] = {}
        for _, value, record in found[1:]:
            first.setdefault(value, record)
        lost = tuple(LostValue(value, record, _source(record)) for value, record in first.items() if value != best)
        rule = "most_recent" if lost else "only_value"
        traits[_own_name(name)] = Trait(best, key, _source(key), when or None, rule, lost)
    return traits


def _own_name(attribute: str) -> str:
    name = attribute.removeprefix(CUSTOM_PREFIX)
    return attribute if name in _ROLE_NAMES or not name else name


_ROLE_NAMES = frozenset(role.value for role in Role)


def _source(record_key: str) -> str:
    return record_key.partition(":")[0]
