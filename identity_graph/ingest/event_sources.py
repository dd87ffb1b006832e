"""The sources of events as the graph knows them: what their attributes mean, how far they are trusted.

What events say comes in; the sources are stored before the first record that has something new, so that a resolve at
any moment knows every attribute it meets.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from identity_graph.events import EventFacts
from identity_graph.facts import FactStore
from identity_graph.journal import KeyKind
from identity_graph.roles import Role
from identity_graph.sources.mapping import ColumnMapping, SourceMapping, TouchpointMapping
from identity_graph.sources.mapping_file import mapping_from_text, mapping_to_text

__all__ = ["EventSources"]


class EventSources:
    """What is known of the sources that send events.

    Attributes:
        custom: source -> attributes without a role that its records have.
        roles: attribute -> role, of all of these sources together.
    """

    def __init__(self, store: FactStore) -> None:
        self._store = store
        self._trust: dict[str, str] = {}
        self._meanings: dict[str, dict[str, Role]] = {}
        self.custom: dict[str, frozenset[str]] = {}
        self.roles: dict[str, Role] = {}
        for source in store.sources():
            if source.trust is not None:
                mapping = mapping_from_text(source.mapping, source.name)
                ignored = (name for name, column in mapping.columns.items() if column.role is Role.IGNORE)
                self.custom[source.name] = frozenset(ignored)
                self._trust[source.name] = source.trust
                self._meanings[source.name] = dict(source.roles)
                self.roles.update(source.roles)

    def learn(self, facts: EventFacts, public: Mapping[str, bool], at: datetime) -> None:
        """Store what is new about the sources of some events.

        Args:
            facts: what the events say.
            public: source -> whether its keys are public.
            at: the present time.
        """
        for source, custom in facts.custom.items():
            if source not in public:
                continue
            trust = (KeyKind.PUBLIC if public[source] else KeyKind.PRIVATE).value
            known = self._meanings.get(source, {})
            meanings = {**known, **facts.roles.get(source, {})}
            if meanings == known and custom == self.custom.get(source) and trust == self._trust.get(source):
                continue
            self._store.put_source(source, mapping_to_text(_mapping(source, meanings, custom)), meanings, at, trust)
            self._meanings[source], self.custom[source], self._trust[source] = meanings, custom, trust
            self.roles.update(meanings)


def _mapping(source: str, meanings: Mapping[str, Role], custom: frozenset[str]) -> SourceMapping:
    """Describe a source of events as a mapping: its records grow, and each of its rows is a touchpoint."""
    columns = {name: ColumnMapping(role, name) for name, role in sorted(meanings.items())}
    columns |= {"user_id": ColumnMapping(Role.USER_ID), "anonymous_id": ColumnMapping(Role.ANONYMOUS_ID)}
    columns |= {name: ColumnMapping(Role.IGNORE) for name in sorted(custom)}
    return SourceMapping(
        columns, source=source, record_id=("user_id", "anonymous_id"), grows=True,
        touchpoint=TouchpointMapping(id="message_id", at="timestamp", type_column="event", channel_column="channel"),
    )  # fmt: skip
