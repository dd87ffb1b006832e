"""Says who somebody would be: which customer a description would join if it arrived as a record, and why.

Identifiers and raw attributes come in, a placement goes out; nothing is written. The resolver of the data folder, which
has all records in memory, is asked what it would do. Where there is none, what the graph holds around the description
is read and resolved in memory with it, by the same rules; candidates are then those that a few keys find.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from identity_graph.customers.store import CustomerStore
from identity_graph.errors import ModelError, NotFoundError
from identity_graph.facts import FactStore
from identity_graph.facts.prepare import RecordRow, stored_row
from identity_graph.facts.registry import merged_roles
from identity_graph.facts.segments import record_table
from identity_graph.graph.port import Graph, Row
from identity_graph.matching import MatchingOptions, MatchModel, OneRecordMatcher
from identity_graph.matching.blocking import ALL_PAIRS
from identity_graph.model import Decision
from identity_graph.modelling import model_folder
from identity_graph.namespaces import identifier_key
from identity_graph.normalise import NormaliseContext, parse_full_name
from identity_graph.pipeline.linking import LinkingOptions, by_rules
from identity_graph.profiles.company import Company
from identity_graph.profiles.described import PLAIN_ROLES, Unreadable, describe
from identity_graph.profiles.find import Asked
from identity_graph.realtime import PlacedCustomer, Preview, ask_preview
from identity_graph.realtime.placed import placed_customers
from identity_graph.roles import IDENTIFIER_ROLES, Role
from identity_graph.search.candidates import MOST_PER_KEY, candidate_keys
from identity_graph.settings import Settings

__all__ = ["PlacedCustomer", "Placement", "Placer"]

_RULES_GOOD_FOR_SECONDS = 2.0
_MOST_NEAR = 50
"""Records that are alike whose customers are looked at; those with the strongest links."""

_MOST_RECORDS = 500


@dataclass(frozen=True, slots=True)
class Placement:
    """Who somebody would be.

    Attributes:
        customer_id: the customer it would join, of several the one with the strongest link; None for a new customer.
        customers: the customers it has to do with, those it would join first, then the strongest first. When it would
            join several it would merge them.
        attributes, identifiers: what was understood: canonical values, and identifier keys.
        problems: what could not be read or used.
        crowded: what so many records share that some were not looked at.
        complete: all records were candidates, as when the record arrives; else those only that a few keys find.
    """

    customer_id: str | None
    customers: tuple[PlacedCustomer, ...]
    attributes: Mapping[str, str]
    identifiers: tuple[str, ...]
    problems: tuple[Unreadable, ...]
    crowded: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    """What a resolve goes by: also all sources, those with public keys, and how many records there are."""

    model_version: str
    roles: Mapping[str, Role]
    decisions: tuple[Decision, ...]
    sources: frozenset[str]
    public_sources: frozenset[str]
    records: int


class Placer:
    """Places descriptions in one graph; safe to share between threads, which take turns.

    Args:
        graph: where the customers are.
        settings: the data folder with the models; the region of phone numbers.
        linking: rules and numbers of linking and clustering; None is the defaults.
    """

    def __init__(self, graph: Graph, settings: Settings, linking: LinkingOptions | None = None) -> None:
        self._graph, self._settings = graph, settings
        self._linking = by_rules(settings, linking or LinkingOptions())
        self._facts, self._customers = FactStore(graph, settings), CustomerStore(graph)
        self._context = NormaliseContext(default_region=settings.default_region)
        self._lock = threading.Lock()
        self._rules_read: tuple[float, _Rules] | None = None
        self._matcher: tuple[_Rules, MatchModel, OneRecordMatcher] | None = None

    def place(
        self, identifiers: Sequence[Asked], attributes: Mapping[str, str], source: str | None = None
    ) -> Placement:
        """Say who somebody would be.

        Args:
            identifiers: as people write them.
            attributes: attribute or role -> text as people write it.
            source: the source that would send it; None is a trusted one that holds nothing yet.

        Raises:
            NotFoundError: nothing was ever resolved, or there is no such source.
            ModelError: nobody resolves, and the model in use is not in this data folder, or cannot be read.
            InvalidSettingError: an attribute is not known, or nothing can be read.
        """
        rules = self._rules()
        if source is not None and source not in rules.sources:
            raise NotFoundError(
                f"There is no source {source!r}.", ids=[source], next_step="Leave it out, or name one of the sources."
            )
        described = describe(identifiers, attributes, rules.roles, self._context)
        keys = [identifier_key(*pair) for pair in described.identifiers]
        unusable = {
            row["key"]: str(row["status"])
            for row in (self._graph.read("profiles/identifier_status", keys=keys) if keys else ())
            if row["status"] not in (None, "active")
        }
        as_said = described.as_records_say(rules.roles)
        foreseen = ask_preview(self._settings.data_dir, as_said.record(source=source))
        crowded: tuple[str, ...] = ()
        if foreseen is None:
            foreseen, crowded = self._among_found(rules, described.record(frozenset(unusable), source))
        problems = (as_said if foreseen.complete else described).problems
        told = [*problems, *(Unreadable(key, status) for key, status in sorted(unusable.items()))]
        return Placement(
            foreseen.customer_id, foreseen.customers, described.attributes, tuple(keys), tuple(told), crowded,
            foreseen.complete,
        )  # fmt: skip

    def _among_found(self, rules: _Rules, record: RecordRow) -> tuple[Preview, tuple[str, ...]]:
        """Resolve a description with the records that a few keys find; also returns what too many share."""
        holders, alike, crowded = _candidates(self._graph, record)
        with self._lock:
            model, matcher = self._compiled(rules)
            linking = replace(self._linking, public_sources=rules.public_sources)
            with Company(matcher, model, {**PLAIN_ROLES, **rules.roles}, linking) as company:
                near = company.near(record, [*self._rows([*holders, *alike])])[:_MOST_NEAR]
                customer_of = {}
                rows = []
                for row in self._graph.read("profiles/surroundings", keys=[*holders, *near], limit=_MOST_RECORDS):
                    customer_of[row["properties"]["key"]] = row["customer_id"]
                    rows.append(_usable(row))
                found = company.resolve(record, rows, rules.decisions)
        placed = placed_customers(found, customer_of)
        return Preview(next((one.customer_id for one in placed if one.joins), None), placed, complete=False), crowded

    def _rules(self) -> _Rules:
        """Return what a resolve goes by, at most a few seconds old."""
        known = self._rules_read
        if known is not None and time.monotonic() - known[0] < _RULES_GOOD_FOR_SECONDS:
            return known[1]
        last = self._customers.last_run()
        if last is None or not last.model_version:
            raise NotFoundError(
                "Nothing is resolved yet, so nobody can be told from anybody.",
                next_step="Resolve what was loaded: identity-graph resolve",
            )
        sources, decisions = self._facts.sources(), self._facts.decisions(active_only=True)
        named = frozenset(source.name for source in sources)
        public = frozenset(source.name for source in sources if source.public)
        records = int(last.summary.get("records", 0))
        rules = _Rules(last.model_version, merged_roles(sources), decisions, named, public, records)
        self._rules_read = time.monotonic(), rules
        return rules

    def _compiled(self, rules: _Rules) -> tuple[MatchModel, OneRecordMatcher]:
        """Return the model in use and a matcher without records; compiled once."""
        known = self._matcher
        if known is not None and (known[0].model_version, known[0].roles) == (rules.model_version, rules.roles):
            return known[1], known[2]
        folder = model_folder(self._settings, rules.model_version)
        if not folder.is_dir():
            raise ModelError(
                f"The model in use, {rules.model_version}, is not in {self._settings.data_dir}.",
                ids=[rules.model_version],
                next_step="Let the service use the data folder of whoever resolves, or copy the model's folder.",
            )
        model = MatchModel.load(folder)
        if rules.records > model.blocking.get(ALL_PAIRS, 0):
            # The graph is too large to compare every pair, so the few records around a description are not either.
            model = replace(model, blocking={**model.blocking, ALL_PAIRS: 0})
        roles = {**PLAIN_ROLES, **rules.roles}
        matcher = OneRecordMatcher(model, record_table([]), roles, MatchingOptions(threads=1))
        self._matcher = rules, model, matcher
        return model, matcher

    def _rows(self, keys: Sequence[str]) -> list[RecordRow]:
        rows = self._graph.read("facts/records_by_keys", keys=list(dict.fromkeys(keys))) if keys else []
        return [stored_row(row) for row in rows if not row["properties"]["deleted"]]


def _candidates(graph: Graph, record: RecordRow) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Find records to look at: those that hold an identifier, those that are alike, and what too many share."""
    properties, held = record
    keys = [identifier_key(*pair) for pair in held]
    rows = graph.read("search/records_by_identifiers", keys=keys, limit=MOST_PER_KEY + 1) if keys else []
    holders = [row["key"] for row in rows[:MOST_PER_KEY]]
    asked = {name: str(value) for name, value in properties.items() if name in PLAIN_ROLES}
    full = asked.get(Role.FULL_NAME)
    if full is not None and Role.FAMILY_NAME not in asked:
        parts = parse_full_name(full)
        asked |= {
            name: part for name, part in ((Role.GIVEN_NAME, parts.given), (Role.FAMILY_NAME, parts.family)) if part
        }
    alike, crowded = candidate_keys(
        graph, {name: value for name, value in asked.items() if name not in IDENTIFIER_ROLES}
    )
    more = ("identifiers",) if len(rows) > MOST_PER_KEY else ()
    return holders, list(alike), (*crowded, *more)


def _usable(row: Row) -> RecordRow:
    """Read a record without the identifiers that stand for nobody."""
    pairs = [(one["namespace"], one["value"]) for one in row["identifiers"] if one["status"] in (None, "active")]
    return dict(row["properties"]), tuple(sorted(pairs))
