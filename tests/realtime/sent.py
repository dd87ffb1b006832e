"""Everything that was sent to a graph, so that an empty one can get it in another order and other batches.

Events, rows and decisions come in as they are sent. Rows of one record replace each other and decisions answer each
other, so these stay in order; all else is shuffled.
"""

from __future__ import annotations

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from identity_graph.graph.bolt import BoltGraph
from identity_graph.ingest import Applier
from identity_graph.journal import JournalEvent, Submission, open_journal
from identity_graph.model import Verdict
from tests.facts.batches import edges
from tests.realtime.world import Town

__all__ = ["Sent", "Written", "outcome"]

Written: TypeAlias = tuple[str, Mapping[str, Any] | None]
"""A record key and its row; None deletes it."""

_OF_THE_MOMENT = frozenset({"seq", "stored_at", "created_at", "updated_at", "from", "cause"})
_HISTORY = frozenset({"RecordVersion", "Counter", "Source", "Run", "Model", "Change"})
_ENDED = frozenset({"HAD_VERSION", "HAD_IDENTIFIER"})


@dataclass(slots=True)
class Sent:
    """What was sent.

    Attributes:
        events: each once.
        written: rows and deletions, in order.
        decided: verdicts on two records, and takings back by the number of the verdict, in order.
    """

    events: list[JournalEvent] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    decided: list[tuple[Verdict, str, str] | int] = field(default_factory=list)

    def send_to(self, town: Town, folder: Path, chance: random.Random) -> None:
        """Send everything to a town that has nothing yet."""
        for number, some in enumerate(self._batches(chance)):
            events = tuple(one for one in some if isinstance(one, JournalEvent))
            with closing(open_journal(town.settings.model_copy(update={"data_dir": folder / str(number)}))) as journal:
                journal.append([Submission(events)])
                Applier(town.graph, town.settings, journal).apply_next()
            town.put(*(one[1] for one in some if isinstance(one, tuple) and one[1] is not None))
            for key in [one[0] for one in some if isinstance(one, tuple) and one[1] is None]:
                town.delete(key)
        for one in self.decided:
            if isinstance(one, int):
                town.undo(one)
            else:
                town.decide(*one)

    def _batches(self, chance: random.Random) -> Iterator[list[JournalEvent | Written]]:
        order = chance.sample([*self.events, *(key for key, _ in self.written)], len(self.events) + len(self.written))
        waiting: dict[str, list[Written]] = defaultdict(list)
        for one in self.written:
            waiting[one[0]].append(one)
        batch: dict[str, JournalEvent | Written] = {}
        for place in order:
            name = place if isinstance(place, str) else f"event {place.source} {place.message_id}"
            if name in batch or chance.random() < 0.3:
                yield list(batch.values())
                batch = {}
            batch[name] = waiting[place].pop(0) if isinstance(place, str) else place
        yield list(batch.values())


def outcome(graph: BoltGraph) -> set[tuple[Any, ...]]:
    """Return the facts and what was made of them, without what tells of the order in which they came.

    Customers are without their ids: their golden values, and their records with how certain each is.
    """
    found: set[tuple[Any, ...]] = set()
    golden: dict[str, str] = {}
    records: dict[str, set[tuple[str, float]]] = defaultdict(set)
    for *names, text in edges(graph):
        properties = json.loads(text)
        kept = {name: value for name, value in properties.items() if name not in _OF_THE_MOMENT and value is not None}
        if names == ["Customer"]:
            id = kept.pop("id")
            golden[id] = json.dumps(kept, sort_keys=True)
        elif names[1:2] == ["RESOLVES_TO"]:
            if "to" not in kept:
                records[names[2]].add((names[0], kept["certainty"]))
        elif not _HISTORY.union(_ENDED).intersection(names):
            found.add((*names, json.dumps(kept, sort_keys=True)))
    return found | {("Customer", golden[id], frozenset(members)) for id, members in records.items()}
