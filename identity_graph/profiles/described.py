"""Reads a description of somebody, identifiers and raw attributes, as a record that no source ever sent; pure.

What an application knows comes in; canonical attributes and identifiers go out, with what could not be read. The same
values are read as in files and events.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from identity_graph.customers.read import identifier_spellings
from identity_graph.errors import InvalidSettingError
from identity_graph.facts.prepare import RecordRow
from identity_graph.model import record_key
from identity_graph.namespaces import identifier_key
from identity_graph.normalise import NormaliseContext, normalise_value, parse_full_name
from identity_graph.profiles.find import Asked
from identity_graph.roles import IDENTIFIER_ROLES, STRUCTURE_ROLES, Role

__all__ = ["DESCRIBED", "NOT_COMPARED", "PLAIN_ROLES", "Described", "Unreadable", "describe"]

DESCRIBED = "?:described"
"""Key of the record that stands for the description; no source is called so."""

NOT_COMPARED = "no_record_says_it"
"""Reason code of an attribute that no record has, so that nothing can be compared with it."""

_RECORD_ID = "?described"

PLAIN_ROLES: Mapping[str, Role] = {role.value: role for role in Role if role not in STRUCTURE_ROLES}
"""Attributes that are called after their role."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value that could not be used: the attribute or namespace, and a stable reason code."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of somebody.

    Attributes:
        attributes: attribute -> canonical value.
        identifiers: (namespace, canonical value), sorted.
        problems: what could not be read.
    """

    attributes: Mapping[str, str]
    identifiers: tuple[tuple[str, str], ...]
    problems: tuple[Unreadable, ...]

    def as_records_say(self, roles: Mapping[str, Role]) -> Described:
        """Return it under the names that records give to what it says; what no record says is a problem.

        Args:
            roles: role of each attribute that records have.
        """
        said = {name: value for name, value in self.attributes.items() if name in roles}
        problems = list(self.problems)
        by_role: dict[Role, str] = {}
        for name in sorted(roles, reverse=True):
            by_role[roles[name]] = name
        for name, value in sorted(self.attributes.items()):
            if name in roles:
                continue
            parts = {by_role[role]: part for role, part in _parts(Role(name), value) if role in by_role}
            for other, part in parts.items():
                said.setdefault(other, part)
            if not parts and Role(name) not in IDENTIFIER_ROLES:
                problems.append(Unreadable(name, NOT_COMPARED))
        return Described(said, self.identifiers, tuple(problems))

    def record(self, unusable: frozenset[str] = frozenset(), source: str | None = None) -> RecordRow:
        """Return it as a record.

        Args:
            unusable: keys of identifiers that stand for nobody, to be left out.
            source: the source that would send it; None is one that holds nothing yet and is trusted.
        """
        fields = {"key": DESCRIBED, "source": "?", "record_id": "described", "seq": 0, "deleted": False}
        if source is not None:
            fields |= {"key": record_key(source, _RECORD_ID), "source": source, "record_id": _RECORD_ID}
        held = tuple(pair for pair in self.identifiers if identifier_key(*pair) not in unusable)
        return {**fields, **self.attributes}, held


def describe(
    identifiers: Sequence[Asked],
    attributes: Mapping[str, str],
    roles: Mapping[str, Role],
    context: NormaliseContext,
) -> Described:
    """Read a description.

    Args:
        identifiers: as people write them.
        attributes: attribute or role -> text as people write it; blank ones are no value.
        roles: role of each attribute that records have.
        context: how values without a country are read.

    Raises:
        InvalidSettingError: an attribute is neither a role nor known, or nothing readable is left.
    """
    meanings = {**PLAIN_ROLES, **roles}
    unknown = sorted(name for name in attributes if name not in meanings)
    if unknown:
        raise InvalidSettingError(
            f"There is no attribute {unknown[0]!r}.", ids=unknown, next_step=f"Use {', '.join(sorted(meanings))}."
        )
    said: dict[str, str] = {}
    held: set[tuple[str, str]] = set()
    problems: list[Unreadable] = []
    for name, text in sorted(attributes.items()):
        read = normalise_value(meanings[name], text, context)
        if read.value is not None:
            said[name] = read.value
            if meanings[name] in IDENTIFIER_ROLES:
                held.add((meanings[name].value, read.value))
        elif read.problem is not None:
            problems.append(Unreadable(name, read.problem))
    for one in identifiers:
        value, problem = _identifier(one, context)
        if problem is not None:
            problems.append(Unreadable(one.namespace, problem))
        elif value:
            held.add((one.namespace, value))
            if one.namespace in roles:
                said.setdefault(one.namespace, value)  # records of files say it both ways too
    if not said and not held:
        raise InvalidSettingError(
            "Nothing that can be read is known of anybody.",
            ids=sorted({*attributes, *(one.namespace for one in identifiers)}),
            next_step="Give an identifier, or attributes such as a name with a birth date or an address.",
        )
    return Described(said, tuple(sorted(held)), tuple(problems))


def _parts(role: Role, value: str) -> Iterator[tuple[Role, str]]:
    """Yield what a value says under its own role, and under those of the parts of a name."""
    yield role, value
    if role is Role.FULL_NAME:
        parts = parse_full_name(value)
        named = ((Role.GIVEN_NAME, parts.given), (Role.MIDDLE_NAME, parts.middle), (Role.FAMILY_NAME, parts.family))
        yield from ((part, text) for part, text in named if text)


def _identifier(asked: Asked, context: NormaliseContext) -> tuple[str, str | None]:
    """Return the canonical value of an identifier, empty when it has none, and why it cannot be read."""
    if asked.namespace in IDENTIFIER_ROLES:
        read = normalise_value(Role(asked.namespace), asked.value, context)
        return read.value or "", read.problem
    (key,) = identifier_spellings(asked.namespace, asked.value, context)
    return key.partition(":")[2], None
