"""The trained model as a versioned artefact: Splink settings, roles, term frequencies, link structure.

Train makes it, `save` and `load` carry it between runs. Its version is a hash of its content, so the same records give
the same version, and two models with one version score alike.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from identity_graph.errors import ModelError
from identity_graph.matching.features import FEATURES_VERSION
from identity_graph.matching.vocabulary import Vocabulary
from identity_graph.normalise import NORMALISER_VERSION
from identity_graph.roles import PERSON_ROLES, Role
from identity_graph.tables import Table

__all__ = ["MatchModel", "SourceStructure"]

_FORMAT = "6"
_DOCUMENT = "model.json"
_WORDS = "words.parquet"
_ELSEWHERE = "(elsewhere)"
_AGAIN = "Train it again: identity-graph resolve --retrain, or dedupe --save-model FOLDER."


@dataclass(frozen=True, slots=True)
class SourceStructure:
    """What was learnt about one source.

    Attributes:
        duplicate_free: the source holds each person once, as far as the data tell.
        records: records of the source in training.
        expected_duplicates: matches expected inside the source.
    """

    duplicate_free: bool
    records: int
    expected_duplicates: float


@dataclass(frozen=True, slots=True)
class MatchModel:
    """Everything that turns two records into a match weight.

    Attributes:
        settings: Splink settings (comparisons, levels, m, u, prior) as its JSON document.
        roles: role of each attribute the model reads.
        labels: comparison name -> the aspect in words, in evidence order.
        blocking: blocking rule -> records its blocks may hold; a pair is worth weighing when it shares a key of such a
            block. `(all pairs)` is the rule whose key every record shares.
        columns: the feature columns that comparisons read, sorted.
        vocabulary: what turns a record into features.
        structure: source name -> what was learnt about it.
        frequencies: feature column -> table (value, frequency among strangers).
        summary: figures of the training for reports.
        neighbours: comparison that neighbours agree on too -> per level, in order, the bits by
            which neighbours reach it more often than records of one person; `(prior)` holds the bits of
            their own prior, `(contacts)` what sharing all contacts adds. Empty when there is nothing to compare.
        relatives: personal comparison -> how often two relatives reach its first level, 0..1.
        contacts: comparisons that a household shares together.
        taught: comparison -> per level, in order, the pairs of one person (as expected) that taught its m.
        thresholds: bits the run that trained it worked with: `join` of clustering, `keep` of scored pairs.
        people_limits: identifier namespace -> how many people one value may have before it says nothing.
        largest_group: records a group may have for all its pairs to be weighed.
    """

    settings: Mapping[str, Any]
    roles: Mapping[str, Role]
    labels: Mapping[str, str]
    blocking: Mapping[str, int]
    columns: tuple[str, ...]
    vocabulary: Vocabulary
    structure: Mapping[str, SourceStructure]
    frequencies: Mapping[str, Table] = field(default_factory=dict)
    summary: Mapping[str, float] = field(default_factory=dict)
    neighbours: Mapping[str, Sequence[float]] = field(default_factory=dict)
    relatives: Mapping[str, float] = field(default_factory=dict)
    contacts: tuple[str, ...] = ()
    taught: Mapping[str, Sequence[float]] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    people_limits: Mapping[str, int] = field(default_factory=dict)
    largest_group: int = 1_000

    @property
    def comparisons(self) -> tuple[str, ...]:
        """Names of the comparisons; evidence columns are `mw_<name>`, and `mw_neighbours` for all of them together."""
        return tuple(self.labels)

    @property
    def compares_people(self) -> bool:
        """Whether it was taught by records that say who somebody is.

        Then two records that do not are visitors, which are weighed only where something ties them.
        """
        return not PERSON_ROLES.isdisjoint(self.roles.values())

    @property
    def prior(self) -> float:
        """The chance that two random records are one person."""
        return float(self.settings["probability_two_random_records_match"])

    @property
    def version(self) -> str:
        """Hash of the content: 16 hexadecimal digits, the same for the same training records and options."""
        digest = hashlib.sha256(self._document().encode())
        for column, table in sorted(self.frequencies.items()):
            digest.update(column.encode())
            for name in table.column_names:
                digest.update(json.dumps(table.column(name).to_pylist(), ensure_ascii=False).encode())
        digest.update(json.dumps(self._words().to_pylist(), ensure_ascii=False).encode())
        return digest.hexdigest()[:16]

    def _document(self) -> str:
        content = {
            "format": _FORMAT,
            "features": FEATURES_VERSION,
            "normaliser": NORMALISER_VERSION,
            "settings": self.settings,
            "roles": {attribute: str(role) for attribute, role in self.roles.items()},
            "labels": dict(self.labels),
            "blocking": dict(self.blocking),
            "columns": list(self.columns),
            "vocabulary": dict(self.vocabulary.columns),
            "structure": {
                source: [found.duplicate_free, found.records, found.expected_duplicates]
                for source, found in self.structure.items()
            },
            "summary": dict(self.summary),
            "neighbours": {name: list(bits) for name, bits in self.neighbours.items()},
            "relatives": dict(self.relatives),
            "contacts": list(self.contacts),
            "taught": {name: list(pairs) for name, pairs in self.taught.items()},
            "thresholds": dict(self.thresholds),
            "people_limits": dict(self.people_limits),
            "largest_group": self.largest_group,
        }
        return json.dumps(content, ensure_ascii=False, indent=1)

    def _words(self) -> Table:
        """Return the words of the vocabulary as a table, sorted."""
        known = {**self.vocabulary.common, _ELSEWHERE: self.vocabulary.elsewhere}
        rows = [(column, word) for column, words in sorted(known.items()) for word in sorted(words)]
        columns = {"column": [column for column, _ in rows], "word": [word for _, word in rows]}
        return pa.table(columns, schema=pa.schema([("column", pa.string()), ("word", pa.string())]))

    def save(self, folder: Path) -> None:
        """Write the artefact into a folder: `model.json`, its words and one Parquet file per term-frequency table."""
        folder.mkdir(parents=True, exist_ok=True)
        for earlier in folder.glob("frequency_*.parquet"):
            earlier.unlink()
        for column, table in sorted(self.frequencies.items()):
            pq.write_table(table, folder / f"frequency_{column}.parquet")
        pq.write_table(self._words(), folder / _WORDS)
        (folder / _DOCUMENT).write_text(self._document(), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> MatchModel:
        """Read an artefact back.

        Raises:
            ModelError: there is no artefact, it is torn, or another version of this library made it.
        """
        try:
            content = json.loads((folder / _DOCUMENT).read_text(encoding="utf-8"))
            made_by = (content["format"], content["features"], content["normaliser"])
            if made_by != (_FORMAT, FEATURES_VERSION, NORMALISER_VERSION):
                raise ModelError(
                    f"The model in {folder} was made by another version of this library.",
                    ids=[str(folder)],
                    next_step=_AGAIN,
                )
            tables = {
                path.stem.removeprefix("frequency_"): pq.read_table(path)
                for path in sorted(folder.glob("frequency_*.parquet"))
            }
            return cls(
                settings=content["settings"],
                roles={attribute: Role(role) for attribute, role in content["roles"].items()},
                labels=content["labels"],
                blocking=content["blocking"],
                columns=tuple(content["columns"]),
                vocabulary=_vocabulary(content["vocabulary"], pq.read_table(folder / _WORDS)),
                structure={source: SourceStructure(*found) for source, found in content["structure"].items()},
                frequencies=tables,
                summary=content["summary"],
                neighbours={name: tuple(bits) for name, bits in content["neighbours"].items()},
                relatives=content["relatives"],
                contacts=tuple(content["contacts"]),
                taught={name: tuple(pairs) for name, pairs in content["taught"].items()},
                thresholds=content["thresholds"],
                people_limits=content["people_limits"],
                largest_group=content["largest_group"],
            )
        except (OSError, KeyError, TypeError, ValueError, pa.ArrowException) as error:
            raise ModelError(
                f"The model in {folder} cannot be read: {error}.", ids=[str(folder)], next_step=_AGAIN
            ) from error


def _vocabulary(columns: Mapping[str, str], words: Table) -> Vocabulary:
    read: dict[str, set[str]] = {}
    for column, word in zip(words["column"].to_pylist(), words["word"].to_pylist(), strict=True):
        read.setdefault(column, set()).add(word)
    weighed = [column for column in columns if f"{column}_rare" in columns]
    common = {column: frozenset(read.get(column, ())) for column in weighed}
    return Vocabulary(columns, common, frozenset(read.get(_ELSEWHERE, ())))
