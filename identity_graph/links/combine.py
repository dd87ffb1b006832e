"""Combines everything that speaks for or against two records being one person into one link per pair.

Scored pairs, shared identifiers and stewards' decisions come in; a LinkSet (links and constraints) goes out. What the
model compares, it judges; what it cannot see (a loyalty card, a user id) adds its strength; where one of the two says
nothing of a person, the identifiers are all there is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from identity_graph.errors import InvalidSettingError
from identity_graph.links.aliases import PREVIOUS_ID, USER_ID, alias_pairs
from identity_graph.links.decisions import follow
from identity_graph.links.identifiers import (
    IdentifierPairs,
    IdentifierTable,
    identifier_pairs,
    identifier_table,
    unusable,
)
from identity_graph.links.people import People, people_of
from identity_graph.links.types import (
    Bits,
    Codes,
    Constraints,
    Flags,
    LinkKind,
    Links,
    LinkSet,
    Rows,
    Standing,
    ascending,
    empty_pairs,
)
from identity_graph.model import Decision
from identity_graph.namespaces import DEFAULT_NAMESPACES, NamespaceRule, rule_for
from identity_graph.roles import Role
from identity_graph.tables import PAIR_SCHEMA, Table, require

__all__ = ["LinkOptions", "combine", "identifier_links"]

_CONTRADICTION = -10.0
"""Weight of two people whose pair the model left out: it leaves out only what scores low."""

_OTHER_NAME = -20.0
"""Added without a model when two names have other initials: more than one shared e-mail or phone can outweigh."""


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """What link making takes besides records and pairs.

    Attributes:
        rules: namespace rules.
        quarantined: identifier keys to leave out.
        compared: namespace whose values the model compares itself -> the attributes that say them. What both records of
            a pair say counts once; an event's user id, which its record holds and does not say, the model never sees.
        single_sources: sources that hold every person once, at most 63.
        public_sources: sources whose records join no two known customers by themselves.
    """

    rules: Mapping[str, NamespaceRule] = field(default_factory=lambda: DEFAULT_NAMESPACES)
    quarantined: Collection[str] = ()
    compared: Mapping[str, Collection[str]] = field(default_factory=lambda: {"email": ("email",), "phone": ("phone",)})
    single_sources: Collection[str] = ()
    public_sources: Collection[str] = ()


def identifier_links(
    records: Table, roles: Mapping[str, Role], options: LinkOptions, table: IdentifierTable | None = None
) -> IdentifierPairs:
    """Return the pairs that share a usable identifier, for the model to score besides its own candidates.

    Args:
        records: record table sorted by key.
        roles: attribute -> role.
        options: rules and quarantine.
        table: the identifiers of the records, where somebody has them already.
    """
    table = table or identifier_table(records)
    return identifier_pairs(table, people_of(records, roles), unusable(table, options.rules, options.quarantined))


def combine(
    records: Table,
    pairs: Table | None,
    shared: IdentifierPairs,
    decisions: Iterable[Decision] = (),
    options: LinkOptions | None = None,
) -> LinkSet:
    """Combine all evidence into one link per pair, and collect the constraints.

    Args:
        records: record table sorted by key.
        pairs: scored pairs (PAIR_SCHEMA), with `shared` among the pairs the model was asked about; None without one.
        shared: from `identifier_links` of the same records.
        decisions: stewards' decisions.
        options: rules, quarantine and what the model compares; None is the defaults.

    Raises:
        InvalidSettingError: `pairs` is not as PAIR_SCHEMA says, or there are more than 63 single sources.
    """
    options = options or LinkOptions()
    people = shared.people
    exclusive = {
        name: _one_value(shared.table, len(records), name, options)
        for name in shared.table.namespaces
        if rule_for(name, options.rules).unique
    }
    public = _of_sources(records, options.public_sources)
    aliases = _aliases(records, shared.table, exclusive, options)
    of_public = np.zeros(len(aliases), dtype=np.bool_) if public is None else public[aliases[:, 0]]
    said = follow(records.column("key").combine_chunks(), decisions, aliases[~of_public])
    must = np.concatenate([said.must, said.aliases])
    constraints = Constraints(must, said.cannot, tuple(exclusive.values()), _single(records, options))
    if pairs is None:
        weight = shared.strength(options.rules) + _names_apart(shared, people)
        kind = np.full(len(weight), LinkKind.IDENTIFIER, dtype=np.uint8)
        links = Links(shared.left, shared.right, weight, kind, people.known)
    else:
        require(pairs, PAIR_SCHEMA, "pairs")
        links = _scored_links(records, pairs, shared, options)
    standing = None if public is None else Standing(public, _known(shared, options), aliases[of_public])
    return LinkSet(links, constraints, said.conflicts, len(said.aliases), standing)


def _scored_links(records: Table, pairs: Table, shared: IdentifierPairs, options: LinkOptions) -> Links:
    """Add what the model did not compare to its weights, and the pairs it could not or did not score."""
    people = shared.people
    count = np.int64(max(len(people.known), 1))
    scored = pairs.column("left").to_numpy() * count + pairs.column("right").to_numpy()
    keys = ascending(np.concatenate([scored, shared.left * count + shared.right]))
    weight, kind = np.zeros(len(keys)), np.zeros(len(keys), dtype=np.uint8)
    at_scored = np.searchsorted(keys, scored)
    left, right = keys // count, keys % count
    both = people.known[left] & people.known[right]
    weight[both] = _CONTRADICTION
    weight[at_scored] = pairs.column("match_weight").to_numpy()
    kind[at_scored] = LinkKind.MATCH
    place = np.searchsorted(keys, shared.left * count + shared.right)
    every = shared.strength(options.rules)
    unseen = replace(shared, shared=shared.shared & ~_judged(records, shared, options)).strength(options.rules)
    proof = shared.strength(
        options.rules, [name for name in shared.namespaces if not rule_for(name, options.rules).unique]
    )
    unscored = kind[place] == 0
    added = np.where(~both[place], np.where(unscored, every, unseen), np.where(unscored, proof, unseen))
    weight[place] += added
    kind[place[added > 0]] |= np.uint8(LinkKind.IDENTIFIER)
    kind[kind == 0] = LinkKind.MATCH
    return Links(left.astype(np.int32), right.astype(np.int32), weight, kind, people.known)


def _judged(records: Table, shared: IdentifierPairs, options: LinkOptions) -> Flags:
    """Say of each pair and namespace of `shared` whether the model could compare it: both records say a value."""
    judged = np.zeros(shared.shared.shape, dtype=np.bool_)
    for place, name in enumerate(shared.namespaces):
        says = np.zeros(len(records), dtype=np.bool_)
        for attribute in options.compared.get(name, ()):
            if attribute in records.column_names:
                says |= records.column(attribute).is_valid().to_numpy()
        judged[:, place] = says[shared.left] & says[shared.right]
    return judged


def _names_apart(shared: IdentifierPairs, people: People) -> Bits:
    """Return what different names take away where no model judges them."""
    one, other = people.name[shared.left], people.name[shared.right]
    apart: Flags = (one >= 0) & (other >= 0) & (one != other)
    return np.where(apart, _OTHER_NAME, 0.0)


def _one_value(table: IdentifierTable, count: int, name: str, options: LinkOptions) -> Codes:
    """Return each record's usable value of a namespace; a record with several belongs to none of them."""
    usable = table.codes_in(name)
    usable &= ~unusable(table, options.rules, options.quarantined, np.flatnonzero(usable))
    inside = usable[table.code]
    rows, codes = table.row[inside], table.code[inside]
    values = np.full(count, -1, dtype=np.int64)
    values[rows] = codes
    values[np.bincount(rows, minlength=count) > 1] = -1
    return values


