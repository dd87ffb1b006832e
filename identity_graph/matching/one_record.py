"""One record against everything: its candidates among many records and their match weights, in a millisecond.

A model, a record table and the attributes of single records come in; matches with weights and evidence go out, equal
to what bulk scoring of all records together gives. Everything is held in memory; nothing is written.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from identity_graph.errors import ConflictError, NotFoundError
from identity_graph.matching.artefact import MatchModel
from identity_graph.matching.blocking import ALL_PAIRS
from identity_graph.matching.blocking_keys import BlockingKeys
from identity_graph.matching.candidate_index import CandidateIndex
from identity_graph.matching.compiled import RecordValues, compile_model, record_values
from identity_graph.matching.engine import open_engine
from identity_graph.matching.features import build_features, record_features
from identity_graph.matching.options import MatchingOptions
from identity_graph.roles import Role
from identity_graph.tables import Table

__all__ = ["OneRecordMatcher", "RecordMatch"]

Keys: TypeAlias = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class RecordMatch:
    """A record that may be the same person.

    Attributes:
        key: its record key.
        match_weight: bits, log2 odds, prior included.
        evidence: comparison -> bits, and `neighbours`; they and the prior add up to the weight.
    """

    key: str
    match_weight: float
    evidence: Mapping[str, float]


class OneRecordMatcher:
    """Records in memory, to be asked about one record at a time. Not safe for several threads at once.

    Args:
        model: a trained model.
        records: record table to start with: `key` and attributes as canonical text; keys are unique.
        roles: role of each attribute; None takes those of the model.
        options: resources for the start, and the lowest weight that counts; defaults when None.

    Raises:
        ModelError: the model has a condition that cannot be compiled.
    """

    def __init__(
        self,
        model: MatchModel,
        records: Table,
        roles: Mapping[str, Role] | None = None,
        options: MatchingOptions | None = None,
    ) -> None:
        options = options or MatchingOptions()
        self._roles = dict(model.roles if roles is None else roles)
        self._vocabulary, self._lowest = model.vocabulary, options.minimum_weight
        self._model = compile_model(model)
        self._whole = model.blocking.get(ALL_PAIRS, 0)
        # What comparisons read comes first; blocking may need more, to find a record's keys again.
        compared = set(model.columns)
        self._columns = (*model.columns, *(name for name in model.vocabulary.columns if name not in compared))
        self._blocking = BlockingKeys(model, self._columns)
        features = build_features(records, self._roles, model.vocabulary)
        with open_engine(options) as connection:
            self._index = CandidateIndex(
                self._blocking.of_table(connection, features),
                self._blocking.caps,
                self._whole,
                records.num_rows,
            )
        self._values: list[RecordValues | None] = [*record_values(features, self._columns)]
        self._keys: list[str] = [sys.intern(key) for key in records["key"].to_pylist()]
        self._row_of = {key: row for row, key in enumerate(self._keys)}

    def learn(self, roles: Mapping[str, Role]) -> None:
        """Read attributes by other roles from now on; no record that is held says any of those that differ."""
        self._roles = dict(roles)

    def __len__(self) -> int:
        """Number of records held."""
        return len(self._row_of)

    def __contains__(self, key: str) -> bool:
        return key in self._row_of

    def add(self, key: str, attributes: Mapping[str, str | None]) -> None:
        """Hold one more record.

        Raises:
            ConflictError: a record of this key is held already.
        """
        if key in self._row_of:
            raise ConflictError(f"The record {key} is held already.", ids=[key], next_step="Replace it.")
        self._add(key, self.values(attributes))

    def _add(self, key: str, values: RecordValues) -> None:
        row = self._index.add(self._blocking.of_record(values)[0])
        if row == len(self._keys):
            self._keys.append("")
            self._values.append(None)
        key = sys.intern(key)
        self._keys[row], self._values[row], self._row_of[key] = key, values, row

    def remove(self, key: str) -> None:
        """Let go of a record.

        Raises:
            NotFoundError: no record of this key is held.
        """
        row = self._row_of.pop(key, None)
        if row is None:
            raise NotFoundError(f"No record {key} is held.", ids=[key])
        self._index.remove(row, self._blocking.of_record(self.held(row))[0])
        self._keys[row], self._values[row] = "", None

    def replace(self, key: str, attributes: Mapping[str, str | None]) -> None:
        """Hold a record with these attributes, whether or not it was held before."""
        self.replace_values(key, self.values(attributes))

    def replace_values(self, key: str, after: RecordValues) -> None:
        """Hold a record of which `values` says this, whether or not it was held before."""
        row = self._row_of.get(key)
        if row is None:
            self._add(key, after)
            return
        before = self.held(row)
        # What stays is the object it was: others may hold it too.
        after = tuple(old if old == new else new for old, new in zip(before, after, strict=True))
        self._index.move(row, self._blocking.of_record(before)[0], self._blocking.of_record(after)[0])
        self._values[row] = after

    def matches(self, attributes: Mapping[str, str | None], key: str | None = None) -> list[RecordMatch]:
        """Find the records that may be the same person as one record.

        Args:
            attributes: canonical text by attribute.
            key: key of the record, so that it is not compared with itself when it is held; None for a new one.

        Returns:
            Candidates of the lowest weight in the options or more, best first, then by key.
        """
        values = self.values(attributes)
        return self.matches_among(values, self.candidates(values, key))

    def matches_among(self, values: RecordValues, rows: Iterable[int]) -> list[RecordMatch]:
        """Weigh a record against some rows; returns what `matches` returns."""
        found = []
        for row in rows:
            weight = self._model.weigh(values, self.held(row))
            if weight >= self._lowest:
                found.append((-weight, self._keys[row], row))
        return [self._match(values, row) for _, _, row in sorted(found)]

    def weights(self, key: str, worth: Callable[[str], bool] | None = None) -> dict[str, float]:
        """Weigh a record that is held against its candidates.

        Args:
            key: the record.
            worth: says of the key of a candidate whether to weigh it; None weighs all.

        Returns:
            Record key -> bits, of those of the lowest weight in the options or more; each as `weight` gives it.
        """
        if not self.is_candidate(key):
            return {}
        values = self.held(self._row_of[key])
        found = {}
        for row in self.candidates(values, key):
            other = self._keys[row]
            if worth is not None and not worth(other):
                continue
            weight = self._weighed(key, values, other, self.held(row))
            if weight >= self._lowest:
                found[other] = weight
        return found

    def weight(self, one: str, other: str) -> float:
        """Weigh two records that are held, in either order; returns bits."""
        return self._weighed(one, self.held(self._row_of[one]), other, self.held(self._row_of[other]))

    def _weighed(self, one: str, its: RecordValues, other: str, others: RecordValues) -> float:
        """Weigh the smaller key on the left, so that both orders give the same to the last bit."""
        return self._model.weigh(its, others) if one < other else self._model.weigh(others, its)

    def values(self, attributes: Mapping[str, str | None]) -> RecordValues:
        """Compute what comparisons and blocking read of a record."""
        features = record_features(attributes, self._roles, self._vocabulary)
        return tuple(_plain(features.get(column)) for column in self._columns)

    def candidates(self, values: RecordValues, key: str | None = None) -> list[int]:
        """Return the rows worth weighing, whose numbers mean something until records change."""
        keys, rules = self._blocking.of_record(values)
        return self._index.candidates(keys, rules, None if key is None else self._row_of.get(key))

    def is_candidate(self, key: str) -> bool:
        """Say whether a record can be a candidate of others: one that says nothing is in no block."""
        return len(self) <= self._whole or self.says_anything(key)

    def says_anything(self, key: str) -> bool:
        """Say whether a record that is held says anything that is compared; with others it weighs `of_nothing` else."""
        return any(value is not None for value in self.held(self._row_of[key]))

    @property
    def of_nothing(self) -> float:
        """Bits of a record that says nothing with any other, whatever that says."""
        nothing = (None,) * len(self._columns)
        return self._model.weigh(nothing, nothing)

    def row_of(self, key: str) -> int:
        """Return the row of a record that is held."""
        return self._row_of[key]

    def blocking_keys(self, values: RecordValues) -> tuple[Keys, NDArray[np.int64]]:
        """Return the blocking keys of a record, and the rule of each."""
        return self._blocking.of_record(values)

    def closed_blocks(self, keys: Keys, rules: NDArray[np.int64]) -> set[int]:
        """Return those of the blocking keys that too many records have to be candidates of each other."""
        return self._index.closed(keys, rules)

    def members(self, keys: Iterable[int]) -> set[str]:
        """Return the keys of the records that have some of the blocking keys."""
        return {self._keys[row] for row in self._index.members(np.array(sorted(keys), dtype=np.uint64))}

    def explain(self, one: str, other: str) -> tuple[float, tuple[float, ...]]:
        """Weigh two records that are held: bits, and those of each of `names`."""
        return self._model.explain(self.held(self._row_of[one]), self.held(self._row_of[other]))

    @property
    def sizes(self) -> tuple[int, int, int]:
        """Records ever held at once, blocking keys in sorted arrays, and changes of keys that wait beside them."""
        return self._index.sizes

    @property
    def names(self) -> tuple[str, ...]:
        """What `explain` says bits for."""
        return self._model.names

    def key_of(self, row: int) -> str:
        """Return the record key of a row that `candidates` returned."""
        return self._keys[row]

    def _match(self, values: RecordValues, row: int) -> RecordMatch:
        weight, bits = self._model.explain(values, self.held(row))
        return RecordMatch(self._keys[row], weight, dict(zip(self._model.names, bits, strict=True)))

    def held(self, row: int) -> RecordValues:
        """Return the values of a row that `candidates` returned."""
        values = self._values[row]
        assert values is not None  # rows that were let go are in no index
        return values


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