def _aliases(records: Table, table: IdentifierTable, exclusive: Mapping[str, Codes], options: LinkOptions) -> Rows:
    if PREVIOUS_ID not in table.namespaces or USER_ID not in table.namespaces:
        return empty_pairs()
    refused = unusable(table, options.rules, options.quarantined, np.flatnonzero(table.codes_in(PREVIOUS_ID)))
    user = exclusive.get(USER_ID)
    return alias_pairs(
        records, table, refused, _one_value(table, len(records), USER_ID, options) if user is None else user
    )


def _known(shared: IdentifierPairs, options: LinkOptions) -> Flags:
    """Say which records say who somebody is, or carry a usable identifier that is given to a person."""
    table = shared.table
    given = np.array([rule_for(name, options.rules).personal for name in table.namespaces], dtype=np.bool_)
    personal = given[table.namespace] if len(table.namespace) else np.zeros(0, dtype=np.bool_)
    personal &= ~unusable(table, options.rules, options.quarantined, np.flatnonzero(personal))
    known = shared.people.known.copy()
    known[table.row[personal[table.code]]] = True
    return known


def _of_sources(records: Table, sources: Collection[str]) -> Flags | None:
    """Say which records are of some sources; None when none is."""
    if not sources:
        return None
    found: Flags = pc.is_in(records.column("source"), pa.array(sorted(sources))).to_numpy()
    return found if found.any() else None


def _single(records: Table, options: LinkOptions) -> Codes | None:
    """Return the code of each record's source when that source holds every person once."""
    if not options.single_sources:
        return None
    if len(set(options.single_sources)) > 63:
        raise InvalidSettingError("At most 63 sources can be free of duplicates.", ids=sorted(options.single_sources))
    code = {source: position for position, source in enumerate(sorted(set(options.single_sources)))}
    encoded = records.column("source").combine_chunks().dictionary_encode()
    by_source = np.array([code.get(name, -1) for name in encoded.dictionary.to_pylist()], dtype=np.int64)
    return np.asarray(by_source[encoded.indices.to_numpy(zero_copy_only=False)])
